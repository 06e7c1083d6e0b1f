"""Which columns tables have, as people write it down for ``analyze_sql``: one form of it for the link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.dataset import Column
from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.dialects import Dialect

Parts = tuple[str, ...]

_PART = re.compile(r'"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|[^.]+')


def given_columns(schema: Mapping[str, Any], dialect: Dialect) -> dict[Parts, list[Column]]:
    """The columns of each table by the table's canonical parts.

    Names may be dotted or nested, quoted or not; columns a mapping to their types or a list. A table without any (``None``, an
    empty list) is one whose columns nobody knows, so it is left out.

    {"raw.orders": {"id": "int"}}      {"raw": {"orders": ["id"]}}      {'raw."Order Lines"': [{"name": "id", "type": "int"}]}
    """
    return {parts: columns for parts, columns in _tables((), schema, dialect) if columns}


def _tables(outside: Parts, schema: Mapping[str, Any], dialect: Dialect) -> Iterator[tuple[Parts, list[Column]]]:
    for name, inside in schema.items():
        parts = (*outside, *_parts(name, dialect))
        if isinstance(inside, Mapping) and inside and all(_holds_columns(each) for each in inside.values()):
            yield from _tables(parts, inside, dialect)
        else:
            yield parts, list(_columns(".".join(parts), inside, dialect))


def _holds_columns(value: object) -> bool:
    """Whether what a mapping has under a name is a table or a schema; else the name is a column's, and this its type."""
    return isinstance(value, (Mapping, list, tuple, set, frozenset))


def _parts(name: str, dialect: Dialect) -> Iterator[str]:
    """``raw."Order Lines"`` by its dots; BigQuery's pair of backticks may stand around all of them."""
    for found in _PART.findall(name.strip()):
        bare, quoted = _unquoted(found.strip())
        for part in bare.split(".") if found[:1] == "`" else (bare,):
            yield dialect.relation(part, quoted=quoted)


def _unquoted(text: str) -> tuple[str, bool]:
    if len(text) > 1 and text[0] + text[-1] in ('""', "``", "[]"):
        return text[1:-1].replace('""', '"'), True
    return text, False


def _columns(table: str, given: object, dialect: Dialect) -> Iterator[Column]:
    for ordinal, (name, kind) in enumerate(_pairs(table, given), 1):
        bare, quoted = _unquoted(name)
        yield Column(dialect.column(bare, quoted=quoted), _type(kind), ordinal)


def _pairs(table: str, given: object) -> Iterator[tuple[str, object]]:
    if given is None:
        return
    if isinstance(given, Mapping):
        yield from given.items()
        return
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise UsageError(f"the columns of {table} are {given!r}: give a list of names, or a mapping of names to types")
    for each in given:
        if isinstance(each, str):
            yield each, None
        elif isinstance(each, Mapping) and isinstance(each.get("name"), str):
            yield each["name"], each.get("type")
        elif isinstance(each, tuple) and each and isinstance(each[0], str):
            yield each[0], each[1] if len(each) > 1 else None
        else:
            raise UsageError(f'a column of {table} is {each!r}: give its name, or {{"name": …, "type": …}}')


def _type(kind: object) -> str | None:
    """A struct may list its fields as a mapping: {"address": {"zip": "string"}}."""
    if isinstance(kind, Mapping):
        fields = [f"{name}: {_type(inside) or 'string'}" for name, inside in kind.items()]
        return f"struct<{', '.join(fields)}>"
    return None if kind is None or kind == "" else str(kind)
