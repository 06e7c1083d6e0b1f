"""A DuckDB database: its own ``information_schema``, read in a way that neither changes it nor reaches beyond it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.drift import Observed
from sqllineage_scan.errors import UsageError
from sqllineage_scan.inputs.observed._rows import datasets_of

if TYPE_CHECKING:
    from pathlib import Path

_MAGIC = slice(8, 12)  # behind a checksum: duckdb.org, "Storage"
_QUERY = (
    "select table_catalog, table_schema, table_name, column_name, ordinal_position, data_type from information_schema.columns"
    " where table_catalog not in ('system', 'temp')"
)


def fits(path: Path, head: bytes) -> bool:
    del path
    return head[_MAGIC] == b"DUCK"


def read(path: Path) -> Observed:
    try:
        import duckdb
    except ImportError as error:
        raise UsageError("a DuckDB file needs duckdb: pip install duckdb") from error
    config: dict[str, Any] = {"enable_external_access": "false", "autoload_known_extensions": "false"}
    try:
        with duckdb.connect(str(path), read_only=True, config=config) as connection:
            found = connection.execute(_QUERY)
            heads = [each[0] for each in found.description or ()]
            rows = [dict(zip(heads, row, strict=True)) for row in found.fetchall()]
    except duckdb.Error as error:
        raise UsageError(f"DuckDB cannot read it: {str(error).splitlines()[0]}") from error
    return Observed(path.name, "duckdb", datasets_of(rows))
