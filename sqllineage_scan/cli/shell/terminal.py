"""Standard output is data, standard error is talk; colour only where a person looks at it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.outputs.lines import WIDTH, Role, write_lines

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
            console.print(Text.assemble(*((piece.text, _STYLES.get(piece.role, "")) for piece in pieces)))

    def colored(self, stream: TextIO) -> bool:
        """NO_COLOR before FORCE_COLOR before what the stream is."""
        if self.no_color or os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR"):
            return True
        return stream.isatty() and os.environ.get("TERM") != "dumb"

    def as_data(self, stream: TextIO) -> None:
        """A document is UTF-8 with plain line ends, whatever the terminal's own encoding is."""
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", newline="\n")
