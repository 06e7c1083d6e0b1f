"""Words that steer a rendering: ``return``, ``log``, ``exceptions``, ``execute``, ``flags``."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NoReturn

from sqllineage_scan.render.hole import Unknown
from sqllineage_scan.render.macros import CompilerError, ReturnedError
from sqllineage_scan.render.vocabulary import value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.render.rendering import Rendering


def return_(given: Any = None) -> NoReturn:
    """Leave the macro with a value of any type."""
    raise ReturnedError(given)


def log(*_args: Any, **_kwargs: Any) -> str:
    return ""


def print_(*_args: Any, **_kwargs: Any) -> str:
    return ""


def debug(*_args: Any) -> str:
    return ""


@value
def execute(rendering: Rendering) -> bool:
    """False while dbt parses. In a run it is true, and what the warehouse would answer is a hole."""
    return rendering.at_run()


@value
def exceptions() -> SimpleNamespace:
    names = (
        "raise_compiler_error",
        "raise_not_implemented",
        "raise_dependency_error",
        "raise_duplicate_patch_name",
        "raise_parsing_error",
        "invalid_ref",
        "relation_wrong_type",
        "missing_config",
        "missing_relation",
        "CompilationError",
    )
    return SimpleNamespace(**dict.fromkeys(names, _raise), warn=log, warn_or_error=log, warn_once=log)


def _raise(message: Any = "", *_args: Any, **_kwargs: Any) -> NoReturn:
    raise CompilerError(str(message))


class _Flags:
    """dbt's command line: nothing is set."""

    __slots__ = ()

    FULL_REFRESH = False
    STORE_FAILURES = False
    EMPTY = False
    WHICH = "parse"
    INTROSPECT = False

    def __getattr__(self, name: str) -> bool:
        if name.startswith("__"):
            raise AttributeError(name)
        return False


@value
def flags() -> _Flags:
    return _Flags()


@value
def validation() -> SimpleNamespace:
    """``config.require('x', validator=validation.any['a', 'b'])``: what is configured is not judged here."""
    return SimpleNamespace(any=_Anything())


class _Anything:
    __slots__ = ()

    def __getitem__(self, _types: Any) -> Any:
        return self


@value
def context(rendering: Rendering) -> Any:
    """Every name, by item: ``context['my_macro']``."""
    return _ByName(rendering)


class _ByName:
    __slots__ = ("_rendering",)

    def __init__(self, rendering: Rendering) -> None:
        self._rendering = rendering

    def __getitem__(self, name: Any) -> Any:
        return self._rendering.names_of(self._rendering.owner.name)[str(name)]

    def __contains__(self, name: Any) -> bool:
        return not isinstance(self[name], Unknown)

    def __iter__(self) -> Iterator[str]:
        return iter(())  # nobody knows all names; without this Python would count through them for ever

    def get(self, name: Any, default: Any = None) -> Any:
        found = self[name]
        return default if isinstance(found, Unknown) else found
