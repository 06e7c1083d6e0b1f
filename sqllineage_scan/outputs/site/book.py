"""The graph as the site counts it: every dataset, folder, owner and tag by a number, every dataset by a page name."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.graph.governance import inherited_marks
from sqllineage_scan.outputs.site.marks import MARKS
from sqllineage_scan.outputs.site.slug import slugs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqllineage_scan.domain.change import Change, Diff
    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.governance import Held
    from sqllineage_scan.domain.job import Job
    from sqllineage_scan.domain.mark import Mark
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.index import Index
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.graph.union import Union

MOST_TOLD = 20_000  # columns whose whole story is told on their pages, and in files of their own

Line = list[tuple[str, str]]
"""One line of SQL: (class, text) pairs."""


class Texts(Protocol):
    """Where the site has its SQL from. Empty for a file that is not at hand."""

    def lines(self, path: str, dialect: str) -> Sequence[Line]: ...


@dataclass(frozen=True, slots=True)
class Book:
    """What every writer of the site looks things up in."""

    graph: LineageGraph
    title: str
    texts: Texts
    source_url: str | None  # with {path} and {line}
    number: Mapping[DatasetId, int]
    columns: Sequence[Sequence[str]]  # by dataset number
    position: Sequence[Mapping[str, int]]  # by dataset number, of a column in its columns
    slug: Sequence[str]  # by dataset number
    folder: Sequence[str]  # by dataset number
    jobs: Sequence[Sequence[Job]]  # by dataset number, those that write it
    findings: Sequence[Sequence[Finding]]  # by dataset number
    inherited: Mapping[ColumnId, Sequence[Held]]  # tags and terms that columns have of others
    comparison: Comparison | None = None  # with another state of the repository, whose graph is then in ``graph`` too

    @property
    def brief(self) -> bool:
        """Whether the project has so many columns that whole stories of each would make a site of gigabytes."""
        return sum(map(len, self.columns)) > MOST_TOLD

    @property
    def datasets(self) -> tuple[Dataset, ...]:
        return self.graph.datasets

    @property
    def index(self) -> Index:
        return self.graph.index

    def place_url(self, path: str, line: int) -> str | None:
        return None if self.source_url is None else self.source_url.replace("{path}", _quoted(path)).replace("{line}", str(line))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Looked up by the writers of pages and shards. ``base``: the book of the side before."""

    diff: Diff
    base: Book
    head: LineageGraph
    marks: Union

    def dataset(self, dataset: DatasetId) -> int:
        return _number(self.marks.datasets.get(dataset))

    def column(self, column: ColumnId) -> int:
        return _number(self.marks.columns.get(column))

    def edge(self, edge: Any) -> int:
        return _number(self.marks.edges.get(edge))

    def changes(self, dataset: DatasetId) -> list[Change]:
        """Of a dataset and its columns, the worst first."""
        return [
            change
            for change in self.diff.changes
            if (change.subject.dataset if isinstance(change.subject, ColumnId) else change.subject) == dataset
        ]


def _number(mark: Mark | None) -> int:
    return MARKS.index(mark.value) if mark is not None else 0


def open_book(graph: LineageGraph, title: str, texts: Texts, source_url: str | None) -> Book:
    index = graph.index
    columns = [index.columns[dataset.id] for dataset in graph.datasets]
    pages = slugs(str(dataset.id) for dataset in graph.datasets)
    number = {dataset.id: place for place, dataset in enumerate(graph.datasets)}
    jobs: list[list[Job]] = [[] for _ in graph.datasets]
    for job in graph.jobs:
        for target in job.writes:
            jobs[number[target]].append(job)
    return Book(
        graph=graph,
        title=title,
        texts=texts,
        source_url=source_url,
        number=number,
        columns=columns,
        position=[{name: place for place, name in enumerate(names)} for names in columns],
        slug=[pages[str(dataset.id)] for dataset in graph.datasets],
        folder=[_folder(dataset, written) for dataset, written in zip(graph.datasets, jobs, strict=True)],
        jobs=jobs,
        findings=_findings(graph, jobs),
        inherited=inherited_marks(graph),
    )


def _folder(dataset: Dataset, jobs: Sequence[Job]) -> str:
    """Of the file that defines it, else of the one that writes it; "" for what nothing here defines."""
    span = dataset.span or (jobs[0].span if jobs else None)
    return span.path.rpartition("/")[0] if span else ""


def _findings(graph: LineageGraph, jobs: Sequence[Sequence[Job]]) -> list[list[Finding]]:
    """A finding is a dataset's when it is about it by name, or stands in a statement that writes it."""
    by_path: defaultdict[str, list[Finding]] = defaultdict(list)
    by_subject: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in graph.findings:
        by_path[finding.span.path].append(finding)
        by_subject[finding.subject].append(finding)
    found = []
    for dataset, written in zip(graph.datasets, jobs, strict=True):
        mine = dict.fromkeys(by_subject.get(str(dataset.id), ()))
        for job in written:
            for finding in by_path.get(job.span.path, ()):
                if job.unique_id or job.span.line <= finding.span.line <= job.span.end_line:
                    mine[finding] = None
        found.append(list(mine))
    return found


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path, errors="replace")
