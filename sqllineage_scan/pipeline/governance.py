"""What is said about datasets beside the SQL and dbt's own files: in the configuration, by dbt's groups, in CODEOWNERS."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

from sqllineage_scan.graph.build import with_datasets
from sqllineage_scan.linting.codeowners import read_code_owners

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from sqllineage_scan.domain.dataset import Column, Dataset
    from sqllineage_scan.domain.dbt import Node
    from sqllineage_scan.domain.governance import GovernanceRule
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.linting.codeowners import CodeOwners


def with_governance(graph: LineageGraph, owners: CodeOwners | None, rules: Sequence[GovernanceRule]) -> LineageGraph:
    """The owner is whom the dataset's own ``meta`` names, else the last table of the configuration that fits, else its dbt
    group's. All else adds up. Whom CODEOWNERS names is kept apart: they look after a file.
    """
    nodes = {node.dataset: node for node in graph.nodes if node.dataset is not None and node.enabled}
    groups = {(node.package, node.name): node.owner for node in graph.nodes if node.resource_type == "group" and node.owner}
    if owners is None and not rules and not any(node.group or node.access for node in nodes.values()):
        return graph
    said = [_Rule(rule) for rule in rules]
    datasets = [_governed(dataset, said, owners, nodes, groups) for dataset in graph.datasets]
    return with_datasets(graph, datasets, _made_of(graph, rules, owners))


def state_of_owners(root: Path) -> str:
    """What of the repository has a say in it, beside what a scan reads."""
    return repr(read_code_owners(root))


def _made_of(graph: LineageGraph, rules: Sequence[GovernanceRule], owners: CodeOwners | None) -> str:
    if not graph.made_of:
        return ""
    return blake2b(repr((graph.made_of, rules, owners)).encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()


class _Rule:
    """One table of the configuration."""

    def __init__(self, rule: GovernanceRule) -> None:
        self.rule = rule
        self.origin = f"governance[{rule.number}]"

    @cached_property
    def _paths(self) -> object:
        from pathspec import GitIgnoreSpec

        return GitIgnoreSpec.from_lines(self.rule.paths)

    def fits(self, dataset: Dataset, node: Node | None) -> bool:
        rule = self.rule
        if rule.paths and not self._is_below(dataset, node):
            return False
        names = [str(dataset.id), dataset.id.name, *([node.name] if node is not None else [])]
        return not rule.datasets or any(fnmatchcase(name, pattern) for pattern in rule.datasets for name in names)

    def _is_below(self, dataset: Dataset, node: Node | None) -> bool:
        from pathspec import GitIgnoreSpec

        assert isinstance(self._paths, GitIgnoreSpec)
        places = {dataset.span.path if dataset.span is not None else "", node.path if node is not None else ""} - {""}
        return any(self._paths.match_file(path) for path in places)

    def fits_column(self, column: Column) -> bool:
        return any(fnmatchcase(column.name, pattern) for pattern in self.rule.columns)


def _governed(
    dataset: Dataset,
    rules: Sequence[_Rule],
    owners: CodeOwners | None,
    nodes: Mapping[DatasetId, Node],
    groups: Mapping[tuple[str, str], str | None],
) -> Dataset:
    node = nodes.get(dataset.id)
    fitting = [rule for rule in rules if rule.fits(dataset, node)]
    whole = [rule for rule in fitting if not rule.rule.columns]
    owner, origin = dataset.owner, dataset.owner_origin
    if owner is None:
        named = next((rule for rule in reversed(whole) if rule.rule.owner), None)
        if named is not None:
            owner, origin = named.rule.owner, named.origin
        elif node is not None and groups.get((node.package, node.group)):
            owner, origin = groups[node.package, node.group], f"group {node.group}"
    return replace(
        dataset,
        owner=owner,
        owner_origin=origin,
        stewards=_added(dataset.stewards, (rule.rule.stewards for rule in whole)),
        tags=_added(dataset.tags, (rule.rule.tags for rule in whole)),
        terms=_added(dataset.terms, (rule.rule.terms for rule in whole)),
        access=node.access if node is not None else dataset.access,
        code_owners=_code_owners(dataset, node, owners),
        columns=_columns(dataset.columns, [rule for rule in fitting if rule.rule.columns]),
    )


def _code_owners(dataset: Dataset, node: Node | None, owners: CodeOwners | None) -> tuple[str, ...]:
    """Of the file that makes it; a source is described in one."""
    path = node.path if node is not None else dataset.span.path if dataset.span is not None else ""
    return owners.of(path) if owners is not None and path else ()


def _columns(columns: tuple[Column, ...] | None, rules: Sequence[_Rule]) -> tuple[Column, ...] | None:
    if columns is None or not rules:
        return columns
    return tuple(_column(column, [rule for rule in rules if rule.fits_column(column)]) for column in columns)


def _column(column: Column, rules: Sequence[_Rule]) -> Column:
    tags = _added(column.tags, (rule.rule.tags for rule in rules))
    terms = _added(column.terms, (rule.rule.terms for rule in rules))
    return column._replace(tags=tags, terms=terms) if rules else column


def _added(known: tuple[str, ...], more: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    extra = [item for items in more for item in items]
    return tuple(sorted({*known, *extra})) if extra else known
