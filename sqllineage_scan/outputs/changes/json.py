"""The document of a comparison: ``diff.schema.json`` beside this file says what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.outputs.changes._encode import to_dict
from sqllineage_scan.outputs.harmless import write_json

if TYPE_CHECKING:
    from sqllineage_scan.domain.change import Diff


def write(diff: Diff, out: TextIO) -> None:
    """Everything in it is sorted already, so the same comparison gives the same bytes."""
    write_json(to_dict(diff), out)
