"""Standard output is data, standard error is talk; colour only where a person looks at it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, TextIO

from sqllineage_scan.errors import UsageError
from sqllineage_scan.outputs.lines import WIDTH, Piece, Role, clean, harmless, line, write_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    import typer

    from sqllineage_scan.outputs.lines import Line

QUIET = "sqllineage_scan.quiet"
NO_COLOR = "sqllineage_scan.no_color"
_WIDEST = 120  # longer lines are hard to read
_STYLES = {
    Role.TITLE: "bold",
    Role.NAME: "cyan",
    Role.QUIET: "dim",
    Role.CERTAIN: "green",
    Role.LIKELY: "yellow",
    Role.AMBIGUOUS: "magenta",
    Role.GUESSED: "red",
    Role.ERROR: "bold red",
    Role.WARNING: "yellow",
    Role.NOTE: "blue",
}


@dataclass(frozen=True, slots=True)
class Terminal:
    quiet: bool = False
    no_color: bool = False

    @classmethod
    def of(cls, context: typer.Context) -> Terminal:
        """As the options say, wherever in the command line they stand."""
        return cls(quiet=bool(context.meta.get(QUIET)), no_color=bool(context.meta.get(NO_COLOR)))

    def width(self, stream: TextIO) -> int:
        """Of the terminal, or of a page of text where there is none, so that a pipe gives the same bytes everywhere."""
        if not stream.isatty():
            return WIDTH
        return min(os.get_terminal_size(stream.fileno()).columns or WIDTH, _WIDEST)

    def show(self, lines: Iterable[Line], stream: TextIO) -> None:
        if not self.colored(stream):
            write_lines(lines, stream)
            return
        from rich.console import Console
        from rich.text import Text

        console = Console(file=stream, force_terminal=True, highlight=False, markup=False, soft_wrap=True)
        for pieces in lines:
            console.print(Text.assemble(*((piece.text, _STYLES.get(piece.role, "")) for piece in harmless(pieces))))

    def talk(self, sentence: str) -> None:
        """Something the person should know, beside the data."""
        if not self.quiet:
            self.show([line(Piece("note: ", Role.NOTE), clean(sentence))], sys.stderr)

    def colored(self, stream: TextIO) -> bool:
        """NO_COLOR before FORCE_COLOR before what the stream is."""
        if self.no_color or os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR"):
            return True
        return stream.isatty() and os.environ.get("TERM") != "dumb"

    def data_stream(self, stream: TextIO, *, binary: bool) -> Any:
        """Where a document goes: UTF-8, or bytes, which no terminal wants to see."""
        self.as_data(stream)
        if not binary:
            return stream
        if stream.isatty():
            raise UsageError("this format is bytes, not text: say where to write with -o FILE")
        return stream.buffer

    def as_data(self, stream: TextIO) -> None:
        """A document is UTF-8 with plain line ends, whatever the terminal's own encoding is."""
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", newline="\n")
