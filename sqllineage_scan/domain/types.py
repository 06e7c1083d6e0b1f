"""Types of columns across databases: ``INT64``, ``bigint`` and ``NUMBER(38, 0)`` are one, ``varchar(20)`` and ``STRING`` are one.

A *class* is as fine as databases agree on; a *family* is what compares without a cast: numbers, texts, times …
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

_NAMES = {
    "integer": "int integer bigint smallint tinyint mediumint hugeint int2 int4 int8 int16 int32 int64 int128 int256 uint8 uint16"
    " uint32 uint64 uint128 uint256 uint utinyint usmallint uinteger ubigint byteint serial bigserial smallserial long short",
    "number": "number numeric decimal dec bignumeric bigdecimal decimal32 decimal64 decimal128 decimal256 money smallmoney",
    "float": "float float4 float8 float16 float32 float64 double real binary_float binary_double",
    "text": "char character varchar text string nvarchar nchar bpchar clob nclob varchar2 nvarchar2 longtext mediumtext tinytext"
    " ntext fixedstring citext name",
    "date": "date date32",
    "timestamp": "timestamp timestamptz timestampntz timestampltz timestamp_ntz timestamp_ltz timestamp_tz datetime"
    " datetime2 datetime64 smalldatetime datetimeoffset",
    "time": "time timetz",
    "boolean": "bool boolean bit",
    "uuid": "uuid uniqueidentifier",
    "binary": "binary varbinary bytes bytea blob raw",
    "open": "json jsonb variant super",  # whatever a document may hold
    "struct": "struct row record tuple object",
    "array": "array list vector",
    "map": "map",
}


class TypeClass(StrEnum):
    """``NUMBER`` is exact, of who knows how many digits: Snowflake's is whole, BigQuery's NUMERIC has nine behind the point."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    NUMBER = "number"
    FLOAT = "float"
    TEXT = "text"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TIME = "time"
    BOOLEAN = "boolean"
    UUID = "uuid"
    BINARY = "binary"
    OPEN = "open"
    STRUCT = "struct"
    ARRAY = "array"
    MAP = "map"


_CLASS = {word: TypeClass(name) for name, words in _NAMES.items() for word in words.split()}
_NUMBERS = frozenset({TypeClass.INTEGER, TypeClass.DECIMAL, TypeClass.NUMBER, TypeClass.FLOAT})
_NESTED = frozenset({TypeClass.OPEN, TypeClass.STRUCT, TypeClass.ARRAY, TypeClass.MAP})
_FAMILY = {
    **dict.fromkeys(_NUMBERS, "number"),
    **dict.fromkeys((TypeClass.DATE, TypeClass.TIMESTAMP, TypeClass.TIME), "time"),
    **{each: each.value for each in (TypeClass.TEXT, TypeClass.BOOLEAN, TypeClass.UUID, TypeClass.BINARY)},
}
_WORD = re.compile(r"[a-z_0-9]+")
_WRAPPED = re.compile(r"(?:nullable|lowcardinality)\((.*)\)", re.DOTALL)
_SCALE = re.compile(r"\(\s*\d+\s*(?:,\s*(-?\d+)\s*)?\)")

# Source: bitol-io/open-data-contract-standard v3.2.0, docs/schema.md, "Logical Type".
_LOGICAL: dict[str, frozenset[TypeClass]] = {
    "string": frozenset({TypeClass.TEXT, TypeClass.UUID, TypeClass.BINARY}),
    "date": frozenset({TypeClass.DATE}),
    "timestamp": frozenset({TypeClass.TIMESTAMP}),
    "time": frozenset({TypeClass.TIME}),
    "number": _NUMBERS,
    "integer": frozenset({TypeClass.INTEGER, TypeClass.NUMBER}),
    "object": frozenset({TypeClass.STRUCT, TypeClass.OPEN, TypeClass.MAP}),
    "array": frozenset({TypeClass.ARRAY, TypeClass.OPEN}),
    "boolean": frozenset({TypeClass.BOOLEAN}),
    "map": frozenset({TypeClass.MAP, TypeClass.STRUCT, TypeClass.OPEN}),
    "vector": frozenset({TypeClass.ARRAY}),
}
_CALLED = {
    **dict.fromkeys((TypeClass.DECIMAL, TypeClass.FLOAT), "number"),
    **dict.fromkeys((TypeClass.TEXT, TypeClass.UUID), "string"),
    **dict.fromkeys((TypeClass.STRUCT, TypeClass.MAP), "object"),  # its own word for maps is new in 3.2.0
    **dict.fromkeys((TypeClass.OPEN, TypeClass.BINARY), ""),
}


@lru_cache(maxsize=4096)
def type_class(name: str) -> TypeClass | None:
    """None of a type that is in no list: an enum, a domain, a type of the user's own."""
    text = name.strip().lower()
    wrapped = _WRAPPED.fullmatch(text)
    if wrapped is not None:
        return type_class(wrapped[1])
    if text.endswith("[]"):
        return TypeClass.ARRAY
    found = _WORD.match(text)
    known = _CLASS.get(found[0]) if found is not None else None
    if known is TypeClass.NUMBER and "money" not in text:
        scale = _SCALE.search(text)
        if scale is not None:
            return TypeClass.INTEGER if int(scale[1] or 0) <= 0 else TypeClass.DECIMAL
    return known


def type_family(name: str) -> str:
    """``varchar(20)`` is text, ``NUMBER(38, 0)`` a number; what is not known, or holds others, is of no family."""
    known = type_class(name)
    return _FAMILY.get(known, "") if known is not None else ""


def types_agree(one: str, other: str) -> bool:
    """Whether they are one type but for its spelling and its length, or one of the two is not known."""
    first, second = type_class(one), type_class(other)
    if first is None or second is None or first is second:
        return True
    if TypeClass.NUMBER in (first, second):
        return {first, second} <= _NUMBERS - {TypeClass.FLOAT}
    return TypeClass.OPEN in (first, second) and {first, second} <= _NESTED


def is_logical(logical: str, name: str) -> bool:
    """Whether a type of the database is what ODCS calls ``logical``; of unknown ones nobody can say no."""
    known, allowed = type_class(name), _LOGICAL.get(logical)
    return known is None or allowed is None or known in allowed


def logical_type(name: str) -> str:
    """What ODCS calls a type of the database; "" of one that it has no word for."""
    known = type_class(name)
    return _CALLED.get(known, known.value) if known is not None else ""
