"""Which dialects there are, without importing the parser that knows them."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from sqllineage_scan.dialects import own_files
from sqllineage_scan.errors import UsageError

_NOT_A_DIALECT = {"__init__", "dialect", "__pycache__"}
_OTHER_NAMES = {  # what people and tools call them elsewhere
    "ansi sql": "ansi",
    "bq": "bigquery",
    "mariadb": "mysql",
    "microsoft": "tsql",
    "mssql": "tsql",
    "pg": "postgres",
    "postgresql": "postgres",
    "sparksql": "spark",
    "sqlserver": "tsql",
    "synapse": "fabric",
}


@cache
def known_dialects() -> tuple[str, ...]:
    """The parser keeps a file a dialect, and so do we."""
    parser = find_spec("sqlglot")
    folders = parser.submodule_search_locations if parser else None
    files = (file for folder in folders or () for file in Path(folder, "dialects").iterdir())
    theirs = {file.name.split(".", maxsplit=1)[0] for file in files}
    return tuple(sorted({"ansi", *own_files(), *theirs} - _NOT_A_DIALECT))


def check_dialect(name: str) -> str:
    """``name`` itself, or a ``UsageError`` that says which dialect was meant."""
    known = known_dialects()
    if name in known:
        return name
    wanted = name.lower().strip()
    meant = _OTHER_NAMES.get(wanted, wanted)
    close = [meant] if meant in known else get_close_matches(wanted, known, n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else f"known are {', '.join(known)}"
    raise UsageError(f"no dialect is called {name!r}; {hint}")
