"""Something a person should know, with its place. Bad input is a finding, never an exception."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqllineage_scan.domain.span import Span


_LENGTH = 20  # hexadecimal digits; GitLab and GitHub take any text


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


def is_as_bad(severity: Severity, least: Severity) -> bool:
    return _RANKS[severity] <= _RANKS[least]


class Step(NamedTuple):
    """One thing that a finding rests on, and where it stands: an edge on the way of personal data, the other join key."""

    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` is four characters, ``name`` reads well after "allow" (``parse.failed``, ``read.encoding``).

    ``subject`` is what it is about where that has a name (a dataset, a column, a macro); ``help`` is the one-line fix;
    ``steps`` are what it rests on; ``context`` is the source line, by which it is known again when lines have moved.
    """

    code: str
    name: str
    severity: Severity
    message: str
    span: Span
    subject: str = ""
    help: str = ""
    steps: tuple[Step, ...] = ()
    context: str = ""

    @property
    def fingerprint(self) -> str:
        """Says whether two runs found the same: by rule, file, subject and the words of the line, not by its number."""
        parts = (self.name, self.span.path, self.subject, " ".join(self.context.split()))
        return sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:_LENGTH]
