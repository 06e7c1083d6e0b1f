"""Who changed each column of a chain last, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.outputs.lines import WIDTH, Line, Piece, Role, clean, counted, line, wrapped, write_lines
from sqllineage_scan.outputs.log.text import change_line, commit_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.history import Blame, Blamed


def write(blame: Blame, out: TextIO) -> None:
    write_lines(describe(blame), out)


def describe(blame: Blame, width: int = WIDTH) -> list[Line]:
    return [
        line(Piece(f"Who changed {clean(str(blame.subject))} last", Role.TITLE)),
        *(row for blamed in blame.columns for row in _column(blamed, width)),
        (),
        *wrapped(_looked(blame), width, "", Role.QUIET),
    ]


def _looked(blame: Blame) -> str:
    cut = "; the clone is shallow, what came before is not here (git fetch --unshallow)" if blame.looked.is_cut else ""
    return (
        f"{counted(len(blame.columns), 'column')}; {counted(blame.looked.commits, 'commit')} up to {blame.looked.head[:8]}{cut}"
    )


def _column(blamed: Blamed, width: int) -> Iterator[Line]:
    indent = "  " * (blamed.distance + 1)
    if blamed.commit is None:
        why = "in none of these commits" if blamed.made_here else "nothing in this repository makes it"
        yield line(indent, Piece(clean(str(blamed.column)), Role.NAME), Piece(f"  {why}", Role.QUIET))
        return
    yield line(indent, Piece(clean(str(blamed.column)), Role.NAME))
    yield commit_line(blamed.commit, width, f"{indent}  ")
    if blamed.change is not None:
        yield change_line(blamed.change._replace(column=""), f"{indent}  ", width)
    else:
        yield line(f"{indent}  ", Piece("the dataset is of that commit", Role.QUIET))
