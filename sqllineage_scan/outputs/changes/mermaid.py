"""A diagram of what changed and whom it reaches, for hosts that draw Mermaid in Markdown.

At most 40 nodes and 80 lines: GitHub draws none with more than 500 lines, and nobody reads one with a tenth of that.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, TextIO

from sqllineage_scan.domain.change import Effect
from sqllineage_scan.domain.names import ColumnId, DatasetId
from sqllineage_scan.outputs.changes._words import one_line

if TYPE_CHECKING:
    from sqllineage_scan.domain.change import Diff

MOST_NODES = 40
MOST_LINES = 80
_STYLES = {
    "breaking": "fill:#ffd7d5,stroke:#cf222e,color:#1f2328",
    "review": "fill:#fff1d5,stroke:#bf8700,color:#1f2328",
    "changed": "stroke-width:3px",
}
_RANK = list(Effect)


_Line = tuple[DatasetId, DatasetId]


class Drawn(NamedTuple):
    """``shown`` of ``datasets`` that are changed or downstream."""

    text: str
    shown: int
    datasets: int


def write(diff: Diff, out: TextIO) -> None:
    drawn = diagram(diff)
    out.write(f"{drawn.text}\n" if drawn is not None else "flowchart LR\n")


def diagram(diff: Diff) -> Drawn | None:
    """None where there is no line to draw."""
    changed = {_dataset(change.subject) for change in diff.changes if change.effect is not Effect.NONE}
    effects: dict[DatasetId, Effect] = {}
    lines: Counter[_Line] = Counter()
    for change in diff.changes:
        for reader in change.impact.readers:
            for step in reader.path:
                lines[_dataset(step.source), _dataset(step.target)] += 1
            if reader.id is not None and change.acknowledged is None:
                dataset = _dataset(reader.id)
                effects[dataset] = min(effects.get(dataset, Effect.NONE), reader.effect, key=_RANK.index)
    lines = Counter({line: number for line, number in lines.items() if line[0] != line[1]})
    if not lines:
        return None
    known = {dataset for line in lines for dataset in line}
    kept = _kept(lines, changed, effects)
    nodes = {dataset for line in kept for dataset in line}
    numbers = {dataset: f"n{number}" for number, dataset in enumerate(sorted(nodes))}
    drawn = [f'  {numbers[dataset]}["{_label(dataset)}"]' for dataset in sorted(nodes)]
    drawn += [f"  {numbers[source]} --> {numbers[target]}" for source, target in sorted(kept)]
    marks = {
        "changed": [dataset for dataset in sorted(nodes) if dataset in changed],
        **{
            effect.value: [dataset for dataset in sorted(nodes) if effects.get(dataset) is effect]
            for effect in (Effect.BREAKING, Effect.REVIEW)
        },
    }
    for name, datasets in marks.items():
        if datasets:
            drawn += [f"  classDef {name} {_STYLES[name]}", f"  class {','.join(numbers[each] for each in datasets)} {name}"]
    return Drawn("\n".join(["flowchart LR", *drawn]), len(nodes), len(known))


def _kept(lines: Counter[_Line], changed: set[DatasetId], effects: dict[DatasetId, Effect]) -> list[_Line]:
    """Line by line, so that every dataset that is drawn is joined to another: from what changed, to whom it hits worst."""

    def weight(line: _Line) -> tuple[object, ...]:
        source, target = line
        return source not in changed, _RANK.index(effects.get(target, Effect.NONE)), -lines[line], line

    kept: list[_Line] = []
    nodes: set[DatasetId] = set()
    for line in sorted(lines, key=weight):
        if len(nodes | set(line)) <= MOST_NODES and len(kept) < MOST_LINES:
            kept.append(line)
            nodes |= set(line)
    return kept


def _dataset(subject: ColumnId | DatasetId) -> DatasetId:
    return subject.dataset if isinstance(subject, ColumnId) else subject


def _label(dataset: DatasetId) -> str:
    """Mermaid reads ``#35;`` as the letter of that number, quotes end a label, and Markdown and HTML work in it."""
    text = one_line(str(dataset), 60)
    return "".join(letter if letter.isalnum() or letter in " ._-/" else f"#{ord(letter)};" for letter in text)
