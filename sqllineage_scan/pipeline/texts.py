"""The repository's files once more, for showing: read, and their words classed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqllineage_scan.parse.highlight import highlight
from sqllineage_scan.pipeline.decode import read_text

if TYPE_CHECKING:
    from pathlib import Path

    from sqllineage_scan.domain.span import Span

Line = list[tuple[str, str]]
_LARGEST = 2_000_000  # bytes; nobody reads a longer one in a browser


@dataclass(slots=True)
class RepositoryTexts:
    """Highlighted files below ``root``, or none when there is no root. The last file is kept: a script is asked for often."""

    root: Path | None
    _last: tuple[str, str] = ("", "")
    _lines: list[Line] = field(default_factory=list)

    def lines(self, path: str, dialect: str) -> list[Line]:
        """Nothing for what cannot be read, and for what is not below the root: a document may name any path."""
        if (path, dialect) != self._last:
            text = self._text(path)
            self._lines = [] if text is None else highlight(text, dialect)
            self._last = (path, dialect)
        return self._lines

    def between(self, span: Span) -> str | None:
        """The text of a place; None for what cannot be read, or is not that long any more."""
        text = self._text(span.path)
        rows = [] if text is None else text.splitlines(keepends=True)[span.line - 1 : span.end_line]
        if len(rows) != span.end_line - span.line + 1:
            return None
        rows[-1] = rows[-1][: span.end_column - 1]
        rows[0] = rows[0][span.column - 1 :]
        return "".join(rows)

    def _text(self, path: str) -> str | None:
        if self.root is None:
            return None
        try:
            root = self.root.resolve()
            place = (root / path).resolve()
            if not place.is_relative_to(root) or not place.is_file() or place.stat().st_size > _LARGEST:
                return None
        except (OSError, ValueError):
            return None
        return read_text(self.root, path).text
