"""Changes that somebody meant, and said so in a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqllineage_scan.domain.span import Span


class Acknowledgement(NamedTuple):
    """``-- lineage: allow-break amount "moved to tax mart"`` in the file of what changed, or of whoever reads it."""

    subject: str  # a column, or dataset.column, as written
    reason: str
    span: Span
