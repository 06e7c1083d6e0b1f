"""The SQL that writes each dataset: which lines of which file, with their words classed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqllineage_scan.outputs.site.core import SQL_PER_SHARD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqllineage_scan.domain.job import Job
    from sqllineage_scan.outputs.site.book import Book, Line

MOST_STATEMENTS = 30  # of one dataset; who writes a table a hundred times writes it alike
MOST_LINES = 3000  # of one statement


@dataclass(frozen=True, slots=True)
class Excerpt:
    """``lines`` of the file at ``path``, from ``first``. ``cut``: there are more."""

    path: str
    job: str
    first: int
    lines: Sequence[Line]
    cut: bool = False


def excerpts(book: Book, number: int) -> list[Excerpt]:
    """A dbt node's whole file, since its configuration belongs to it; of a script the statement."""
    found: list[Excerpt] = []
    seen: set[tuple[str, int, int]] = set()
    for job in book.jobs[number]:
        first, last = (1, None) if job.unique_id else (job.span.line, job.span.end_line)
        key = (job.span.path, first, last or 0)
        if key in seen or len(found) == MOST_STATEMENTS:
            continue
        seen.add(key)
        excerpt = _excerpt(book, job, first, last)
        if excerpt is not None:
            found.append(excerpt)
    return found


def _excerpt(book: Book, job: Job, first: int, last: int | None) -> Excerpt | None:
    lines = book.texts.lines(job.span.path, job.dialect)[first - 1 : last]
    if not lines:
        return None
    return Excerpt(job.span.path, str(job.id), first, lines[:MOST_LINES], len(lines) > MOST_LINES)


def sql_shard(
    start: int, found: Sequence[Sequence[Excerpt]], before: Sequence[Sequence[Excerpt]] | None = None
) -> tuple[str, Any]:
    """(name, values) of the shard of the datasets from ``start`` on. The text stands by itself, since it is searched too.
    ``before``: the same of the other side of a comparison.
    """
    values = {}
    for place, group in enumerate(found):
        other = before[place] if before else ()
        sources = [_source(item) for item in group] + [{**_source(item), "base": 1} for item in other]
        if sources:
            values[str(start + place)] = sources
    return f"sql-{start // SQL_PER_SHARD}", values


def _source(item: Excerpt) -> dict[str, Any]:
    return {
        "path": item.path,
        "job": item.job,
        "first_line": item.first,
        "text": "\n".join("".join([words for _, words in line]) for line in item.lines),
        "looks": ",".join(map(_looks, item.lines)),
    }


def _looks(line: Line) -> str:
    """How a line's letters look: ``k6.1n1`` of ``select 1``. Counted as JavaScript counts, in units of UTF-16."""
    return "".join([f"{look or '.'}{len(words) if words.isascii() else _units(words)}" for look, words in line])


def _units(words: str) -> int:
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def batches(book: Book) -> Iterator[range]:
    for start in range(0, len(book.datasets), SQL_PER_SHARD):
        yield range(start, min(start + SQL_PER_SHARD, len(book.datasets)))
