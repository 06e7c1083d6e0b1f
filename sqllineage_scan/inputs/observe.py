"""A file that tells what a database has: which kind it is of is told by how it begins, and by its name."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from sqllineage_scan.domain.drift import Observed

_HEAD = 65_536
_FOLDER = "sqllineage_scan.inputs.observed"


@cache
def kinds() -> tuple[str, ...]:
    """The modules of ``observed/``: the folder is the registry."""
    package = find_spec(_FOLDER)
    places = package.submodule_search_locations if package else None
    return tuple(sorted(module.name for module in iter_modules(places) if not module.name.startswith("_")))


def observed(path: Path, kind: str | None = None) -> Observed:
    """``UsageError`` names the file and what is wrong with it."""
    if kind is not None and kind not in kinds():
        raise UsageError(f"nothing is read as {kind!r}; known are {', '.join(kinds())}")
    try:
        with path.open("rb") as file:
            chosen = _kind_of(path, file.read(_HEAD)) if kind is None else kind
        found: Observed = import_module(f"{_FOLDER}.{chosen}").read(path)
    except FileNotFoundError:
        raise UsageError(f"no such file: {path}") from None
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 text (byte {error.start})") from error
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error
    if not found.datasets:
        raise UsageError(f"{path}: it tells of no table")
    return found


def _kind_of(path: Path, head: bytes) -> str:
    for kind in kinds():
        if import_module(f"{_FOLDER}.{kind}").fits(path, head):
            return kind
    raise UsageError(f"nobody knows what it is; known are {', '.join(kinds())}, and --kind says which")
