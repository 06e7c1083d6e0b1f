"""Something a person should know, with its place. Bad input is a finding, never an exception."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqllineage_scan.domain.span import Span


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` is four characters, ``name`` reads well after "allow" (``parse.failed``, ``read.encoding``).

    ``subject`` is what it is about where that has a name (a dataset, a column, a macro); ``help`` is the one-line fix.
    """

    code: str
    name: str
    severity: Severity
    message: str
    span: Span
    subject: str = ""
    help: str = ""
