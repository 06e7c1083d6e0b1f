"""Functions called on a value: ``doc.value('(/x)[1]', 'int')`` of SQL Server's XML, ``name.upper()`` in DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.parse.scope import Scope

_METHODS = {
    "tsql": frozenset("value query exist nodes modify tostring stastext stasbinary starea stlength stdistance stbuffer".split()),
    "oracle": frozenset("getclobval getstringval getnumberval getblobval extract existsnode".split()),
}
_SCHEMAS = frozenset("main temp system pg_catalog information_schema".split())  # of DuckDB; anything else before a dot is a value


def called_on(node: exp.Expr, scope: Scope) -> exp.Expr | None:
    """The value that the function behind the dot is called on; None where a schema stands before the dot."""
    owner = node.this
    first = next(iter(owner.find_all(exp.Identifier)), None)
    if first is None:
        return None
    if scope.dialect.name == "duckdb":
        is_value = first.name.lower() not in _SCHEMAS
    else:
        is_value = node.expression.name.lower() in _METHODS.get(scope.dialect.name, ())
    return _as_column(owner) if is_value else None


def _as_column(owner: exp.Expr) -> exp.Expr:
    """sqlglot leaves the names before a function as they are: ``t.a`` in ``t.a.upper()`` is no column to it."""
    if isinstance(owner, exp.Identifier):
        return exp.Column(this=owner.copy())
    parts = list(owner.flatten()) if isinstance(owner, exp.Dot) else []  # Dot.parts leaves out the first where it is a name
    if parts and all(isinstance(part, exp.Identifier) for part in parts):
        return exp.Dot.build([part.copy() for part in parts]) if len(parts) > _MOST else _qualified(parts)
    return owner if isinstance(owner, exp.Column) else owner.copy().transform(_restored)


def _restored(node: exp.Expr) -> exp.Expr:
    """Nor are those inside a value that a function is called on: ``xmlagg(t.a order by t.b).getclobval()``."""
    if isinstance(node, exp.Dot):
        parts = list(node.flatten())
        names = all(isinstance(part, exp.Identifier) for part in parts)
        return _qualified(parts) if names and len(parts) <= _MOST else node
    if not isinstance(node, exp.Identifier) or isinstance(node.parent, _NAMED):
        return node
    return node if node.arg_key == "alias" else exp.Column(this=node.copy())


_NAMED = (exp.Column, exp.Dot, exp.Table, exp.TableAlias, exp.XMLElement, exp.Var, exp.DataType)
"""What an identifier in it is a name of, not a column."""


def _qualified(parts: Sequence[exp.Expr]) -> exp.Column:
    *owners, name = (part.copy() for part in parts)
    keys = ("table", "db", "catalog")
    return exp.Column(this=name, **dict(zip(keys, reversed(owners), strict=False)))


_MOST = 4  # catalog.db.table.column
