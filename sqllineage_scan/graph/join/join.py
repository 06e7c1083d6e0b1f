"""Graphs of several repositories joined by the names of their datasets.

A graph is first *placed*: its paths and jobs get the name of its repository before them, so that two ``models/orders.sql``
stay two. What was placed is marked (``members``) and never placed again. From there on joining is the union of sets, and of
entries of one dataset by rules that know no order: so it is associative, commutative and idempotent.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.coverage import Coverage, FileRecord
from sqllineage_scan.domain.dataset import Dataset, DatasetKind
from sqllineage_scan.domain.dbt import Node
from sqllineage_scan.domain.member import Member
from sqllineage_scan.domain.names import DatasetId, JobId
from sqllineage_scan.domain.span import Span
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.build import build_graph
from sqllineage_scan.graph.join.aliases import Aliases
from sqllineage_scan.graph.join.datasets import merged_datasets
from sqllineage_scan.graph.join.rewrite import Rewrite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqllineage_scan.graph.model import LineageGraph

_LISTS = ("datasets", "jobs", "column_edges", "row_edges", "dataset_edges", "exposures", "findings", "nodes")
_LOCAL = frozenset({DatasetKind.QUERY, DatasetKind.TEMPORARY, DatasetKind.TEST, DatasetKind.EPHEMERAL})


def join(graphs: Iterable[LineageGraph], aliases: Mapping[str, str] | None = None) -> LineageGraph:
    """One graph of all. ``UsageError`` where two different repositories have the same name."""
    renamed = Aliases(aliases or {})
    placed = [_placed(graph, renamed) for graph in graphs]
    members = sorted({member for graph in placed for member in graph.members})
    _check_names(members)
    lists: dict[str, Any] = {key: [item for graph in placed for item in getattr(graph, key)] for key in _LISTS}
    lists["datasets"] = merged_datasets(lists["datasets"])
    dialects: Counter[str] = Counter()
    for member in members:
        dialects.update(dict(member.dialects))
    return build_graph(
        name=" + ".join(member.name for member in members),
        revision=None,
        dialects=dialects,
        members=members,
        coverage=_coverage([graph.coverage for graph in placed], members),
        **lists,
    )


def _check_names(members: Sequence[Member]) -> None:
    counts = Counter(member.name for member in members)
    twice = next((name for name, count in counts.items() if count > 1), None)
    if twice is not None:
        raise UsageError(f"two different repositories are called {twice!r}: name them, link one=a.json two=b.json")


def _placed(graph: LineageGraph, aliases: Aliases) -> LineageGraph:
    """With the repository's name before all that is its own; with the names of datasets that the rules say."""
    if graph.members:
        return _rewritten(graph, {DatasetId: aliases}, graph.members)
    name = graph.name
    own = {dataset.id for dataset in graph.datasets if _is_local(dataset)}

    def of_dataset(dataset: DatasetId) -> DatasetId:
        return aliases(DatasetId(dataset.namespace, f"{name}/{dataset.name}") if dataset in own else dataset)

    changes: dict[type, Callable[[Any], Any]] = {
        DatasetId: of_dataset,
        JobId: lambda job: job if job.namespace else JobId(name, job.name),
        Span: lambda span: span._replace(path=f"{name}/{span.path}"),
    }
    placed = _rewritten(graph, changes, (_member(graph),))
    return replace(
        placed,
        nodes=tuple(_moved(node, name) for node in placed.nodes),
        coverage=replace(placed.coverage, files=tuple(_moved(file, name) for file in placed.coverage.files)),
    )


def _moved(item: Any, name: str) -> Any:
    assert isinstance(item, (Node, FileRecord))
    return replace(item, path=f"{name}/{item.path}")


def _is_local(dataset: Dataset) -> bool:
    """Whose name means something in its own repository only: a query, a temporary table, a file beside it, a hole."""
    name = dataset.id.name
    return (
        dataset.kind in _LOCAL
        or (dataset.kind is DatasetKind.FILE and "://" not in name and not name.startswith(("/", "@")))
        or "{{" in name
    )


def _rewritten(graph: LineageGraph, changes: Mapping[type, Callable[[Any], Any]], members: tuple[Member, ...]) -> LineageGraph:
    rewrite = Rewrite(changes)
    changed: dict[str, Any] = {key: rewrite(getattr(graph, key)) for key in (*_LISTS, "coverage")}
    return replace(graph, members=members, **changed)


def _member(graph: LineageGraph) -> Member:
    document = graph.to_dict()
    del document["tool"]
    text = json.dumps(document, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    coverage = graph.coverage
    return Member(
        name=graph.name,
        revision=graph.revision or "",
        digest=f"sha256:{hashlib.sha256(text.encode()).hexdigest()}",
        dialects=tuple(sorted(graph.dialects.items())),
        statements=coverage.statements,
        statements_understood=coverage.statements_understood,
        references=coverage.references,
        references_resolved=coverage.references_resolved,
    )


def _coverage(each: Iterable[Coverage], members: Iterable[Member]) -> Coverage:
    every = list(each)
    counted = list(members)
    return Coverage(
        files=tuple({record: None for coverage in every for record in coverage.files}),
        statements=sum(member.statements for member in counted),
        statements_understood=sum(member.statements_understood for member in counted),
        references=sum(member.references for member in counted),
        references_resolved=sum(member.references_resolved for member in counted),
        gaps=tuple({gap: None for coverage in every for gap in coverage.gaps}),
    )
