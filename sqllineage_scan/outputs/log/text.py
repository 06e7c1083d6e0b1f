"""The history of a dataset or column, for a person: commit by commit, what changed, from what to what."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.domain.change import ChangeKind
from sqllineage_scan.domain.history import What
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.outputs.lines import WIDTH, Line, Piece, Role, cells, clean, clipped, counted, line, wrapped, write_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.commit import Commit
    from sqllineage_scan.domain.history import DatasetStep, Entry, History, InputState, Looked, ToldChange
    from sqllineage_scan.domain.names import DatasetId

_DIGITS = 12  # of a version
_MOST = 8  # changes or inputs of one dataset
_LEAST = 40  # characters that a change is told in, however narrow the terminal
_LOOKS = {What.ADDED: Role.CERTAIN, What.REMOVED: Role.ERROR}


def write(history: History, out: TextIO) -> None:
    write_lines(describe(history), out)


def describe(history: History, width: int = WIDTH) -> list[Line]:
    return [
        heading(history.subject),
        *(row for entry in history.entries for row in entry_lines(entry, history.subject, width)),
        *closing(len(history.entries), history.looked, width),
    ]


def heading(subject: DatasetId | ColumnId) -> Line:
    return line(Piece(f"History of {clean(str(subject))}", Role.TITLE))


def closing(entries: int, looked: Looked, width: int) -> list[Line]:
    of_all = f"of the {counted(looked.commits, 'commit')} up to {looked.head[:8]}"
    said = f"{entries or 'none'} {of_all} changed it"
    cut = "; the clone is shallow, what came before is not here (git fetch --unshallow)" if looked.is_cut else ""
    return [(), *wrapped(f"{said}{cut}", width, "", Role.QUIET)]


def entry_lines(entry: Entry, subject: DatasetId | ColumnId, width: int) -> Iterator[Line]:
    yield ()
    yield commit_line(entry.commit, width)
    for step in entry.steps:
        yield from _step(step, subject, width)


def commit_line(commit: Commit, width: int, indent: str = "") -> Line:
    facts = f"  {commit.date[:10]}  {clean(commit.author)}  "
    room = max(width - cells(indent) - 8 - cells(facts), 20)
    return line(indent, Piece(commit.hash[:8], Role.NAME), Piece(facts, Role.QUIET), clipped(commit.summary, room))


def _step(step: DatasetStep, subject: DatasetId | ColumnId, width: int) -> Iterator[Line]:
    of_column = isinstance(subject, ColumnId)
    name: list[Piece | str] = [Piece(clean(str(step.dataset)), Role.NAME), "  "] if of_column else []
    yield line("  ", *name, *_versions(step), "  ", *_what(step))
    if step.was is not None:
        yield line("    was ", Piece(clean(str(step.was)), Role.NAME))
    told = [change for change in step.changes if change.own or of_column]
    yield from _listed([change_line(change, "    ", width) for change in told], "change")
    if not of_column:
        follows = len(step.changes) - len(told)
        if follows:
            yield line(Piece(f"    {counted(follows, 'more change')} that follow from what it reads", Role.QUIET))
        yield from _inputs(step)


def _versions(step: DatasetStep) -> list[Piece | str]:
    before, after = short(step.before), short(step.after)
    if step.before is None or step.after is None or before == after:
        return [Piece(after if step.after is not None else before, Role.QUIET)]
    return [Piece(f"{before} → {after}", Role.QUIET)]


def _what(step: DatasetStep) -> list[Piece | str]:
    found: list[Piece | str] = []
    for what in step.what:
        found += [", "] if found else []
        found.append(Piece(what.value, _LOOKS.get(what, Role.PLAIN)))
    if tuple(step.what) == (What.DEFINITION,) and not step.changes:
        found.append(Piece(": other words, the same meaning", Role.QUIET))
    return found


def _inputs(step: DatasetStep) -> Iterator[Line]:
    """Those that are others now, before and after; the rest are counted."""
    former = {state.dataset: state.version for state in step.former_inputs}
    now = {state.dataset: state.version for state in step.inputs}
    if step.before is None or step.after is None:
        rows = [_input(state, "from") for state in step.inputs or step.former_inputs]
        yield from _listed(rows, "input")
        return
    changed = sorted({*former, *step.new_inputs})
    rows = []
    for dataset in changed:
        sign = "reads no more" if dataset not in now else "reads now" if dataset not in former else "from"
        versions = " → ".join(short(each[dataset]) for each in (former, now) if dataset in each)
        rows.append(line(f"    {sign} ", Piece(clean(str(dataset)), Role.NAME), Piece(f"  {versions}", Role.QUIET)))
    yield from _listed(rows, "input")
    same = len(now) - sum(1 for dataset in changed if dataset in now)
    if same and rows:
        yield line(Piece(f"    and from {counted(same, 'input')} as before", Role.QUIET))


def _input(state: InputState, sign: str) -> Line:
    return line(f"    {sign} ", Piece(clean(str(state.dataset)), Role.NAME), Piece(f"  {short(state.version)}", Role.QUIET))


def _listed(rows: list[Line], what: str) -> Iterator[Line]:
    shown = rows if len(rows) <= _MOST + 1 else rows[:_MOST]
    yield from shown
    if len(shown) < len(rows):
        yield line(Piece(f"    and {counted(len(rows) - len(shown), f'more {what}')}", Role.QUIET))


def change_line(change: ToldChange, indent: str, width: int) -> Line:
    """``amount redefined: o.amount → o.amount - o.tax``; of rows what came and went."""
    kind = change.kind.value.replace("_", " ")
    subject: list[Piece | str] = [Piece(clean(change.column), Role.NAME), " "] if change.column else []
    room = max(width - cells(f"{indent}{clean(change.column)} {kind}: "), _LEAST)
    if change.kind is ChangeKind.ROWS_CHANGED:
        said = clipped("; ".join(change.details), room)
    else:
        sides = [text for text in (change.before, change.after) if text]
        said = " → ".join(clipped(text, (room - 3) // 2 if len(sides) > 1 else room) for text in sides)
    return line(indent, *subject, kind, Piece(f": {said}" if said else "", Role.QUIET))


def short(version: str | None) -> str:
    """Enough of a digest to compare by eye."""
    return version.removeprefix("sha256:")[:_DIGITS] if version else "?"
