"""What each dbt adapter calls the database and the schema of a profile's output, and what they are when it says neither.

Sources: docs.getdbt.com, "Connect your data platform", and the credentials of each adapter.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_DATABASE = ("database", "dbname", "project", "catalog")  # postgres: dbname; bigquery: project; databricks, trino: catalog
_SCHEMA = ("schema", "dataset")  # bigquery: dataset
_NO_DATABASE = frozenset(
    {"spark", "clickhouse", "mysql", "mysql5", "mariadb", "hive", "impala", "doris", "starrocks", "teradata"}
)
_DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "athena": {"database": "awsdatacatalog"},
    "clickhouse": {"schema": "default"},
    "databricks": {"database": "hive_metastore"},
    "duckdb": {"schema": "main"},
    "sqlite": {"database": "main", "schema": "main"},
}
_SECRETS = ("password", "pass", "token", "secret", "private_key", "passphrase", "keyfile", "credential")


def named_alike(output: Mapping[str, Any]) -> dict[str, Any]:
    """An output of a profile with ``database`` and ``schema`` under these names, whatever its adapter calls them.

    What opens doors is left out: no template has business with it, and no document may hold it.
    """
    adapter = str(output.get("type", ""))
    defaults = _DEFAULTS.get(adapter, {})
    known = {str(key): value for key, value in output.items() if not any(word in str(key).lower() for word in _SECRETS)}
    database = _first(output, _DATABASE)
    if adapter == "duckdb" and not database:
        database = _of_path(output.get("path"))
    if adapter in _NO_DATABASE:  # spark: a schema is a database, and names have two parts
        known.pop("database", None)
        database = ""
        if adapter == "clickhouse" and not output.get("schema"):
            known["schema"] = _first(output, _DATABASE) or defaults["schema"]
    elif database or "database" in defaults:
        known["database"] = database or defaults["database"]
    schema = _first(known, _SCHEMA) or defaults.get("schema")
    if schema:
        known["schema"] = schema
    return known


def _first(mapping: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((str(mapping[key]) for key in keys if mapping.get(key) not in (None, "")), "")


def _of_path(path: Any) -> str:
    """DuckDB calls a database by its file: ``data/shop.v2.duckdb`` is shop; ``md:sales`` is sales; nothing is memory."""
    if path in (None, "", ":memory:"):
        return "memory"
    parts = urlsplit(str(path))
    file = posixpath.basename(parts.path.replace("\\", "/"))
    if parts.scheme in ("md", "motherduck"):
        return posixpath.splitext(file)[0] or "my_db"
    return file.lstrip(".").split(".")[0]
