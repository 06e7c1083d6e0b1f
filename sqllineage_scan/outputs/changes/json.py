"""The document of a comparison: ``diff.schema.json`` beside this file says what is in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.outputs.changes._encode import to_dict

if TYPE_CHECKING:
    from sqllineage_scan.domain.change import Diff


def write(diff: Diff, out: TextIO) -> None:
    """Everything in it is sorted already, so the same comparison gives the same bytes."""
    json.dump(to_dict(diff), out, indent=2, ensure_ascii=False)
    out.write("\n")
