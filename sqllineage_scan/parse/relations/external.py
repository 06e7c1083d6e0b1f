"""Functions that read what lies elsewhere: ``read_parquet('a.parquet')``, ``s3('https://…')``, ``remote('host', db.t)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.parse.names import called, name_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.parse.scope import Scope

_FILE_READERS = ("ReadCSV", "ReadParquet")
_FILES = frozenset(
    "s3 s3cluster gcs azureblobstorage hdfs hdfscluster url urlcluster file filecluster iceberg icebergs3 deltalake hudi "
    "cloud_files parquet_scan parquet_metadata csv_scan delta_scan iceberg_scan sqlite_scan st_read".split()
)
_TABLES = {"remote": 1, "remotesecure": 1, "cluster": 1, "clusterallreplicas": 1}
_ENGINES = {"distributed": 1, "buffer": 0}  # create table all_orders as orders engine = Distributed(cluster, db, orders)
_DATABASES = {"postgresql": 1, "mysql": 1, "mongodb": 1, "mongo": 1, "sqlite": 0, "jdbc": 1, "odbc": 1}


def external_name(function: exp.Expr, scope: Scope) -> RelationName | None:
    """What a function reads, where its arguments say it: a file by its path, a table by its name over there."""
    if isinstance(function, exp.DirectoryStage):  # Snowflake: directory(@stage)
        function = function.this
    if isinstance(function, exp.Var) and function.name.startswith("@"):  # Snowflake: from @stage/path
        return RelationName(NameKind.FILE, (function.name,))
    name = function.name.lower() if isinstance(function, exp.Anonymous) else ""
    if name == "result_scan" or (isinstance(function, exp.TableFromRows) and function.this.name.lower() == "result_scan"):
        return RelationName(NameKind.RESULT, ())
    if _reads_files(function):
        paths = paths_read(function)
        return RelationName(NameKind.FILE, (paths[0],)) if paths else None
    if name == "table_changes" and isinstance(function.expressions[0], exp.Literal):  # Databricks: what changed in a table
        return name_in(function.expressions[0].name, scope)
    if scope.dialect.name != "clickhouse":
        return None
    if name == "merge":  # merge('db', '^events_')
        texts = [part.name for part in function.expressions]
        return RelationName(NameKind.FAMILY, (*texts[:-1], _glob(texts[-1]))) if texts else None
    first = _TABLES.get(name, _DATABASES.get(name))
    return _table(function.expressions[first:], scope) if first is not None else _with_parameters(function, scope)


def _with_parameters(function: exp.Expr, scope: Scope) -> RelationName | None:
    """ClickHouse: a view that has parameters, ``from reports.daily(day = '2020-01-01')``."""
    call = function.expression if isinstance(function, exp.Dot) else function
    given = call.expressions if isinstance(call, exp.Anonymous) else []
    if not given or not all(isinstance(part, exp.EQ) for part in given):
        return None
    return RelationName(NameKind.TABLE, called(call, scope))


def engine_name(engine: exp.Expr, scope: Scope) -> RelationName | None:
    """ClickHouse: the table that shows through ``engine = Distributed(c, db, t)``, ``engine = MySQL('host', 'db', 't')``."""
    if scope.dialect.name != "clickhouse" or not isinstance(engine, exp.Anonymous):
        return None
    first = {**_ENGINES, **_DATABASES}.get(engine.name.lower())
    return _table(engine.expressions[first:], scope) if first is not None else None


def paths_read(function: exp.Expr) -> list[str]:
    """The files that a function reads: ``read_csv('x.csv')``, ``read_parquet(['a.parquet', 'b.parquet'])``."""
    if not _reads_files(function):
        return []
    arguments = function.expressions if isinstance(function, exp.Anonymous) else [function.this, *function.expressions]
    for argument in arguments:
        listed = argument.expressions if isinstance(argument, exp.Array) else [argument]
        paths = [str(part.this) for part in listed if isinstance(part, exp.Literal) and part.is_string]
        if paths:
            return paths
    return []


def _reads_files(function: exp.Expr) -> bool:
    name = function.name.lower() if isinstance(function, exp.Anonymous) else ""
    return type(function).__name__ in _FILE_READERS or name.startswith("read_") or name in _FILES


def _glob(pattern: str) -> str:
    """``^events_`` as a pattern of names: ``events_*``."""
    start = "" if pattern.startswith("^") else "*"
    end = "" if pattern.endswith("$") else "*"
    return f"{start}{pattern.removeprefix('^').removesuffix('$').replace('.*', '*')}{end}".replace("**", "*")


def _table(arguments: Sequence[exp.Expr], scope: Scope) -> RelationName | None:
    """``remote('host', db.t)``, ``cluster('c', db, t)``, ``mysql('host', 'db', 't', …)``: the table as it is called there."""
    if not arguments:
        return None
    first = arguments[0]
    if isinstance(first, exp.Column) and first.args.get("table"):
        parts = [part.name for part in first.parts]
    elif isinstance(first, exp.Literal) and "." in first.name:
        parts = first.name.split(".")
    else:
        parts = [part.name for part in arguments[:2]]
    return RelationName(NameKind.TABLE, tuple(scope.dialect.relation(part) for part in parts if part))
