"""Types of columns, as far as the repository says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import ColumnId
    from sqllineage_scan.linting.material import Material


def known_type(material: Material, column: ColumnId) -> str:
    """As declared; else what the statement that makes it casts it to; else that of the column which it is, unchanged."""
    seen: set[ColumnId] = set()
    while column not in seen:
        seen.add(column)
        described = material.columns.get(column)
        if described is not None and described.type:
            return described.type
        made = material.made_types.get(column, frozenset())
        if made:
            return next(iter(made)) if len(made) == 1 else ""
        into = [edge for edge in material.index.column_edges_into.get(column, ()) if edge.source != column]
        if len(into) != 1 or into[0].transformation.subtype is not Subtype.IDENTITY or into[0].transformation.masking:
            return ""
        column = into[0].source
    return ""


def made_type(material: Material, column: ColumnId) -> str:
    """What statements make of it, whatever is declared of it."""
    made = material.made_types.get(column, frozenset())
    if made:
        return next(iter(made)) if len(made) == 1 else ""
    into = [edge for edge in material.index.column_edges_into.get(column, ()) if edge.source != column]
    if len(into) != 1 or into[0].transformation.subtype is not Subtype.IDENTITY or into[0].transformation.masking:
        return ""
    return known_type(material, into[0].source)
