"""All that rules look at, with what several of them ask of it worked out once."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sqllineage_scan.domain.contract import Contracts
from sqllineage_scan.domain.coverage import GapKind
from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.facts import Facts
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.linting.selectors import selects
from sqllineage_scan.linting.settings import RuleSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqllineage_scan.domain.change import Diff
    from sqllineage_scan.domain.dataset import Column, Dataset
    from sqllineage_scan.domain.dbt import Node
    from sqllineage_scan.domain.facts import StatementFacts
    from sqllineage_scan.domain.names import DatasetId, JobId
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.graph.index import Index
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.linting.codeowners import CodeOwners

Result = TypeVar("Result")
_ABOUT = re.compile(r"(is|has|had|was|n|num|count|total|valid|unique|distinct)_", re.IGNORECASE)
_HIDING = (GapKind.HOLE, GapKind.UNPARSED, GapKind.UNREADABLE, GapKind.UNSUPPORTED)


class Focus(NamedTuple):
    """What is looked at again: ``datasets``, and the ``origins`` whose readers are compared with each other. Of these the graph
    has all edges that a rule may ask for; of ``near`` those into them; of others none.
    """

    datasets: frozenset[DatasetId]
    origins: frozenset[DatasetId]
    near: frozenset[DatasetId]


class Columns:
    """What is said of columns. Those of a dataset are put in order when somebody asks for one."""

    def __init__(self, datasets: Mapping[DatasetId, Dataset]) -> None:
        self._datasets = datasets
        self._known: dict[DatasetId, dict[str, Column]] = {}

    def get(self, key: ColumnId) -> Column | None:
        known = self._known.get(key.dataset)
        if known is None:
            dataset = self._datasets.get(key.dataset)
            columns = dataset.columns if dataset is not None else None
            known = self._known[key.dataset] = {column.name: column for column in columns or ()}
        return known.get(key.column)

    def tests(self, key: ColumnId) -> tuple[str, ...]:
        found = self.get(key)
        return found.tests if found is not None else ()


@dataclass(frozen=True)
class Material:
    """``facts`` is None where only a lineage document is there: rules that need them cannot run."""

    graph: LineageGraph
    facts: Facts | None = None
    settings: RuleSettings = field(default_factory=RuleSettings)
    owners: CodeOwners | None = None  # None: the repository has no CODEOWNERS
    change: Diff | None = None  # what differs from an earlier state, where there is one to compare with
    focus: Focus | None = None  # None: everything is looked at
    contracts: Contracts = field(default_factory=Contracts)  # of ODCS; dbt's are in the facts

    @cached_property
    def datasets(self) -> tuple[Dataset, ...]:
        """Those that are looked at."""
        if self.focus is None:
            return self.graph.datasets
        return tuple(dataset for dataset in self.graph.datasets if dataset.id in self.focus.datasets)

    @cached_property
    def near(self) -> tuple[Dataset, ...]:
        """Those of whose edges something is known."""
        if self.focus is None:
            return self.graph.datasets
        return tuple(dataset for dataset in self.graph.datasets if dataset.id in self.focus.near)

    def looks_at(self, dataset: DatasetId) -> bool:
        return self.focus is None or dataset in self.focus.datasets

    def made_by(self, statement: StatementFacts) -> DatasetId | None:
        """The first dataset that a statement writes."""
        job = self.index.jobs.get(statement.job)
        return job.writes[0] if job is not None and job.writes else None

    @property
    def index(self) -> Index:
        return self.graph.index

    @property
    def known_facts(self) -> Facts:
        return self.facts or Facts()

    @cached_property
    def nodes(self) -> dict[DatasetId, Node]:
        """The dbt node that makes, or is, a dataset."""
        return {node.dataset: node for node in self.graph.nodes if node.dataset is not None and node.enabled}

    @cached_property
    def by_unique_id(self) -> dict[str, Dataset]:
        return {dataset.unique_id: dataset for dataset in self.graph.datasets if dataset.unique_id}

    @cached_property
    def columns(self) -> Columns:
        return Columns(self.index.datasets)

    @cached_property
    def made_types(self) -> dict[ColumnId, frozenset[str]]:
        """What casts make of columns."""
        found: defaultdict[ColumnId, set[str]] = defaultdict(set)
        for statement in self.known_facts.statements:
            for fact in statement.types:
                found[fact.column].add(fact.type)
        return {column: frozenset(types) for column, types in found.items()}

    @cached_property
    def files(self) -> dict[DatasetId, str]:
        """Where a dataset is made: the file of its node, of its definition, else of the first job that writes it."""
        found: dict[DatasetId, str] = {}
        for job in self.graph.jobs:
            for target in job.writes:
                found.setdefault(target, job.span.path)
        found.update((dataset.id, dataset.span.path) for dataset in self.graph.datasets if dataset.span is not None)
        found.update((dataset, node.path) for dataset, node in self.nodes.items())
        return found

    @cached_property
    def job_spans(self) -> dict[JobId, Span]:
        return {job.id: job.span for job in self.graph.jobs}

    @cached_property
    def readers(self) -> dict[DatasetId, frozenset[DatasetId]]:
        """Who reads a dataset; that it reads itself does not count."""
        found: defaultdict[DatasetId, set[DatasetId]] = defaultdict(set)
        for edge in self.graph.dataset_edges:
            if edge.source != edge.target:
                found[edge.source].add(edge.target)
        return {dataset: frozenset(readers) for dataset, readers in found.items()}

    @cached_property
    def tests(self) -> frozenset[DatasetId]:
        return frozenset(dataset.id for dataset in self.graph.datasets if dataset.kind is DatasetKind.TEST)

    @cached_property
    def public(self) -> dict[DatasetId, str]:
        """Datasets that somebody outside looks at, and how one knows: an exposure, dbt's access, the configuration."""
        found: dict[DatasetId, str] = {}
        for exposure in self.graph.exposures:
            for dataset in exposure.depends_on:
                found.setdefault(dataset, f"the exposure {exposure.name} uses it")
        for dataset, node in self.nodes.items():
            if node.access == "public":
                found.setdefault(dataset, "its access is public")
        for each in self.chosen(self.settings.privacy.public):
            found.setdefault(each, "the configuration calls it public")
        return found

    @cached_property
    def read_through_holes(self) -> frozenset[DatasetId]:
        """Datasets that are read where a template is not rendered, or a statement not parsed: anything may be read there."""
        hidden = {gap.span.path for gap in self.graph.coverage.gaps if gap.span is not None and gap.kind in _HIDING}
        return frozenset(dataset for job in self.graph.jobs if job.span.path in hidden for dataset in (*job.reads, *job.writes))

    def once(self, work: Callable[[Material], Result]) -> Result:
        """What ``work`` makes of this, worked out once however many rules ask for it."""
        if work not in self._done:
            self._done[work] = work(self)
        return self._done[work]  # type: ignore[no-any-return]

    @cached_property
    def _done(self) -> dict[Any, Any]:
        return {}

    @cached_property
    def reads_at(self) -> dict[tuple[JobId, DatasetId], Span]:
        """Where a statement names what it reads."""
        found: dict[tuple[JobId, DatasetId], Span] = {}
        for statement in self.known_facts.statements:
            for read in statement.reads:
                key = (statement.job, read.dataset)
                found[key] = min(read.span, found.get(key, read.span))
        return found

    def called_personal(self, name: str) -> bool:
        """Whether its name says that a column is personal: email, and not has_email or n_emails."""
        known = self._called.get(name)
        if known is None:
            known = self._called[name] = self._personal_names.search(name) is not None and _ABOUT.match(name) is None
        return known

    @cached_property
    def _called(self) -> dict[str, bool]:
        return {}  # the same names come again and again

    @cached_property
    def _personal_names(self) -> re.Pattern[str]:
        patterns = (f"(?:{pattern})" for pattern in self.settings.privacy.patterns)
        return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)

    @cached_property
    def exposed(self) -> frozenset[DatasetId]:
        return frozenset(dataset for exposure in self.graph.exposures for dataset in exposure.depends_on)

    def chosen(self, selectors: Iterable[str]) -> list[DatasetId]:
        """The datasets that selectors mean, in order."""
        wanted = tuple(selectors)
        if not wanted:
            return []
        return [dataset.id for dataset in self.graph.datasets if selects(wanted, dataset, self.nodes.get(dataset.id))]

    @cached_property
    def feeds_protected(self) -> dict[ColumnId, ColumnId]:
        """Columns that decide a value of what should be certain, with the first that they decide."""
        protected = self.guarded
        found: dict[ColumnId, ColumnId] = {}
        for end in sorted({edge.target for edge in self.graph.column_edges if edge.target.dataset in protected}):
            pending = [] if end in found else [end]
            found.setdefault(end, end)
            while pending:
                column = pending.pop()
                for edge in self.index.column_edges_into.get(column, ()):
                    if edge.source not in found:
                        found[edge.source] = end
                        pending.append(edge.source)
        return found

    @cached_property
    def all_tags(self) -> frozenset[str]:
        """Of columns, in small letters."""
        return frozenset(
            tag.casefold() for dataset in self.graph.datasets for column in dataset.columns or () for tag in column.tags
        )

    @cached_property
    def guarded(self) -> frozenset[DatasetId]:
        """Datasets that should be certain: those of exposures, and those that the configuration names."""
        return self.exposed | frozenset(self.chosen(self.settings.protected))

    def described(self, dataset: DatasetId) -> Dataset | None:
        return self.index.datasets.get(dataset)

    def place(self, dataset: DatasetId) -> Span | None:
        """Where a finding about a dataset belongs: its definition, else the first statement that writes it."""
        found = self.index.datasets.get(dataset)
        if found is not None and found.span is not None:
            return found.span
        return self._first_writes.get(dataset)

    @cached_property
    def declared_places(self) -> dict[ColumnId, Span]:
        """Where YAML lists a column: there it has its tags, tests and description."""
        found: dict[ColumnId, Span] = {}
        for declared in self.known_facts.declared:
            dataset = self.by_unique_id.get(declared.unique_id)
            if dataset is not None:
                found.update(
                    (ColumnId(dataset.id, column.name), place)
                    for column, place in zip(declared.columns, declared.places, strict=False)
                )
        return found

    @cached_property
    def _first_writes(self) -> dict[DatasetId, Span]:
        found: dict[DatasetId, Span] = {}
        for job in self.graph.jobs:
            for target in job.writes:
                found[target] = min(job.span, found.get(target, job.span))
        return found

    def column_place(self, column: ColumnId) -> Span | None:
        """Where a column is made: the expression that gives it its value, else its dataset's place."""
        for edge in self.index.column_edges_into.get(column, ()):
            if edge.span is not None:
                return edge.span
        return self.place(column.dataset)
