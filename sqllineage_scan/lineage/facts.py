"""What a bound statement shows beside its lineage: join keys, operands by position, columns that nothing reads …"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

from sqllineage_scan.domain.evidence import EvidenceKind
from sqllineage_scan.domain.facts import (
    DeclaredDataset,
    DropFact,
    Facts,
    InsertFact,
    JoinFact,
    KeyFact,
    OperandFact,
    ReadFact,
    RepeatFact,
    StarFact,
    StatementFacts,
    TypeFact,
    WriteFact,
)
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.names import ColumnId, DatasetId
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Projection, SchemaAction, Star
from sqllineage_scan.lineage.idle import idle_joins
from sqllineage_scan.lineage.unused import unused_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqllineage_scan.domain.bound import BoundRelation, BoundUnit, BoundUse
    from sqllineage_scan.domain.facts import Suppression
    from sqllineage_scan.domain.source import CompiledFile
    from sqllineage_scan.domain.span import Span

Item = TypeVar("Item")
TypesSaid = dict[tuple[int, "Span", str], str]
"""By relation, and the place and name of a column of its list."""
_POORLY_READ = frozenset({EvidenceKind.MENDED, EvidenceKind.TOKENS, EvidenceKind.SECOND_PARSER})
_NAMELESS = "_col_"  # how columns are called that the database names


def facts_of(files: Iterable[CompiledFile], statements: Iterable[StatementFacts]) -> Facts:
    """All that rules ask for and the document does not have."""
    declared: list[DeclaredDataset] = []
    said: list[Suppression] = []
    for file in files:
        said.extend(file.suppressions)
        declared.extend(
            DeclaredDataset(each.unique_id, each.span, each.columns, each.places)
            for each in (file.declarations.datasets if file.declarations else ())
            if each.unique_id and each.enabled
        )
    return Facts(tuple(statements), tuple(declared), tuple(dict.fromkeys(said)))


def statement_facts(ways: Sequence[BoundUnit]) -> StatementFacts:
    """The facts of one statement. What several ways of rendering it show is a fact; what is unused must be so in each."""
    return _merged([_facts(unit) for unit in ways])


def _merged(ways: Sequence[StatementFacts]) -> StatementFacts:
    if len(ways) == 1:
        return ways[0]
    everywhere = {"unused", "idle_joins"}
    found: dict[str, Any] = {"job": ways[0].job, "kind": ways[0].kind}
    for name in StatementFacts.__dataclass_fields__:
        if name not in found:
            each = [getattr(way, name) for way in ways]
            kept = set(each[0]).intersection(*each[1:]) if name in everywhere else {item for items in each for item in items}
            found[name] = tuple(item for item in dict.fromkeys(item for items in each for item in items) if item in kept)
    return StatementFacts(**found)


def _facts(bound: BoundUnit) -> StatementFacts:
    whole = not any(item.kind in _POORLY_READ for item in bound.unit.evidence)  # else parts of it may be missing
    said = _types_said(bound)
    return StatementFacts(
        bound.job,
        bound.unit.kind,
        reads=tuple(dict.fromkeys(_reads(bound))),
        writes=tuple(WriteFact(write.target, write.kind, write.span or bound.unit.span) for write in bound.writes),
        stars=tuple(dict.fromkeys(_stars(bound))),
        joins=tuple(dict.fromkeys(_joins(bound, said))),
        idle_joins=idle_joins(bound) if whole else (),
        operands=tuple(dict.fromkeys(_operands(bound))) if whole else (),
        inserts=tuple(_inserts(bound)) if whole else (),
        repeats=tuple(_repeats(bound)) if whole else (),
        unused=unused_columns(bound) if whole else (),
        drops=tuple(_drops(bound)),
        types=tuple(_types(bound, said)),
    )


def _reads(bound: BoundUnit) -> Iterator[ReadFact]:
    for relation, written in zip(bound.relations, bound.unit.relations, strict=False):
        for read in relation.reads:
            if isinstance(read.source, DatasetId) and read.item is not None and read.item < len(written.inputs):
                item = written.inputs[read.item]
                if not isinstance(item.source, int):
                    certain = not any(each.kind is EvidenceKind.CANDIDATE for each in read.evidence)
                    yield ReadFact(read.source, item.source.kind, str(item.source), item.span, certain)


def _stars(bound: BoundUnit) -> Iterator[StarFact]:
    given = _outputs(bound)
    for number, (relation, written) in enumerate(zip(bound.relations, bound.unit.relations, strict=False)):
        for star in written.projections:
            if not isinstance(star, Star) or star.hole or star.family or star.qualifier:
                continue
            datasets: list[DatasetId] = []
            passes_open = False
            for read in relation.reads:
                item = written.inputs[read.item] if read.item is not None and read.item < len(written.inputs) else None
                if item is None or not item.visible or (star.input and item.alias != star.input):
                    continue
                if isinstance(read.source, DatasetId):
                    datasets.append(read.source)
                else:
                    passes_open |= bound.relations[read.source].open
            yield StarFact(star.span, tuple(dict.fromkeys(datasets)), given.get(number, ()), passes_open)


def _outputs(bound: BoundUnit) -> dict[int, tuple[DatasetId, ...]]:
    """The relations whose columns are those of a dataset that is written, also by way of ``select * from final``."""
    found: dict[int, tuple[DatasetId, ...]] = {}
    for write in bound.writes:
        pending = [] if write.relation is None else [write.relation]
        while pending:
            number = pending.pop()
            if write.target in found.get(number, ()) or number >= len(bound.unit.relations):
                continue
            found[number] = (*found.get(number, ()), write.target)
            relation = bound.unit.relations[number]
            pending.extend(relation.branches)
            if len(relation.projections) == len(relation.inputs) == 1 and isinstance(relation.projections[0], Star):
                source = relation.inputs[0].source
                pending += [source] if isinstance(source, int) else []
    return found


def _joins(bound: BoundUnit, said: TypesSaid) -> Iterator[JoinFact]:
    for relation, written in zip(bound.relations, bound.unit.relations, strict=False):
        by_place: dict[Span | None, BoundUse] = {}
        for use in relation.influences:
            by_place.setdefault(use.span, use)
        for influence in written.influences:
            for left, right in influence.equal:
                sides = by_place.get(left), by_place.get(right)
                if sides[0] is not None and sides[1] is not None:
                    keys = (_key(bound, sides[0], left, said), _key(bound, sides[1], right, said))
                    yield JoinFact(*keys, (*sides[0].evidence, *sides[1].evidence))


def _key(bound: BoundUnit, use: BoundUse, place: Span, said: TypesSaid) -> KeyFact:
    if len(use.origins) != 1:
        return KeyFact(None, "", "", place)
    column, made = _source(bound, use.origins[0], said)
    return KeyFact(column, made, column.column if column else "", place)


def _source(bound: BoundUnit, origin: ColumnId | tuple[int, int], said: TypesSaid) -> tuple[ColumnId | None, str]:
    """Down through CTEs that pass a column on unchanged: the dataset's column, or what a cast on the way makes of it."""
    for _ in range(len(bound.relations) + 1):
        if isinstance(origin, ColumnId):
            return origin, ""
        number, position = origin
        relation = bound.relations[number]
        if position >= len(relation.columns):
            return None, ""
        column = relation.columns[position]
        made = said.get((number, column.span, column.name), "")
        only = column.uses[0] if len(column.uses) == 1 else None
        if made or only is None or only.subtype is not Subtype.IDENTITY or len(only.origins) != 1:
            return None, made
        origin = only.origins[0]
    return None, ""


def _types_said(bound: BoundUnit) -> TypesSaid:
    """The types that the SQL gives columns, where it says so."""
    found: TypesSaid = {}
    for number, relation in enumerate(bound.unit.relations):
        for item in relation.projections:
            if isinstance(item, Projection):
                found.setdefault((number, item.span, item.name), item.type)
    return found


def _operands(bound: BoundUnit) -> Iterator[OperandFact]:
    for relation, written in zip(bound.relations, bound.unit.relations, strict=False):
        if relation.operator is None or written.by_name or not relation.branches:
            continue
        branches = [bound.relations[branch] for branch in relation.branches]
        if branches[0].open or not branches[0].columns:
            continue
        first = _names(branches[0])
        for number, branch in enumerate(branches[1:], 2):
            if not branch.open and branch.columns:
                yield OperandFact(relation.operator.value, number, first, _names(branch), branch.columns[0].span)


def _names(relation: BoundRelation) -> tuple[str, ...]:
    return tuple("" if column.name.startswith(_NAMELESS) else column.name for column in relation.columns)


def _inserts(bound: BoundUnit) -> Iterator[InsertFact]:
    for write, written in zip(bound.writes, bound.unit.writes, strict=False):
        positional = any(item.kind is EvidenceKind.POSITION for item in write.evidence)
        if bound.unit.kind is not JobKind.INSERT or write.kind is not None or write.relation is None or not positional:
            continue
        relation = bound.relations[write.relation]
        if relation.open or written.fixed or written.last or write.in_place or not relation.columns:
            continue
        columns = written.columns if written.columns is not None else tuple(name for name, _ in write.columns)
        yield InsertFact(write.target, written.columns is not None, _names(relation), columns, written.span or bound.unit.span)


def _repeats(bound: BoundUnit) -> Iterator[RepeatFact]:
    for write, written in zip(bound.writes, bound.unit.writes, strict=False):
        if write.kind is None or write.relation is None or written.columns is not None:
            continue
        columns = bound.relations[write.relation].columns
        counts = Counter(column.name for column in columns if not column.name.startswith(_NAMELESS))
        seen: set[str] = set()
        for column in columns:
            if counts[column.name] > 1 and column.name in seen:
                yield RepeatFact(write.target, write.kind, column.name, column.span)
                counts[column.name] = 0
            seen.add(column.name)


def _drops(bound: BoundUnit) -> Iterator[DropFact]:
    changes = bound.unit.changes
    if len({change.target for change in changes}) != 1 or not bound.defines:
        return
    for change in changes:
        if change.action is SchemaAction.DROP_COLUMN:
            for column in change.columns:
                yield DropFact(ColumnId(bound.defines[0], column.name), "", change.span)
        elif change.action is SchemaAction.RENAME_COLUMN:
            yield DropFact(ColumnId(bound.defines[0], change.renamed_from), change.columns[0].name, change.span)


def _types(bound: BoundUnit, said: TypesSaid) -> Iterator[TypeFact]:
    for write in bound.writes:
        for name, position in write.columns if write.relation is not None else ():
            assert write.relation is not None
            made = _source(bound, (write.relation, position), said)[1]
            if made:
                yield TypeFact(ColumnId(write.target, name), made)
