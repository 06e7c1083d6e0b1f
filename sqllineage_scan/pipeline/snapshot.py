"""A repository's lineage and schemas on a day, with digests of what they say."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sqllineage_scan.discover.host import checkout
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.snapshot import Snapshot, hashes_of
from sqllineage_scan.pipeline.scan import scan_repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqllineage_scan.pipeline.options import ScanOptions

_NAME = re.compile(r"[\w.-]+")
_ODD = re.compile(r"[^\w.-]+")
_DATED = re.compile(r"_(\d{4}-\d{2}-\d{2})\.json")


def take(
    root: Path, name: str | None, date: str, options: ScanOptions, progress: Callable[[str, int, int], None] | None = None
) -> Snapshot:
    if name is not None and not _NAME.fullmatch(name):
        raise UsageError(f"a snapshot's name is part of a file's: letters, digits, - _ and ., not {name!r}")
    graph = scan_repository(root, options, progress)
    if not graph.coverage.files:
        raise UsageError(f"nothing to scan: no .sql files or dbt project below {root.resolve()}")
    found = checkout(root)
    chosen = name or _ODD.sub("-", graph.name).strip("-.") or "snapshot"
    return Snapshot(chosen, date, found.revision if found is not None else None, graph, hashes_of(graph))


def file_name(name: str, date: str) -> str:
    return f"{name}_{date}.json"


def last_before(folder: Path, name: str, date: str) -> Path | None:
    """The snapshot of that name before a day."""
    known = {match[1]: path for path in folder.glob("*.json") if (match := _of(path.name, name)) is not None and match[1] < date}
    return known[max(known)] if known else None


def _of(file: str, name: str) -> re.Match[str] | None:
    return _DATED.fullmatch(file.removeprefix(name)) if file.startswith(name) else None


def digests_of(path: Path) -> dict[str, Any] | None:
    """What a snapshot says of itself; None of a file that is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8")).get("snapshot")
    except (OSError, ValueError, AttributeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
