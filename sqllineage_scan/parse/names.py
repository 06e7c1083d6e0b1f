"""From a table in the syntax tree to a ``RelationName``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.parse.constants import constant_text
from sqllineage_scan.parse.scope import UnsupportedSyntaxError

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

_FORMATS = frozenset("parquet delta csv json orc text avro binaryfile iceberg hudi".split())
_FILE = re.compile(
    r"\.(csv|tsv|parquet|json|jsonl|ndjson|orc|avro|xlsx|gz|zst|txt)\b|^(s3|gs|gcs|azure|abfss?|https?|hdfs|dbfs)://",
    re.IGNORECASE,
)

_PARTITION = re.compile(r"\$(\d{4,10}|__NULL__|__UNPARTITIONED__)$", re.IGNORECASE)  # BigQuery: `ds.t$20240101` is a part of ds.t


def relation_name(table: exp.Table, scope: Scope) -> RelationName:
    """The name of a table as written, folded as the dialect folds it.

    raw."Orders"        -> TABLE ("raw", '"Orders"') in Postgres
    ref__0              -> whatever the template said there: REF ("", "orders", "")
    'data/*.parquet'    -> FILE
    """
    computed = _computed_name(table, scope)
    if computed is not None:
        return computed
    identifiers = _identifiers(table)
    for identifier in identifiers:
        symbolic = scope.text.names.get(identifier.name.lower())
        if symbolic is not None:
            return symbolic
    if any("hole__" in identifier.name.lower() for identifier in identifiers) and scope.text.holes:
        written = ".".join(identifier.name for identifier in identifiers)
        shown = scope.text.with_holes(written)
        if shown != written:
            return RelationName(NameKind.HOLE, (shown,))
    if len(identifiers) == 1 and identifiers[0].args.get("quoted") and _FILE.search(identifiers[0].name):
        return RelationName(NameKind.FILE, (identifiers[0].name,))
    parts = tuple(_parts(identifiers, scope))
    if not parts:  # select a into :host from t
        raise UnsupportedSyntaxError("a table without a name")
    if table.args.get("db") == "" and len(parts) > 1 and scope.dialect.default_schema:  # db..t: of dbo, or of public
        parts = (*parts[:-1], scope.dialect.default_schema, parts[-1])
    if scope.dialect.path_relations and len(parts) == 2 and parts[0] in _FORMATS and identifiers[1].args.get("quoted"):  # noqa: PLR2004
        return RelationName(NameKind.FILE, (identifiers[1].name,))  # parquet.`/data/orders`
    if scope.dialect.wildcard_tables and parts and parts[-1].endswith("*"):
        return RelationName(NameKind.FAMILY, parts)
    # select a into :v from t, outside of any block: nobody says which table that is
    return RelationName(NameKind.TABLE, parts) if parts else RelationName(NameKind.HOLE, (table.sql() or "?",))


def _identifiers(table: exp.Table) -> list[exp.Identifier]:
    if not isinstance(table.this, exp.Dot):
        return [part for part in table.parts if isinstance(part, exp.Identifier)]
    outer = [table.args.get(key) for key in ("catalog", "db")]  # server.database.schema.table
    return [part for part in (*outer, *table.this.flatten()) if isinstance(part, exp.Identifier)]


def _computed_name(table: exp.Table, scope: Scope) -> RelationName | None:
    """A name that is an expression or a variable; None of one that is written out."""
    if isinstance(table.this, exp.DynamicIdentifier):  # create table identifier($t) as select …
        return dynamic_name(table.this, scope) or RelationName(NameKind.HOLE, (table.sql(),))
    if table.name.lower().startswith("identifier(") and scope.dialect.path_relations:  # Databricks: one word, see spelling
        read: exp.Expr = exp.maybe_parse(table.name, dialect=scope.dialect.name)
        return dynamic_name(read, scope) or RelationName(NameKind.HOLE, (table.name,))
    if isinstance(table.this, exp.Parameter):  # T-SQL: insert into @t select …
        return RelationName(NameKind.TABLE, (f"@{scope.dialect.relation(table.this.name)}",))
    return None


def called(function: exp.Expr, scope: Scope) -> tuple[str, ...]:
    """What a call names, as far as it says: ``sales``, ``net`` of ``sales.net(o.amount)``."""
    around = function.parent
    before: list[exp.Expr] = []
    if isinstance(around, exp.Dot) and around.expression is function:
        before = list(around.this.parts) if isinstance(around.this, (exp.Dot, exp.Column)) else [around.this]
    elif isinstance(around, exp.Table) and around.this is function:
        before = [part for key in ("catalog", "db") if (part := around.args.get(key))]
    if not all(isinstance(part, exp.Identifier) for part in before):  # a method: doc.nodes('/r').value('.')
        before = []
    return tuple(scope.dialect.relation(part.name) for part in (*before, function))


def name_in(text: str, scope: Scope) -> RelationName:
    """The name that a string holds: ``identifier('db.orders')``."""
    return relation_name(exp.to_table(text, dialect=scope.dialect.name or None), scope)


def dynamic_name(node: exp.Expr, scope: Scope) -> RelationName | None:
    """``identifier('db.orders')``, ``identifier($src)``, ``table('orders')``; a hole where nothing tells what they hold."""
    if isinstance(node, exp.DynamicIdentifier) or (isinstance(node, exp.Anonymous) and node.name.lower() == "identifier"):
        held = node.this if isinstance(node, exp.DynamicIdentifier) else next(iter(node.expressions), node)
    elif isinstance(node, exp.TableFromRows) or (isinstance(node, exp.Anonymous) and node.name.lower() == "table"):
        held = node.this if isinstance(node, exp.TableFromRows) else (node.expressions or [node])[0]
        if not isinstance(held, (exp.Literal, exp.Parameter)):
            return None
    else:
        return None
    text = constant_text(held, scope.constants)
    return name_in(text, scope) if text else RelationName(NameKind.HOLE, (held.sql(scope.dialect.name or None),))


def _parts(identifiers: list[exp.Identifier], scope: Scope) -> list[str]:
    parts: list[str] = []
    for identifier in identifiers:
        text = f"#{identifier.name}" if identifier.args.get("temporary") else identifier.name
        quoted = bool(identifier.args.get("quoted"))
        # BigQuery lets one quote a whole path: `project.dataset.table`
        pieces = [text]
        if scope.dialect.name == "bigquery":
            text = _PARTITION.sub("", text)
            pieces = text.split(".") if quoted else [text]
        parts.extend(scope.dialect.relation(piece, quoted=quoted) for piece in pieces if piece)
    return parts
