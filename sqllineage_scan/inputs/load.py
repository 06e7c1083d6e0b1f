"""A file of lineage, whatever its format: it is told by how it begins, not by its name."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from sqllineage_scan.graph.model import LineageGraph

_HEAD = 65_536
# {"eventTime": "2024-01-01T00:00:00Z", … on the first line, which is a whole event
_EVENT = re.compile(rb'\s*\{[^\n]*"(?:eventTime|schemaURL)"\s*:')


def load(path: Path) -> LineageGraph:
    """``UsageError`` names the file and what is wrong with it."""
    try:
        with path.open("rb") as file:
            form = form_of(file.read(_HEAD))
        graph: LineageGraph = import_module(f"sqllineage_scan.inputs.{form}").read(path)
    except FileNotFoundError:
        raise UsageError(f"no such file: {path}") from None
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error
    return graph


def form_of(head: bytes) -> str:
    if head.startswith(b"SQLite format 3\0"):
        return "sqlite"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "graphml"
    if _EVENT.match(head):
        return "openlineage"
    return "json"
