"""Adapters: which one is derived from which, and what each writes for dbt's cross-database macros."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from sqllineage_scan.render import adapters

if TYPE_CHECKING:
    from collections.abc import Iterator

_PARENTS = {
    "redshift": "postgres",
    "alloydb": "postgres",
    "materialize": "postgres",
    "databricks": "spark",
    "glue": "spark",
    "starburst": "trino",
    "synapse": "fabric",
    "fabric": "sqlserver",
}


def adapter_and_parents(adapter: str) -> Iterator[str]:
    """``redshift``, ``postgres``"""
    name: str | None = adapter
    while name:
        yield name
        name = _PARENTS.get(name)


@cache
def forms(adapter: str) -> Any:
    """The ``Forms`` of an adapter, else of the one it is derived from, else the portable ones."""
    known = {found.name for found in iter_modules(adapters.__path__)}
    name = next((name for name in adapter_and_parents(adapter) if name in known), "default")
    return import_module(f"{adapters.__name__}.{name}").Forms()


_INNER = frozenset(("day_before", "months_last_day"))
FORMS = tuple(
    name
    for name, form in vars(type(forms("default"))).items()
    if callable(form) and not name.startswith("_") and name not in _INNER
)
"""The macros that are written by the adapter, as Python spells their names."""
