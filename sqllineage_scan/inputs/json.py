"""The lineage document (``lineage.json``) read back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.document import from_dict

if TYPE_CHECKING:
    from pathlib import Path

    from sqllineage_scan.graph.model import LineageGraph


def read(path: Path) -> LineageGraph:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise UsageError("not a lineage document: no UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"not a lineage document: no JSON ({error})") from None
    return from_dict(document)
