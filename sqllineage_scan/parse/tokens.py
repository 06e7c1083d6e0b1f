"""The last resort: which tables a statement reads and writes, by the words before their names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqllineage_scan.domain.names import NameKind, RelationName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqllineage_scan.dialects import Dialect

_PART = r'(?:"[^"]+"|`[^`]+`|\[[^\]]+\]|[\w$#@]+)'
_NAME = rf"({_PART}(?:\s*\.\s*{_PART}){{0,3}})"
_READ = re.compile(rf"\b(?:from|join)\s+(?:only\s+)?{_NAME}(?![\w$#@]|\s*\()", re.IGNORECASE)
_USED = re.compile(rf"\busing\s+{_NAME}(?![\w$#@]|\s*\()", re.IGNORECASE)  # of MERGE and DELETE only: elsewhere USING is no table
_WRITE = re.compile(
    r"\b(?:insert\s+(?:overwrite\s+|into\s+|ignore\s+)*(?:table\s+)?|merge\s+into\s+|replace\s+into\s+|copy\s+into\s+|^\s*update\s+"
    r"|create\s+(?:or\s+replace\s+)?(?:\w+\s+){0,3}?(?:table|view)\s+(?:if\s+not\s+exists\s+)?)" + _NAME,
    re.IGNORECASE | re.MULTILINE,
)
_CTE = re.compile(
    rf"(?:\bwith\s+(?:recursive\s+)?|,\s*)({_PART})\s*(?:\([^()]*\)\s*)?as\s*(?:not\s+)?(?:materialized\s*)?\(", re.IGNORECASE
)
_NOISE = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", re.DOTALL)
_WORDS = frozenset("select values lateral unnest set where table into the dual".split())


def tables_of(
    sql: str, dialect: Dialect, names: Mapping[str, RelationName]
) -> tuple[tuple[RelationName, ...], tuple[RelationName, ...]]:
    """(read, written) tables, each once, in the order of their first mention. Comments and strings are passed over."""
    text = _NOISE.sub(" ", sql)
    common = {_canonical(match, dialect) for match in _CTE.findall(text)}
    written = _names(_WRITE.findall(text), dialect, names)
    found = [
        *_READ.findall(text),
        *(_USED.findall(text) if re.match(r"\s*(with\b.*\b)?(merge|delete)\b", text, re.IGNORECASE | re.DOTALL) else ()),
    ]
    read = [name for name in _names(found, dialect, names) if name.parts not in common and name not in written]
    return tuple(dict.fromkeys(read)), tuple(dict.fromkeys(written))


def _names(matches: list[str], dialect: Dialect, names: Mapping[str, RelationName]) -> list[RelationName]:
    found: list[RelationName] = []
    for match in matches:
        if match.lower() in _WORDS:
            continue
        found.append(names.get(match.lower()) or RelationName(NameKind.TABLE, _canonical(match, dialect)))
    return found


def _canonical(name: str, dialect: Dialect) -> tuple[str, ...]:
    parts = re.findall(_PART, name)
    return tuple(dialect.relation(part.strip('"`[]'), quoted=part[0] in '"`[') for part in parts)
