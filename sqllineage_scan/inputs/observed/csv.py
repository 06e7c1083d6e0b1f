"""``information_schema.columns`` as CSV, as psql, snowsql, bq and every client write it; or with tabs or semicolons."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from sqllineage_scan.domain.drift import Observed
from sqllineage_scan.errors import UsageError
from sqllineage_scan.inputs.observed._rows import datasets_of

if TYPE_CHECKING:
    from pathlib import Path

_OTHER = re.compile(rb"[\0{\[]")  # of JSON, and of databases
_LONGEST = 1 << 20  # characters of a field


def fits(path: Path, head: bytes) -> bool:
    first = head.split(b"\n", 1)[0].lower()
    return path.suffix.lower() in (".csv", ".tsv") or (b"column_name" in first and not _OTHER.search(first))


def read(path: Path) -> Observed:
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    first = text.partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    csv.field_size_limit(_LONGEST)
    try:
        rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter, restval=""))
    except csv.Error as error:
        raise UsageError(f"not readable as CSV: {error}") from error
    if not rows:
        raise UsageError("it has no rows")
    return Observed(path.name, "csv", datasets_of([{key: row[key] for key in row if key is not None} for row in rows]))
