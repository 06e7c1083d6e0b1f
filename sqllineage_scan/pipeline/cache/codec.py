"""Values of ``domain/`` to bytes and back. Reading checks every type, and makes nothing but these values.

The bytes are msgpack. How a type is written follows from its annotations: a frozen dataclass or a named tuple is the list of
its fields, a member of a union (``Projection | Star``) has a number before them. msgspec checks all that while it reads, in C;
what it gives is made into our types by functions that are put together once a type, as ``dataclasses`` puts ``__init__``
together. Paths of spans stand once at the front, since nearly all are the file's own.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, ForwardRef, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

import sqllineage_scan.domain
from sqllineage_scan.domain.span import Span
from sqllineage_scan.pipeline.cache.loose import read_loose, write_loose

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_WIRE_SPAN = tuple[int, int, int, int, int]  # the number of its path first


class DamagedError(Exception):
    """The bytes are not what ``encode`` makes of such a value."""


class UncodableError(Exception):
    """The value holds something that has no bytes: an object that a template made, a number of more than 64 bits."""


class Codec(Generic[T]):
    """For values of one type: ``Codec(CompiledFile)``, ``Codec(tuple[CompiledFile, ...])``."""

    def __init__(self, kind: Any) -> None:
        maker = _Maker()
        self._write, self._read = maker.function(maker.writes(kind)), maker.function(maker.reads(kind))
        self._decoder = msgspec.msgpack.Decoder(tuple[tuple[str, ...], _wire(kind)])  # type: ignore[misc]
        self._encoder = msgspec.msgpack.Encoder()

    def encode(self, value: T) -> bytes:
        """Equal values of equal order give equal bytes. Raises ``UncodableError``."""
        paths: dict[str, int] = {}
        try:
            body = self._write(value, paths)
            return self._encoder.encode((tuple(paths), body))
        except (TypeError, ValueError, OverflowError, RecursionError, msgspec.MsgspecError) as error:
            raise UncodableError(str(error)) from error

    def decode(self, data: bytes) -> T:
        """Raises ``DamagedError`` for bytes that ``encode`` would not have made."""
        try:
            paths, body = self._decoder.decode(data)
            value: T = self._read(body, paths)
        except (msgspec.MsgspecError, LookupError, ValueError, TypeError, RecursionError, OverflowError) as error:
            raise DamagedError(str(error)) from error
        return value


class _Maker:
    """Puts the functions of one codec together. In what it writes, ``v`` is a value and ``p`` are the paths."""

    def __init__(self) -> None:
        self._names: dict[str, Any] = {"new": tuple.__new__, "read_loose": read_loose, "write_loose": write_loose}
        self._made: set[str] = set()
        self._tables: list[tuple[dict[type, Any], type, str]] = []  # for unions: by type, the name of a function

    def function(self, expression: str) -> Callable[[Any, Any], Any]:
        for table, kind, name in self._tables:  # only now: a type may hold itself
            table[kind] = self._names[name]
        return self._defined("whole", f"    return {expression}")

    def _defined(self, name: str, body: str) -> Callable[[Any, Any], Any]:
        exec(f"def {name}(v, p):\n{body}", self._names)  # noqa: S102 -- of our own annotations, as dataclasses does it
        made: Callable[[Any, Any], Any] = self._names[name]
        return made

    def reads(self, kind: Any, v: str = "v") -> str:
        """An expression that makes a value of ``kind`` of what msgspec has read."""
        if _is_as_read(kind):
            return v
        if kind is Span:
            self._names["Span"] = Span
            return f"new(Span, (p[{v}[0]], {v}[1], {v}[2], {v}[3], {v}[4]))"
        if _is_record(kind):
            return f"{self._reader(kind)}({v}, p)"
        if _is_union(kind):
            return self._reads_union(kind, v)
        if get_origin(kind) is tuple:
            return self._each(kind, v, self.reads)
        return f"read_loose({v})"

    def _reads_union(self, kind: Any, v: str) -> str:
        options = _options(kind)
        records = [option for option in options if _is_record(option)]
        empty = f"None if {v} is None else " if NoneType in get_args(kind) else ""
        if not records:
            return f"{empty}{self.reads(options[0], v)}"
        if len(records) == 1:
            return f"{empty}{self._other_than(records, options, v)}{self.reads(records[0], v)}"
        by_type = f"by_{'_'.join(option.__name__ for option in records)}"
        if by_type not in self._names:
            readers: dict[type, Any] = {}
            self._names[by_type] = readers
            self._tables += [(readers, _STRUCTS[option], self._reader(option)) for option in records]
        return f"{empty}{by_type}[type({v})]({v}, p)"

    def _reader(self, kind: type) -> str:
        name = f"read_{kind.__name__}"
        if name in self._made:
            return name
        self._made.add(name)
        fields = _fields(kind)
        if kind in _STRUCTS:
            body, parts = "", {field: f"v.{field}" for field in fields}
        else:
            parts = {field: f"a{number}" for number, field in enumerate(fields)}
            body = f"    {', '.join(parts.values())}, = v\n"
        values = ", ".join(self.reads(item, parts[field]) for field, item in fields.items())
        made = f"new({self._name(kind)}, ({values},))" if issubclass(kind, tuple) else f"{self._name(kind)}({values})"
        self._defined(name, f"{body}    return {made}")
        return name

    def writes(self, kind: Any, v: str = "v") -> str:
        """The way back: an expression that makes plain values of a value of ``kind``."""
        if _is_as_read(kind) and get_origin(kind) is not frozenset:
            return v
        if kind is Span:
            return f"(p.setdefault({v}[0], len(p)), {v}[1], {v}[2], {v}[3], {v}[4])"
        if _is_record(kind):
            return f"{self._writer(kind)}({v}, p)"
        if _is_union(kind):
            return self._writes_union(kind, v)
        if get_origin(kind) is tuple:
            return self._each(kind, v, self.writes)
        return f"sorted({v})" if get_origin(kind) is frozenset else f"write_loose({v})"

    def _writes_union(self, kind: Any, v: str) -> str:
        options = _options(kind)
        records = [option for option in options if _is_record(option)]
        empty = f"None if {v} is None else " if NoneType in get_args(kind) else ""
        if not records:
            return f"{empty}{self.writes(options[0], v)}"
        if len(records) == 1:
            return f"{empty}{self._other_than(records, options, v)}{self.writes(records[0], v)}"
        by_type = f"of_{'_'.join(option.__name__ for option in records)}"
        if by_type not in self._names:
            writers: dict[type, Any] = {}
            self._names[by_type] = writers
            self._tables += [(writers, option, self._writer(option)) for option in records]
        return f"{empty}{by_type}[type({v})]({v}, p)"

    def _writer(self, kind: type) -> str:
        name = f"write_{kind.__name__}"
        if name in self._made:
            return name
        self._made.add(name)
        values = [self.writes(item, f"v.{field}") for field, item in _fields(kind).items()]
        if kind in _STRUCTS:
            values.insert(0, str(_STRUCTS[kind].__struct_config__.tag))
        self._defined(name, f"    return ({', '.join(values)},)")
        return name

    def _each(self, kind: Any, v: str, of: Callable[[Any, str], str]) -> str:
        """Of a tuple: ``tuple[X, ...]``, or the fields of ``tuple[X, Y]``."""
        items = get_args(kind)
        if items[1:] == (Ellipsis,):
            item = f"i{v}" if set(v) == {"i"} else "i"
            return f"(tuple([{of(items[0], item)} for {item} in {v}]) if {v} else ())"
        return f"({', '.join(of(item, f'{v}[{number}]') for number, item in enumerate(items))},)"

    @staticmethod
    def _other_than(records: list[Any], options: list[Any], v: str) -> str:
        """What goes before the reading of a record, where the value may be something plain: ``RelationName | int``"""
        plain = [option.__name__ for option in options if option not in records]
        return f"{v} if type({v}) in ({', '.join(plain)},) else " if plain else ""

    def _name(self, kind: type) -> str:
        self._names[kind.__name__] = kind
        return kind.__name__


@cache
def _namespace() -> dict[str, Any]:
    """All that annotations of ``domain/`` may name: most of it is imported there for type checkers only."""
    from collections.abc import Mapping

    found: dict[str, Any] = {"Mapping": Mapping, "Any": Any}
    for place in iter_modules(sqllineage_scan.domain.__path__):
        module = import_module(f"{sqllineage_scan.domain.__name__}.{place.name}")
        found |= {name: value for name, value in vars(module).items() if not name.startswith("_")}
    return found


@cache
def _fields(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind, globalns=_namespace())
    named = [item.name for item in dataclasses.fields(kind)] if dataclasses.is_dataclass(kind) else kind._fields  # type: ignore[attr-defined]
    return {name: hints[name] for name in named}


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and (dataclasses.is_dataclass(kind) or (issubclass(kind, tuple) and hasattr(kind, "_fields")))


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType)


def _options(kind: Any) -> list[Any]:
    return [option for option in get_args(kind) if option is not NoneType]


@cache
def _is_as_read(kind: Any) -> bool:
    """Whether msgspec's own reading gives the value itself: texts, numbers, words of an enumeration, tuples of them."""
    if get_origin(kind) in (tuple, frozenset) or _is_union(kind):
        return all(item in (Ellipsis, NoneType) or _is_as_read(item) for item in get_args(kind))
    return isinstance(kind, type) and get_origin(kind) is None and not _is_record(kind)


def _wire(kind: Any) -> Any:
    """What msgspec is told to expect, and checks."""
    if kind is Span:
        return _WIRE_SPAN
    if kind in _NUMBERS:
        return _STRUCTS.get(kind) or ForwardRef(_struct_name(kind))
    if _is_record(kind):
        return tuple[tuple(_wire(item) for item in _fields(kind).values())]  # type: ignore[misc]
    if _is_union(kind):
        return Union[tuple(_wire(option) for option in get_args(kind))]  # noqa: UP007 -- it is made of a list
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple:
        return tuple[tuple(item if item is Ellipsis else _wire(item) for item in arguments)]  # type: ignore[misc]
    return kind if origin in (None, frozenset) and kind is not Any else Any


def _struct_name(kind: type) -> str:
    return f"Wire{kind.__name__}"


def _members() -> dict[type, int]:
    """Every record that is told from another by the number before it, since both may stand in one place."""
    found: set[type] = set()
    pending = [kind for kind in _namespace().values() if _is_record(kind)]
    for kind in pending:
        for annotation in _fields(kind).values():
            _collect(annotation, found)
    return {kind: number for number, kind in enumerate(sorted(found, key=lambda kind: kind.__name__))}


def _collect(annotation: Any, found: set[type]) -> None:
    if _is_union(annotation):
        records = [option for option in _options(annotation) if _is_record(option)]
        found.update(records if len(records) > 1 else ())
    for part in get_args(annotation):
        _collect(part, found)


def _struct(kind: type, number: int) -> Any:
    """A class of msgspec's own for a member of a union: it reads unions of lists only as such."""
    wired = [(field, _wire(item)) for field, item in _fields(kind).items()]
    name = _struct_name(kind)
    # msgspec looks names of types that hold themselves up where the class says it was made
    made = globals()[name] = msgspec.defstruct(
        name, wired, array_like=True, tag=number, tag_field="_", frozen=True, gc=False, module=__name__
    )
    return made


_NUMBERS = _members()
_STRUCTS: dict[type, Any] = {}
for _kind, _number in _NUMBERS.items():
    _STRUCTS[_kind] = _struct(_kind, _number)
