"""The execution oracle on what dbt has compiled: which columns of a model change when a column of its parents does."""

from __future__ import annotations

import re
from typing import Any

from claims import Case
from oracle import Oracle
from worlds import Table, Worlds

_RELATION = re.compile(r'"\w+"\."\w+"\."\w+"')
_DECIMAL = re.compile(r"decimal\(\d+,\s*(\d+)\)")


def asked(manifest: dict[str, Any], catalog: dict[str, Any]) -> dict[str, list[str]]:
    """unique id -> what the oracle misses among our edges, of every model and analysis that reads tables."""
    tables = tables_of(catalog)
    found = {}
    for unique_id, node in manifest["nodes"].items():
        sql = node.get("compiled_code") if node["resource_type"] in ("model", "analysis") and node["language"] == "sql" else None
        read = {name.lower() for name in _RELATION.findall(sql or "")}
        if sql and read:
            given = {name: tables[name] for name in sorted(read)}
            text = _RELATION.sub(lambda name, known=given: known[name[0].lower()].name, sql)
            outcome = Oracle(Case(text), Worlds(tuple(given.values()))).check(patience=0)
            found[unique_id] = [*filter(None, [outcome.refused]), *map(str, outcome.missed)]
    return found


def tables_of(catalog: dict[str, Any]) -> dict[str, Table]:
    """Every table of the database by the name that dbt writes; the oracle's own may have no schema."""
    found = {}
    for entry in (*catalog["nodes"].values(), *catalog["sources"].values()):
        known, columns = entry["metadata"], sorted(entry["columns"].values(), key=lambda column: column["index"])
        name = f'"{known["database"]}"."{known["schema"]}"."{known["name"]}"'.lower()
        described = tuple((column["name"].lower(), _roomy(column["type"].lower())) for column in columns)
        found[name] = Table(f"{known['schema']}_{known['name']}".lower(), described, unique=())
    return found


def _roomy(kind: str) -> str:
    """A type that any of the oracle's numbers fits in: a seed's prices may be of DECIMAL(3, 2)."""
    return _DECIMAL.sub(r"decimal(18, \1)", kind)
