"""``information_schema.columns`` as JSON: a list of rows, ``{"rows": […]}``, or a row a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.drift import Observed
from sqllineage_scan.errors import UsageError
from sqllineage_scan.inputs.observed._rows import datasets_of

if TYPE_CHECKING:
    from pathlib import Path


def fits(path: Path, head: bytes) -> bool:
    del path
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{") and b"column_name" in head.lower()


def read(path: Path) -> Observed:
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    rows = [row for row in _rows(text) if isinstance(row, dict)]
    if not rows:
        raise UsageError("it has no rows")
    return Observed(path.name, "json", datasets_of(rows))


def _rows(text: str) -> list[Any]:
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError):
        try:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError) as error:
            raise UsageError(f"not readable as JSON: {error}") from error
    if isinstance(loaded, list):
        return loaded
    inside = next((value for value in loaded.values() if isinstance(value, list)), None) if isinstance(loaded, dict) else None
    return [loaded] if inside is None else inside
