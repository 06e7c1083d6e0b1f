"""Who compiled it: a digest of every program that has a say in what a file compiles to, found without importing any."""

from __future__ import annotations

import re
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

from sqllineage_scan import bundled

_PROGRAMS = ("sqlglot", "sqlglotc", "sqlfluff", "jinja2", "pyyaml")
_INSTALLED = re.compile(r"([A-Za-z0-9_.]+)-([^-]+)\.dist-info")
_LAYOUT = 1  # of the keys


@cache
def programs() -> bytes:
    """Of our version and those of the parsers and of Jinja; in a checkout, where code changes and its version does not, of
    our own sources too.
    """
    own = bundled.version()
    if bundled.is_checkout():
        own += sha256(b"\0".join(_sources())).hexdigest()
    words = (str(_LAYOUT), own, ".".join(map(str, sys.version_info[:2])), *(f"{name} {_version(name)}" for name in _PROGRAMS))
    return sha256("\n".join(words).encode()).digest()


def _sources() -> list[bytes]:
    package = Path(bundled.__file__).parent
    return [
        part
        for path in sorted(package.rglob("*.py"))
        for part in (path.relative_to(package).as_posix().encode(), path.read_bytes())
    ]


@cache
def _installed() -> dict[str, str]:
    """What ``importlib.metadata`` would say, in a twentieth of the time: by name, of the first folder that has it."""
    found: dict[str, str] = {}
    for place in map(Path, sys.path):
        if place.is_dir():
            for entry in place.glob("*.dist-info"):
                if (parts := _INSTALLED.fullmatch(entry.name)) is not None:
                    found.setdefault(parts[1].lower(), parts[2])
    return found


def _version(name: str) -> str:
    found = _installed().get(name)
    if found is not None:
        return found
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
