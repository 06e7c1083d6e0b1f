"""What happens to a value on its way: OpenLineage's column-lineage transformations (facet 1-2-0)."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class TransformationType(StrEnum):
    DIRECT = "DIRECT"
    INDIRECT = "INDIRECT"


class TransformationSubtype(StrEnum):
    IDENTITY = "IDENTITY"  # select a
    TRANSFORMATION = "TRANSFORMATION"  # select a + 1
    AGGREGATION = "AGGREGATION"  # select sum(a)
    JOIN = "JOIN"  # join t on a = t.a
    FILTER = "FILTER"  # where a > 0
    GROUP_BY = "GROUP_BY"  # group by a
    SORT = "SORT"  # order by a
    WINDOW = "WINDOW"  # over (partition by a)
    CONDITIONAL = "CONDITIONAL"  # case when a > 0 then …

    @property
    def type(self) -> TransformationType:
        """Derived, so that ``INDIRECT IDENTITY`` cannot be written."""
        return TransformationType.DIRECT if self in _DIRECT_RANK else TransformationType.INDIRECT


_DIRECT_RANK = {
    TransformationSubtype.IDENTITY: 0,
    TransformationSubtype.TRANSFORMATION: 1,
    TransformationSubtype.AGGREGATION: 2,
}
_INDIRECT_RANK = {
    subtype: rank
    for rank, subtype in enumerate(
        (
            TransformationSubtype.JOIN,
            TransformationSubtype.FILTER,
            TransformationSubtype.GROUP_BY,
            TransformationSubtype.SORT,
            TransformationSubtype.WINDOW,
            TransformationSubtype.CONDITIONAL,
        )
    )
}


def compose(inner: TransformationSubtype, outer: TransformationSubtype) -> TransformationSubtype:
    """The subtype of ``outer`` applied to the result of ``inner`` (OpenLineage, column lineage facet, "composition").

    Indirect wins over direct, and among direct ones the stronger wins: identity < transformation < aggregation.

        select sum(x) from (select a + 1 as x from t)      TRANSFORMATION then AGGREGATION is AGGREGATION
        select x from t2 where y > 0                       whatever made y, it is a FILTER here
    """
    return _COMPOSED[inner, outer]


def _composed(inner: TransformationSubtype, outer: TransformationSubtype) -> TransformationSubtype:
    if outer in _INDIRECT_RANK:
        return outer
    if inner in _INDIRECT_RANK:
        return inner
    return max(inner, outer, key=_DIRECT_RANK.__getitem__)


_COMPOSED = {(inner, outer): _composed(inner, outer) for inner in TransformationSubtype for outer in TransformationSubtype}


class Transformation(NamedTuple):
    subtype: TransformationSubtype
    description: str = ""
    masking: bool = False

    @property
    def type(self) -> TransformationType:
        return self.subtype.type
