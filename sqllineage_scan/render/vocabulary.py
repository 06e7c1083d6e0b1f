"""The words a template may say, found in folders of plain functions: the function's name is the word.

    def dateadd(datepart, interval, from_date_or_timestamp): ...      {{ dbt.dateadd('day', 1, 'x') }}
    def star(rendering, from_): ...                                   {{ dbt_utils.star(from=ref('x')) }}

A first parameter called ``rendering`` receives the rendering under way. A trailing underscore keeps a word out of
Python's way: ``except_`` is ``except``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import isfunction
from keyword import iskeyword
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_RENDER = __name__.rpartition(".")[0]
_Function = TypeVar("_Function", bound="Callable[..., Any]")
_NOTHING: Mapping[str, Word] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Word:
    function: Callable[..., Any]
    wants_rendering: bool
    is_value: bool  # {{ this }}, not {{ this() }}
    symbolic: bool  # wins over the macro of that name in an installed package

    def spoken(self, rendering: object) -> Any:
        """What the template gets to see."""
        function, first = self.function, (rendering,) if self.wants_rendering else ()
        if self.is_value:
            return function(*first)

        def call(*args: Any, **kwargs: Any) -> Any:
            if any(map(iskeyword, kwargs)):
                kwargs = {f"{name}_" if iskeyword(name) else name: given for name, given in kwargs.items()}
            return function(*first, *args, **kwargs)

        return call


def value(function: _Function) -> _Function:
    """Mark a word that is a thing and no function: ``target``, ``this``."""
    function.is_value = True  # type: ignore[attr-defined]
    return function


def symbolic(function: _Function) -> _Function:
    """Mark a shim that wins over the installed macro, because that one would ask the warehouse."""
    function.symbolic = True  # type: ignore[attr-defined]
    return function


@cache
def context_words() -> Mapping[str, Word]:
    """What dbt itself puts before a template, of all files in ``context/``."""
    folder = import_module(f"{_RENDER}.context")
    words: dict[str, Word] = {}
    for module in sorted(found.name for found in iter_modules(folder.__path__)):
        words.update(_words_of(f"{folder.__name__}.{module}"))
    return MappingProxyType(words)


@cache
def shimmed_packages() -> frozenset[str]:
    return frozenset(found.name for found in iter_modules(import_module(f"{_RENDER}.shims").__path__))


@cache
def shims(package: str) -> Mapping[str, Word]:
    """The macros of a package that we know how to write; none for most packages."""
    return _words_of(f"{_RENDER}.shims.{package}") if package in shimmed_packages() else _NOTHING


def _words_of(module: str) -> Mapping[str, Word]:
    functions = {
        name.rstrip("_"): function
        for name, function in vars(import_module(module)).items()
        if isfunction(function) and not name.startswith("_") and function.__module__.startswith((f"{_RENDER}.shims", module))
    }
    return MappingProxyType({name: _word(function) for name, function in functions.items()})


def _word(function: Callable[..., Any]) -> Word:
    parameters = function.__code__.co_varnames[: function.__code__.co_argcount]
    return Word(
        function,
        wants_rendering=parameters[:1] == ("rendering",),
        is_value=getattr(function, "is_value", False),
        symbolic=getattr(function, "symbolic", False),
    )
