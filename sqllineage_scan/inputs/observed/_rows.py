"""Rows of ``information_schema.columns``, whoever wrote them down, as datasets.

Source: ISO/IEC 9075-11, "COLUMNS view"; the other names are those that databases and their exports use for the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.drift import ObservedColumn, ObservedDataset
from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_WORDS = {
    "catalog": ("table_catalog", "table_database", "database_name", "database", "catalog", "project_id"),
    "schema": ("table_schema", "schema_name", "schema", "owner", "dataset_id"),
    "table": ("table_name", "table", "relation"),
    "column": ("column_name", "column", "name", "field"),
    "type": ("full_data_type", "data_type", "column_type", "type", "udt_name"),
    "place": ("ordinal_position", "column_index", "column_id", "position", "ordinal"),
    "precision": ("numeric_precision",),
    "scale": ("numeric_scale",),
}
_SYSTEM = frozenset({"information_schema", "pg_catalog", "pg_toast", "sys", "mysql", "performance_schema", "system"})
_SIZED = frozenset({"number", "numeric", "decimal"})


def datasets_of(rows: Iterable[Mapping[str, Any]]) -> tuple[ObservedDataset, ...]:
    """``UsageError`` where the rows have no table and column."""
    found: dict[tuple[str, ...], list[tuple[float, int, ObservedColumn]]] = {}
    keys: dict[tuple[str, ...], dict[str, str]] = {}
    for number, row in enumerate(rows):
        heads = tuple(row)
        if heads not in keys:
            keys[heads] = _keys(heads)
        said = {word: str(row[key]).strip() for word, key in keys[heads].items() if row[key] not in (None, "")}
        if "table" not in said or "column" not in said or said.get("schema", "").casefold() in _SYSTEM:
            continue
        name = tuple(said[word] for word in ("catalog", "schema", "table") if word in said)
        column = ObservedColumn(said["column"], _type(said))
        found.setdefault(name, []).append((_number(said.get("place")), number, column))
    return tuple(
        ObservedDataset((".".join(name),), tuple(column for _, _, column in sorted(columns)))
        for name, columns in sorted(found.items())
    )


def _keys(heads: Sequence[str]) -> dict[str, str]:
    """Which of the row's own names stands for which word."""
    known = {str(head).strip().strip('"').casefold(): head for head in heads}
    found = {word: next((known[name] for name in names if name in known), "") for word, names in _WORDS.items()}
    for needed in ("table", "column"):
        if not found[needed]:
            shown = ", ".join(map(str, heads[:8]))
            raise UsageError(f"no column is called {_WORDS[needed][0]}: it has {shown or 'none'}")
    return {word: key for word, key in found.items() if key}


def _type(said: Mapping[str, str]) -> str:
    """``NUMBER`` with its digits where they stand apart: whether a number is whole hangs on them."""
    name = said.get("type", "")
    if name.casefold() in _SIZED and said.get("precision", "").isdigit() and said.get("scale", "").isdigit():
        return f"{name}({said['precision']},{said['scale']})"
    return name


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
