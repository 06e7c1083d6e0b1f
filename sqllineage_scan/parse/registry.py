"""Which file understands which syntax: the folders are the registries.

A module of ``parse/statements`` says ``STATEMENTS = (exp.Create,)`` and has ``compile_statement``; one of
``parse/relations`` says ``QUERIES`` and has ``build``, or ``FROM_ITEMS`` and has ``read_from``, or both.

A statement that sqlglot has no tree for is known by its leading words: a module of ``parse/statements`` says
``WORDS = ("unload",)``, or ``RESCUES = ("create",)`` where the parser goes first, and has ``compile_words``.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import ModuleType

    from sqlglot import exp


@cache
def statements() -> Mapping[type[exp.Expr], Callable[..., Any]]:
    """``compile_statement(node, scope) -> Statement | None`` by the type of the statement's root."""
    return {kind: module.compile_statement for module in _modules("statements") for kind in getattr(module, "STATEMENTS", ())}


@cache
def words() -> Mapping[str, Callable[..., Any]]:
    """``compile_words(reader) -> Statement | None`` by the words that a statement begins with."""
    return {phrase: module.compile_words for module in _modules("statements") for phrase in getattr(module, "WORDS", ())}


@cache
def rescues() -> Mapping[str, Callable[..., Any]]:
    """As ``words``, for statements that the parser did not understand."""
    return {phrase: module.compile_words for module in _modules("statements") for phrase in getattr(module, "RESCUES", ())}


def reads_words(leading: Sequence[str]) -> bool:
    """Whether a statement that begins so has a reader of its own: ``exec sp_rename …`` is more than a call."""
    return led_by(leading, words()) is not None


def led_by(leading: Sequence[str], phrases: Mapping[str, Callable[..., Any]]) -> Callable[..., Any] | None:
    """The entry for the longest run of ``leading`` words that is one of ``phrases``."""
    for length in range(len(leading), 0, -1):
        found = phrases.get(" ".join(leading[:length]).lower())
        if found is not None:
            return found
    return None


@cache
def queries() -> Mapping[type[exp.Expr], Callable[..., Any]]:
    """``build(node, scope) -> int``, the index of the built relation, by the type of the query."""
    return {kind: module.build for module in _modules("relations") for kind in getattr(module, "QUERIES", ())}


@cache
def from_items() -> Mapping[type[exp.Expr], Callable[..., Any]]:
    """``read_from(node, scope) -> FromItem`` by the type of the item of FROM."""
    return {kind: module.read_from for module in _modules("relations") for kind in getattr(module, "FROM_ITEMS", ())}


def _modules(folder: str) -> list[ModuleType]:
    package = import_module(f"{__package__}.{folder}")
    return [import_module(f"{package.__name__}.{module.name}") for module in iter_modules(package.__path__)]
