"""The site of a comparison: what became of each part, its changes in words, and its SQL on both sides."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, NamedTuple

from sqllineage_scan.domain.mark import Mark
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.outputs.site.marks import told
from sqllineage_scan.outputs.site.sql import excerpts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqllineage_scan.domain.change import Diff
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.outputs.site.book import Comparison, Line, Texts
    from sqllineage_scan.outputs.site.sql import Excerpt

CONTEXT = 4  # lines around what differs; longer stretches of the same are left out


class Compared(NamedTuple):
    """What a site of a comparison is made of, beside head's own graph and texts."""

    base: LineageGraph
    diff: Diff
    texts: Texts  # of base
    source_url: str | None = None  # of base's files


class Row(NamedTuple):
    """A line of both sides. ``how``: same, added, removed, changed, or skipped with how many lines are left out."""

    how: str
    number: int | None
    line: Line
    other_number: int | None
    other: Line


def before(comparison: Comparison, dataset: DatasetId) -> list[Excerpt]:
    """Base's SQL of a dataset that has a mark of its own."""
    number = comparison.base.number.get(dataset)
    return [] if number is None or not comparison.dataset(dataset) else excerpts(comparison.base, number)


def side_by_side(before: Iterable[Excerpt], after: Iterable[Excerpt]) -> list[dict[str, Any]]:
    """Each statement of either side beside its like: files of the same name, else in their order."""
    old, new = list(before), list(after)
    pairs: list[tuple[Excerpt | None, Excerpt | None]] = []
    for excerpt in new:
        match = next((item for item in old if item.path == excerpt.path), old[0] if len(old) == len(new) == 1 else None)
        if match is not None:
            old.remove(match)
        pairs.append((match, excerpt))
    pairs += [(item, None) for item in old]
    return [
        {"before": one, "after": other, "rows": list(_rows(one, other))}
        for one, other in pairs
        if one is None or other is None or one.lines != other.lines
    ]


def _rows(before: Excerpt | None, after: Excerpt | None) -> Iterator[Row]:
    old, new = _lines(before), _lines(after)
    words, other_words = (["".join(text for _, text in line) for line in side] for side in (old, new))
    first, other_first = (before.first if before else 1), (after.first if after else 1)
    found = SequenceMatcher(None, words, other_words, autojunk=False).get_opcodes()
    for place, (how, start, end, other_start, other_end) in enumerate(found):
        length = max(end - start, other_end - other_start)
        for step in range(length):
            if how == "equal" and _is_far(step, length, ends=(place == 0, place == len(found) - 1)):
                if step == 0 or not _is_far(step - 1, length, ends=(place == 0, place == len(found) - 1)):
                    yield Row("skipped", None, [], None, [])
                continue
            here = start + step if start + step < end else None
            there = other_start + step if other_start + step < other_end else None
            yield Row(
                "same" if how == "equal" else "added" if here is None else "removed" if there is None else "changed",
                None if here is None else first + here,
                [] if here is None else old[here],
                None if there is None else other_first + there,
                [] if there is None else new[there],
            )


def _is_far(step: int, length: int, ends: tuple[bool, bool]) -> bool:
    """In a stretch of the same lines: away from what differs before and behind it."""
    return (ends[0] or step >= CONTEXT) and (ends[1] or step < length - CONTEXT)


def _lines(excerpt: Excerpt | None) -> Sequence[Line]:
    return excerpt.lines if excerpt is not None else []


def summary(comparison: Comparison, link: Mapping[DatasetId, str]) -> dict[str, Any]:
    """What the first page says of the comparison."""
    diff = comparison.diff
    counts = {mark: sum(found is mark for found in comparison.marks.datasets.values()) for mark in Mark}
    return {
        "base": _side(diff.base),
        "head": _side(diff.head),
        "verdict": diff.verdict.value,
        "counts": [(mark.value, counts[mark]) for mark in Mark if counts[mark]],
        "changes": [
            {
                **told(change),
                "dataset": str(change.subject.dataset if isinstance(change.subject, ColumnId) else change.subject),
                "link": link.get(change.subject.dataset if isinstance(change.subject, ColumnId) else change.subject),
            }
            for change in diff.changes
        ],
        "unresolved": [item.gap for item in diff.unresolved if item.near],
    }


def _side(revision: Any) -> str:
    return f"{revision.label} ({revision.commit[:9]})" if revision.commit else revision.label
