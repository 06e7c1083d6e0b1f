"""Which file understands which syntax: the folders are the registries.

A module of ``parse/statements`` says ``STATEMENTS = (exp.Create,)`` and has ``compile_statement``; one of
``parse/relations`` says ``QUERIES`` and has ``build``, or ``FROM_ITEMS`` and has ``read_from``, or both.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from sqlglot import exp


@cache
def statements() -> Mapping[type[exp.Expr], Callable[..., Any]]:
    """``compile_statement(node, scope) -> Statement | None`` by the type of the statement's root."""
    return {kind: module.compile_statement for module in _modules("statements") for kind in module.STATEMENTS}


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
