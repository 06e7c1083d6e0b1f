"""What each method of a selector picks, before ``+`` and ``@``. Those that dbt has mean what they mean there."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.select import RULES
from sqllineage_scan.graph.selector.pattern import any_fits, fits, is_pattern, path_fits
from sqllineage_scan.graph.selector.picked import NOTHING, Picked, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.dbt import Node
    from sqllineage_scan.domain.job import Job
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.content import Content
    from sqllineage_scan.graph.index import Index
    from sqllineage_scan.graph.selector.syntax import Atom


@dataclass(frozen=True)
class Ground:
    """What atoms are looked up in."""

    content: Content
    index: Index

    @cached_property
    def nodes(self) -> Mapping[DatasetId, list[Node]]:
        found: defaultdict[DatasetId, list[Node]] = defaultdict(list)
        for node in self.content.nodes:
            if node.dataset is not None:
                found[node.dataset].append(node)
        return found

    @cached_property
    def writers(self) -> Mapping[DatasetId, list[Job]]:
        found: defaultdict[DatasetId, list[Job]] = defaultdict(list)
        for job in self.content.jobs:
            for dataset in job.writes:
                found[dataset].append(job)
        return found

    def datasets_where(self, test: Callable[[Dataset], bool]) -> Picked:
        return whole(self.index, (dataset.id for dataset in self.content.datasets if test(dataset)))

    def by_nodes(self, test: Callable[[Node], bool]) -> Picked:
        return self.datasets_where(lambda dataset: any(test(node) for node in self.nodes.get(dataset.id, ())))

    def names(self, dataset: Dataset) -> Iterator[tuple[str, ...]]:
        """The names that the dataset answers to, rule by rule; of two nodes that are one dataset (a seed that is a source)
        both.
        """
        nodes = self.nodes.get(dataset.id, ())
        yield from (tuple(rule(dataset)) for rule in RULES[:1])
        yield (*RULES[1](dataset), *(node.unique_id for node in nodes))
        yield (*RULES[2](dataset), *(node.name for node in nodes), *_folders(nodes))
        yield tuple(RULES[3](dataset))

    def paths(self, dataset: Dataset) -> Iterator[str]:
        """The files that define it and those that fill it."""
        if dataset.span is not None:
            yield dataset.span.path
        yield from (job.span.path for job in self.writers.get(dataset.id, ()))


def by_name(ground: Ground, atom: Atom) -> Picked:
    """``orders``, ``marts.*``, ``orders.amount``: datasets, else columns; what has a slash is a path, as dbt has it."""
    for value in dict.fromkeys((atom.value, _unquoted(atom.value))):
        found = _datasets_named(ground, value) or _columns_named(ground, value)
        if found is None and "/" in value:
            found = by_path(ground, atom)
        if found is None and value.endswith((".sql", ".py", ".csv", ".yml")):
            found = by_file(ground, atom)
        if found is not None and found.something:
            return found
    return NOTHING


def _datasets_named(ground: Ground, value: str) -> Picked | None:
    """A name means what it means to ``show``: the first rule that anything meets decides. A pattern means all that fit."""
    ranks: defaultdict[int, list[DatasetId]] = defaultdict(list)
    for dataset in ground.content.datasets:
        for rank, names in enumerate(ground.names(dataset)):
            if any_fits(names, value):
                ranks[0 if is_pattern(value) else rank].append(dataset.id)
                break
    found = ranks[min(ranks)] if ranks else ()
    exposures = (item for item in ground.content.exposures if fits(item.name, value) or item.unique_id == value)
    picked = whole(ground.index, found, exposures)
    return picked if picked.something else None


def _folders(nodes: Iterable[Node]) -> Iterator[str]:
    """dbt's fully qualified names, and what is a whole folder: ``marts``, ``shop.marts``, ``marts.orders``."""
    for node in nodes:
        folders = posixpath.dirname(node.path).split("/")
        yield node.package
        for start, first in enumerate(folders):
            if first and first != node.package:
                folder = ".".join(folders[start:])
                yield from (folder, f"{folder}.{node.name}", f"{node.package}.{folder}", f"{node.package}.{folder}.{node.name}")


def _columns_named(ground: Ground, value: str) -> Picked | None:
    """``orders.amount``, cut at every dot: both halves may have dots and wildcards of their own."""
    ranks: defaultdict[int, set[ColumnId]] = defaultdict(set)
    cuts = [(value[:position], value[position + 1 :]) for position, letter in enumerate(value) if letter == "."]
    for dataset in ground.content.datasets if cuts else ():
        named = list(ground.names(dataset))
        for before, after in cuts:
            rank = next((rank for rank, names in enumerate(named) if any_fits(names, before)), None)
            if rank is not None:
                columns = (ColumnId(dataset.id, name) for name in ground.index.columns[dataset.id] if fits(name, after))
                ranks[0 if is_pattern(before) else rank].update(columns)
    ranks = defaultdict(set, {rank: columns for rank, columns in ranks.items() if columns})
    return Picked(columns=frozenset(ranks[min(ranks)])) if ranks else None


def by_path(ground: Ground, atom: Atom) -> Picked:
    pattern = _unquoted(atom.value)
    found = ground.datasets_where(lambda dataset: any(path_fits(path, pattern) for path in ground.paths(dataset)))
    exposures = frozenset(item for item in ground.content.exposures if path_fits(item.span.path, pattern))
    return found._replace(exposures=exposures)


def by_file(ground: Ground, atom: Atom) -> Picked:
    pattern = _unquoted(atom.value)

    def named(path: str) -> bool:
        file = posixpath.basename(path)
        return fits(file, pattern) or fits(posixpath.splitext(file)[0], pattern)

    return ground.datasets_where(lambda dataset: any(map(named, ground.paths(dataset))))


def by_tag(ground: Ground, atom: Atom) -> Picked:
    """Datasets that bear the tag, whole, and the columns that bear it."""
    pattern = _unquoted(atom.value)
    tagged = ground.datasets_where(
        lambda dataset: (
            any_fits(dataset.tags, pattern) or any(any_fits(node.tags, pattern) for node in ground.nodes.get(dataset.id, ()))
        )
    )
    columns = (
        ColumnId(dataset.id, column.name)
        for dataset in ground.content.datasets
        for column in dataset.columns or ()
        if any_fits(column.tags, pattern)
    )
    return tagged | Picked(columns=frozenset(columns))


def by_source(ground: Ground, atom: Atom) -> Picked:
    """``raw``, ``raw.orders``, ``shop.raw.orders``: a source, a table of it, with the package before it."""
    pattern = _unquoted(atom.value)

    def named(unique_id: str) -> bool:
        kind, package, source, table = [*unique_id.split(".", 3), "", "", ""][:4]
        known = (source, f"{source}.{table}", f"{package}.{source}", f"{package}.{source}.{table}")
        return kind == "source" and (any_fits(known, pattern) or pattern in (f"{source}.*", "*"))

    return ground.datasets_where(
        lambda dataset: named(dataset.unique_id or "") or any(named(node.unique_id) for node in ground.nodes.get(dataset.id, ()))
    )


def by_exposure(ground: Ground, atom: Atom) -> Picked:
    pattern = _unquoted(atom.value)
    return Picked(exposures=frozenset(item for item in ground.content.exposures if fits(item.name, pattern)))


def by_owner(ground: Ground, atom: Atom) -> Picked:
    """Owners are people's words: capitals make no difference."""
    pattern = _unquoted(atom.value).casefold()
    found = ground.datasets_where(lambda dataset: dataset.owner is not None and fits(dataset.owner.casefold(), pattern))
    owned = (item for item in ground.content.exposures if item.owner is not None and fits(item.owner.casefold(), pattern))
    return found._replace(exposures=frozenset(owned))


def by_kind(ground: Ground, atom: Atom) -> Picked:
    """``model``, ``view``, ``source``, … of datasets; ``dashboard``, ``notebook``, … or ``exposure`` of exposures."""
    pattern = _unquoted(atom.value).casefold()
    found = ground.datasets_where(
        lambda dataset: (
            fits(dataset.kind.value, pattern)
            or any(fits(node.resource_type, pattern) for node in ground.nodes.get(dataset.id, ()))
        )
    )
    exposures = (item for item in ground.content.exposures if fits(item.kind, pattern) or fits("exposure", pattern))
    return found._replace(exposures=frozenset(exposures))


def by_package(ground: Ground, atom: Atom) -> Picked:
    return ground.by_nodes(lambda node: fits(node.package, _unquoted(atom.value)))


def by_group(ground: Ground, atom: Atom) -> Picked:
    return ground.by_nodes(lambda node: fits(node.group, _unquoted(atom.value)))


def by_access(ground: Ground, atom: Atom) -> Picked:
    return ground.by_nodes(lambda node: fits(node.access, _unquoted(atom.value)))


def by_config(ground: Ground, atom: Atom) -> Picked:
    """``config.materialized:incremental``; of a node's configuration the document keeps these."""
    kept = ("materialized", "schema", "database", "alias", "group", "access", "tags")
    if atom.key not in kept:
        raise UsageError(f"selector {atom.text!r}: config.KEY knows {', '.join(kept)}")

    def said(node: Node) -> tuple[str, ...]:
        value = getattr(node, atom.key) or ""
        return value if isinstance(value, tuple) else (value,)

    return ground.by_nodes(lambda node: any_fits(said(node), _unquoted(atom.value)))


def by_namespace(ground: Ground, atom: Atom) -> Picked:
    return ground.datasets_where(lambda dataset: fits(dataset.id.namespace, _unquoted(atom.value)))


def by_dialect(ground: Ground, atom: Atom) -> Picked:
    pattern = _unquoted(atom.value)
    return ground.datasets_where(
        lambda dataset: any(fits(job.dialect or "ansi", pattern) for job in ground.writers.get(dataset.id, ()))
    )


def _unquoted(text: str) -> str:
    """owner:"Data team" is Data team."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


METHODS: Mapping[str, Callable[[Ground, Atom], Picked]] = {
    "fqn": by_name,
    "path": by_path,
    "file": by_file,
    "tag": by_tag,
    "source": by_source,
    "exposure": by_exposure,
    "owner": by_owner,
    "kind": by_kind,
    "resource_type": by_kind,
    "package": by_package,
    "group": by_group,
    "access": by_access,
    "config": by_config,
    "namespace": by_namespace,
    "dialect": by_dialect,
}
