"""Which dialects there are, without importing the parser that knows them."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from sqllineage_scan.dialects import canonical_name, own_files
from sqllineage_scan.errors import UsageError

_NOT_A_DIALECT = {"__init__", "dialect", "__pycache__"}


@cache
def known_dialects() -> tuple[str, ...]:
    """The parser keeps a file a dialect, and so do we."""
    parser = find_spec("sqlglot")
    folders = parser.submodule_search_locations if parser else None
    files = (file for folder in folders or () for file in Path(folder, "dialects").iterdir())
    theirs = {file.name.split(".", maxsplit=1)[0] for file in files}
    return tuple(sorted({"ansi", *own_files(), *theirs} - _NOT_A_DIALECT))


def check_dialect(name: str) -> str:
    """The dialect that ``name`` means, as the parser calls it (``PostgreSQL`` is postgres, ``ansi`` is ``""``).

    Raises ``UsageError`` when nothing is called that.
    """
    found = canonical_name(name)
    if found is not None:
        return found
    wanted, known = name.lower().strip(), known_dialects()
    if wanted in known:
        return wanted
    close = get_close_matches(wanted, known, n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else f"known are {', '.join(known)}"
    raise UsageError(f"no dialect is called {name!r}; {hint}")
