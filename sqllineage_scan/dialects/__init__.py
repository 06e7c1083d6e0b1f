"""What databases differ in, one file a dialect. The file's name is the dialect's name, as sqlglot and sqlfluff spell it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from sqllineage_scan.dialects.ansi import ANSI, Dialect


@cache
def dialect(name: str) -> Dialect:
    """The dialect called ``name``; one that has no file of its own behaves as ANSI does, under its own name."""
    if name in ("", "ansi"):
        return ANSI
    if name not in own_files():
        return ANSI.renamed(name)
    found: Dialect = import_module(f"{__name__}.{name}").DIALECT
    return found


@cache
def own_files() -> tuple[str, ...]:
    """The names of the dialects that have a file here."""
    return tuple(sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_")))


def canonical_name(text: str) -> str | None:
    """The dialect that people mean by ``text``: ``PostgreSQL`` is postgres, ``sparksql`` is spark, ``ansi`` is ``""``;
    None when nobody here is called that.
    """
    wanted = text.strip().lower()
    if wanted in ("", "ansi", "ansi sql", "generic"):
        return ""
    for name in own_files():
        if wanted == name or wanted in dialect(name).also_called:
            return name if name != "ansi" else ""
    return None


def default_part(text: str | None, name: str | None) -> str | None:
    """A default catalog or schema that an option gives, in the form that names have in the graph: Snowflake's ``RAW`` is ``raw``.
    Where nobody says which dialect is spoken, all capitals are how Snowflake and Oracle show a name that needs no quotes.
    """
    if text is None:
        return None
    bare = text.strip('"`[]')
    if name is None:
        return bare.lower() if bare.isupper() else bare
    return dialect(name).relation(bare, quoted=bare != text)


def of_adapter(adapter: str) -> str | None:
    """The dialect that a dbt adapter speaks, by its profile ``type``."""
    return next((name for name in own_files() if adapter in dialect(name).dbt_adapters), None)


__all__ = ["ANSI", "Dialect", "canonical_name", "default_part", "dialect", "of_adapter", "own_files"]
