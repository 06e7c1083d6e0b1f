"""Personal data: where it begins, by tags and by names, and where its values flow."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.transformation import TransformationType
from sqllineage_scan.domain.types import type_family

if TYPE_CHECKING:
    from sqllineage_scan.domain.edge import ColumnEdge
    from sqllineage_scan.linting.material import Material

# An aggregate of these shows nobody's value: count(distinct email). max(email) does.
_COUNTS = re.compile(
    r"^\s*(count|count_if|countif|approx\w*|sum|avg|mean|stddev\w*|var\w*|hll\w*|bool_or|bool_and)\s*\(", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Personal:
    """``begins``: columns that are personal of themselves, with how one knows; ``into``: for each column that their values
    reach, the edge by which they come; ``declared``: those that a tagged column's values reach.
    """

    tagged: dict[ColumnId, str]
    named: dict[ColumnId, str]
    into: dict[ColumnId, ColumnEdge]
    declared: frozenset[ColumnId]

    def way(self, column: ColumnId) -> tuple[ColumnEdge, ...]:
        """The edges from where the data begin, in their order."""
        edges: list[ColumnEdge] = []
        while column in self.into:  # each was reached from one that was there before: no circle
            edges.append(self.into[column])
            column = edges[-1].source
        return tuple(reversed(edges))

    def begin(self, column: ColumnId) -> ColumnId:
        way = self.way(column)
        return way[0].source if way else column


def find_personal(material: Material) -> Personal:
    """From every tagged column along values, the shortest way; then, for those not reached, from columns that are called so."""
    privacy = material.settings.privacy
    tags = frozenset(tag.casefold() for tag in privacy.tags)
    tagged: dict[ColumnId, str] = {}
    named: dict[ColumnId, str] = {}
    for dataset in material.near:
        if dataset.kind is DatasetKind.TEST:
            continue
        for name in material.index.columns.get(dataset.id, ()):
            key = ColumnId(dataset.id, name)
            column = material.columns.get(key)
            own = next((tag for tag in (column.tags if column else ()) if tag.casefold() in tags), "")
            if own:
                tagged[key] = own
            elif material.called_personal(name.rpartition(".")[2]):
                named[key] = name
    into: dict[ColumnId, ColumnEdge] = {}
    _spread(material, tagged, into)
    declared = frozenset({*into, *tagged})
    roots = {key: name for key, name in named.items() if key not in into and not material.index.column_edges_into.get(key)}
    _spread(material, roots, into, frozenset(tagged))
    return Personal(tagged, roots, into, declared)


def _spread(
    material: Material, begins: dict[ColumnId, str], into: dict[ColumnId, ColumnEdge], but: frozenset[ColumnId] = frozenset()
) -> None:
    pending = deque(begins)
    while pending:
        column = pending.popleft()
        for edge in material.index.column_edges_from.get(column, ()):
            known = edge.target in into or edge.target in begins or edge.target in but
            if not known and shows(edge) and not _only_about(material, edge.target):
                into[edge.target] = edge
                pending.append(edge.target)


def _only_about(material: Material, column: ColumnId) -> bool:
    """Whether it says something about a value rather than showing it: a yes or no, a length."""
    made = material.made_types.get(column, frozenset())
    described = material.columns.get(column)
    declared = type_family((described.type if described else None) or "")
    return declared == "boolean" or (bool(made) and all(type_family(each) == "boolean" or each == "bigint" for each in made))


def shows(edge: ColumnEdge) -> bool:
    """Whether the target shows a value of the source: not masked, not only counted, more than a condition."""
    transformation = edge.transformation
    if transformation.type is not TransformationType.DIRECT or transformation.masking:
        return False
    return transformation.subtype is not Subtype.AGGREGATION or not _COUNTS.match(transformation.description)
