"""Files and stages that statements load from and write to. Their ids are the paths, as written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.unit import Input, Relation, SetOperator, Star, Write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.parse.scope import Scope


def file_name(path: str) -> RelationName:
    """A file or a stage, by the path or pattern that the statement writes."""
    return RelationName(NameKind.FILE, (path,))


def load(paths: Sequence[str], target: RelationName, span: Span, scope: Scope, *, kind: DatasetKind | None = None) -> Write:
    """All that is in some files goes into a table. Nobody lists a file's columns: whatever is asked of the table is asked of
    the file, under the same name.
    """
    return Write(target, all_of(paths, span, scope), kind, span=span)


def all_of(paths: Sequence[str], span: Span, scope: Scope) -> int:
    """The relation of all rows of some files: ``read_csv(['a.csv', 'b.csv'])``."""
    relations = [
        scope.add(Relation(inputs=(Input("", file_name(path), span),), projections=(Star(None, span),)))
        for path in dict.fromkeys(paths)
    ]
    return relations[0] if len(relations) == 1 else scope.add(Relation(branches=tuple(relations), operator=SetOperator.UNION))


def unload(relation: int, path: str, span: Span, *, columns: tuple[str, ...] | None = None) -> Write:
    """A query's rows go into a file, which has its columns from then on."""
    return Write(file_name(path), relation, DatasetKind.FILE, columns, span=span)
