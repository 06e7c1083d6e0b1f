"""Files that are moved, listed and kept safe: no values, as far as tables are concerned."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqllineage_scan.parse.reader import Reader
    from sqllineage_scan.parse.scope import Statement

WORDS = ("put", "get", "list", "ls", "rm", "remove", "backup", "restore")


def compile_words(reader: Reader) -> Statement | None:  # noqa: ARG001 -- the registry's signature
    """``put file:///tmp/x.csv @st``."""
    return None
