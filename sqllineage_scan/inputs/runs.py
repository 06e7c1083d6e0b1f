"""Run records (``--run-record``) read back, for what is drawn of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.run_point import RunPoint
from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def read_runs(path: Path, project: str) -> tuple[RunPoint, ...]:
    """The runs that scanned ``project``, the oldest first. A line that is no record, torn by a crash say, is passed over."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            found = list(_points(file, project))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error
    return tuple(sorted(found, key=lambda point: (point.started, point.revision)))


def _points(lines: Iterator[str], project: str) -> Iterator[RunPoint]:
    for line in lines:
        try:
            record = json.loads(line)
            if record["project"] == project and record["scan"] is not None:
                yield _point(record)
        except (ValueError, TypeError, KeyError):
            continue


def _point(record: dict[str, Any]) -> RunPoint:
    governed = record["governance"]
    return RunPoint(
        str(record["started"]),
        str(record["revision"] or ""),
        _share(record["scan"]["coverage"], 1),
        _share(governed["owned"], governed["datasets"]),
        _share(governed["described"], governed["datasets"]),
        _share(governed["columns_described"], governed["columns"]),
    )


def _share(part: float, whole: float) -> float:
    return min(max(float(part) / whole, 0.0), 1.0) if whole else 1.0
