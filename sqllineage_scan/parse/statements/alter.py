"""ALTER TABLE and ALTER VIEW, in the words of every dialect: columns added, dropped and renamed, tables renamed and swapped,
partitions that change hands, and a view's new query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.names import RelationName
from sqllineage_scan.domain.unit import Write
from sqllineage_scan.parse.column_changes import COLUMN_ACTIONS, column_changes
from sqllineage_scan.parse.files import load
from sqllineage_scan.parse.moves import moved, renamed, renamed_columns, swapped
from sqllineage_scan.parse.mutation import deleted, updated
from sqllineage_scan.parse.names import relation_name
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlglot import exp

    from sqllineage_scan.domain.unit import SchemaChange
    from sqllineage_scan.parse.reader import Reader

_KINDS = {
    "TABLE": DatasetKind.TABLE,
    "DYNAMIC TABLE": DatasetKind.TABLE,
    "EXTERNAL TABLE": DatasetKind.TABLE,
    "ICEBERG TABLE": DatasetKind.TABLE,
    "FOREIGN TABLE": DatasetKind.TABLE,
    "STREAMING TABLE": DatasetKind.TABLE,
    "MATERIALIZED VIEW": DatasetKind.MATERIALIZED_VIEW,
    "VIEW": DatasetKind.VIEW,
}
WORDS = tuple(f"alter {kind.lower()}" for kind in _KINDS)

_GOES_ON = frozenset(("", "snowflake", "tsql", "fabric", "redshift", "duckdb"))  # add a int, b int: one verb for several

# What else may be altered touches neither columns nor rows.
_NOTHING = frozenset(
    "OWNER SET RESET UNSET ENABLE DISABLE FORCE NO NOT VALIDATE CLUSTER RECLUSTER SUSPEND RESUME REFRESH RECOVER CONVERT COMMENT "
    "AUTO_INCREMENT ENGINE ORDER TRUNCATE COMPACT ARCHIVE UNARCHIVE TOUCH PARTITION FREEZE UNFREEZE FETCH DETACH ATTACH MODIFY "
    "MATERIALIZE CLEAR OPTIMIZE SPLIT MERGE REBUILD SHRINK MOVE LOGGING NOLOGGING INHERIT REPLICA OF EXECUTE COMPILE CACHE "
    "NOCACHE PARALLEL NOPARALLEL READ DEFAULT CHARACTER COLLATE ROW_FORMAT ALGORITHM LOCK KEY REMOVE ALTER ALLOCATE DEALLOCATE "
    "CONCATENATE UPDATE_STATISTICS ADD DROP RENAME CHANGE REPLACE EXCHANGE WITH APPLY CHECK NOCHECK TBLPROPERTIES SKEWED "
    "COALESCE REORGANIZE IMPORT DISCARD STORAGE TABLESPACE PCTFREE INITRANS RESULT_CACHE SYNC UNDROP ANALYZE REPAIR "
    "DISTRIBUTE".split()
)


def compile_words(reader: Reader) -> Statement | None:
    """``alter table t add column a int, drop column b, rename column c to d``: one change each, in order."""
    reader.take("ALTER")
    kind = _KINDS[reader.take(*_KINDS)]
    reader.take("IF EXISTS")
    reader.take("ONLY")
    table = reader.table()
    reader.take("*")
    if reader.take("ON CLUSTER"):
        reader.at += 1
    if kind is not DatasetKind.TABLE:
        found = _view(reader, table, kind)
        if found is not None:
            return found
    action = next((read for phrase, read in _MOVES.items() if reader.take(phrase)), None)
    if action is not None:
        return action(reader, table, kind)
    if reader.word() == "RENAME" and reader.at + 2 == len(reader.tokens):  # MySQL: alter table t rename u
        reader.take("RENAME")
        return _rename(reader, table, kind)
    items = reader.items()
    named = [item.name() for item in items if item.take("RENAME TO", "RENAME AS")]  # MySQL: add a int, rename to u
    changes = tuple(_changes(items, relation_name(table, reader.scope)))
    if named:
        return Statement(JobKind.RENAME, (renamed(table, named[-1], reader.scope, kind, changes),), changes)
    writes = renamed_columns(table, changes, reader.scope)
    return Statement(JobKind.RENAME if writes else JobKind.CREATE, writes, changes) if changes else None


def _changes(items: list[Reader], target: RelationName) -> list[SchemaChange]:
    """``add column a int, b int, drop column c``: what has no verb of its own goes on with the last one."""
    changes: list[SchemaChange] = []
    verb = ""
    for item in items:
        if item.done:
            continue
        goes_on = verb in ("ADD", "DROP") and item.scope.dialect.name in _GOES_ON and item.word() not in COLUMN_ACTIONS
        if not goes_on:
            verb = item.word()
        if verb in COLUMN_ACTIONS:
            changes.extend(column_changes(item, verb, target))
        elif verb.partition(" ")[0] not in _NOTHING:  # sqlglot takes CLUSTER BY for one word
            raise UnsupportedSyntaxError(f"ALTER TABLE … {verb}")
    return changes


def _view(reader: Reader, table: exp.Table, kind: DatasetKind) -> Statement | None:
    """``alter view v (a, b) as select …`` is a new definition."""
    start = reader.at
    columns = reader.identifiers() or None
    if reader.word() != "AS" and not (reader.word() == "WITH" and reader.seek("AS")):
        reader.at = start
        return None
    reader.take("AS")
    write = Write(relation_name(table, reader.scope), reader.scope.query(reader.parse()), kind, columns, span=reader.span())
    return Statement(JobKind.CREATE, (write,))


def _rename(reader: Reader, table: exp.Table, kind: DatasetKind) -> Statement:
    return Statement(JobKind.RENAME, (renamed(table, reader.name(), reader.scope, kind),))


def _schema(reader: Reader, table: exp.Table, kind: DatasetKind) -> Statement:
    """``alter table raw.t set schema mart``: it is called mart.t."""
    old = relation_name(table, reader.scope)
    new = RelationName(old.kind, (*reader.name().parts, old.parts[-1]))
    return Statement(JobKind.RENAME, (moved(table, new, reader.scope, kind),))


def _swap(reader: Reader, table: exp.Table, kind: DatasetKind) -> Statement:  # noqa: ARG001 -- a table's signature
    return Statement(JobKind.RENAME, swapped(table, reader.table(), reader.scope))


def _exchange(reader: Reader, table: exp.Table, kind: DatasetKind) -> Statement:  # noqa: ARG001
    """Hive moves the partition here; elsewhere the two change places."""
    if not reader.seek("WITH"):
        raise UnsupportedSyntaxError("EXCHANGE PARTITION of this form")
    reader.take("WITH TABLE")
    other = reader.table()
    if reader.scope.dialect.name in ("hive", "spark", "databricks"):
        return Statement(JobKind.RENAME, (moved(other, relation_name(table, reader.scope), reader.scope),))
    return Statement(JobKind.RENAME, swapped(table, other, reader.scope))


def _given(reader: Reader, table: exp.Table, kind: DatasetKind) -> Statement:  # noqa: ARG001
    """``switch partition 3 to b`` in SQL Server, ``move partition 3 to table b`` in ClickHouse: to the other."""
    if not reader.seek("TO"):
        return Statement(JobKind.RENAME)
    if not reader.take("TO TABLE"):
        reader.take("TO")
        if reader.word() in ("DISK", "VOLUME", "SHARD") or reader.scope.dialect.name == "clickhouse":
            return Statement(JobKind.RENAME)
    return Statement(JobKind.RENAME, (moved(table, reader.name(), reader.scope),))


def _taken(reader: Reader, table: exp.Table, kind: DatasetKind) -> Statement | None:  # noqa: ARG001
    """``attach partition 3 from b`` and ``replace partition 3 from b`` in ClickHouse, ``append from b`` in Redshift."""
    if not reader.seek("FROM"):
        return None
    reader.take("FROM")
    return Statement(JobKind.RENAME, (moved(reader.table(), relation_name(table, reader.scope), reader.scope),))


def _attach(reader: Reader, table: exp.Table, kind: DatasetKind) -> Statement | None:
    """Postgres: ``attach partition c for values …``: the rows of c are rows of this table too."""
    if reader.scope.dialect.name in ("clickhouse", "hive"):
        return _taken(reader, table, kind)
    return Statement(JobKind.RENAME, (moved(reader.table(), relation_name(table, reader.scope), reader.scope),))


def _kept_at(reader: Reader, table: exp.Table, kind: DatasetKind) -> Statement | None:  # noqa: ARG001
    """Hive and Athena: ``add partition (ds = 'x') location 's3://bucket/x'``: the rows that lie there are the table's, too."""
    paths: list[str] = []
    while reader.seek("LOCATION"):
        reader.take("LOCATION")
        paths.extend(path for path in (reader.string(),) if path)
    if not paths:
        return None
    write = load(paths, relation_name(table, reader.scope), reader.scope.text.node_span(table), reader.scope)
    return Statement(JobKind.COPY, (write,))


def _update(reader: Reader, table: exp.Table, kind: DatasetKind) -> Statement:  # noqa: ARG001
    return Statement(JobKind.UPDATE, (updated(reader, table),))


def _delete(reader: Reader, table: exp.Table, kind: DatasetKind) -> Statement:  # noqa: ARG001
    return Statement(JobKind.DELETE, (deleted(reader, table),))


def _query(reader: Reader, table: exp.Table, kind: DatasetKind) -> Statement:  # noqa: ARG001
    """ClickHouse: ``alter table v modify query select …``."""
    write = Write(relation_name(table, reader.scope), reader.scope.query(reader.parse()), None, by_name=True, span=reader.span())
    return Statement(JobKind.CREATE, (write,))


_MOVES: dict[str, Callable[[Reader, exp.Table, DatasetKind], Statement | None]] = {
    "RENAME TO": _rename,
    "RENAME AS": _rename,
    "SET SCHEMA": _schema,
    "SWAP WITH": _swap,
    "EXCHANGE PARTITION": _exchange,
    "EXCHANGE SUBPARTITION": _exchange,
    "SWITCH": _given,
    "MOVE PARTITION": _given,
    "MOVE PART": _given,
    "ATTACH PARTITION": _attach,
    "ADD PARTITION": _kept_at,
    "ADD IF NOT EXISTS PARTITION": _kept_at,
    "REPLACE PARTITION": _taken,
    "APPEND": _taken,
    "UPDATE": _update,
    "DELETE WHERE": _delete,
    "DELETE IN": _delete,
    "MODIFY QUERY": _query,
}
