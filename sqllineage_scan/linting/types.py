"""Types of columns, as far as the repository says, and which of them can be compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import ColumnId
    from sqllineage_scan.linting.material import Material

_FAMILIES = {
    "number": "int integer bigint smallint tinyint mediumint hugeint int2 int4 int8 int16 int32 int64 uint8 uint16 uint32 uint64"
    " number numeric decimal dec float float4 float8 float32 float64 double real bignumeric bigdecimal byteint serial bigserial"
    " money smallserial long short",
    "text": "char character varchar text string nvarchar nchar bpchar clob varchar2 nvarchar2 longtext mediumtext tinytext"
    " fixedstring citext name",
    "time": "date time timestamp timestamptz timestampntz timestampltz timestamp_ntz timestamp_ltz timestamp_tz datetime"
    " datetime2 datetime64 smalldatetime datetimeoffset timetz",
    "boolean": "bool boolean bit",
    "uuid": "uuid uniqueidentifier",
    "binary": "binary varbinary bytes bytea blob raw",
}
_FAMILY = {word: family for family, words in _FAMILIES.items() for word in words.split()}
_WORD = re.compile(r"[a-z_0-9]+")


def type_family(name: str) -> str:
    """``varchar(20)`` is text, ``NUMBER(38, 0)`` a number; what is not known, or holds others, is of no family."""
    found = _WORD.match(name.strip().lower())
    return _FAMILY.get(found[0], "") if found is not None else ""


def known_type(material: Material, column: ColumnId) -> str:
    """As declared; else what the statement that makes it casts it to; else that of the column which it is, unchanged."""
    seen: set[ColumnId] = set()
    while column not in seen:
        seen.add(column)
        described = material.columns.get(column)
        if described is not None and described.type:
            return described.type
        made = material.made_types.get(column, frozenset())
        if made:
            return next(iter(made)) if len(made) == 1 else ""
        into = [edge for edge in material.index.column_edges_into.get(column, ()) if edge.source != column]
        if len(into) != 1 or into[0].transformation.subtype is not Subtype.IDENTITY or into[0].transformation.masking:
            return ""
        column = into[0].source
    return ""


def made_type(material: Material, column: ColumnId) -> str:
    """What statements make of it, whatever is declared of it."""
    made = material.made_types.get(column, frozenset())
    if made:
        return next(iter(made)) if len(made) == 1 else ""
    into = [edge for edge in material.index.column_edges_into.get(column, ()) if edge.source != column]
    if len(into) != 1 or into[0].transformation.subtype is not Subtype.IDENTITY or into[0].transformation.masking:
        return ""
    return known_type(material, into[0].source)
