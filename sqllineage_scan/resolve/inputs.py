"""What a FROM item offers to the names around it: a dataset's columns, or those of an earlier relation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from sqllineage_scan.domain.bound import BoundColumn, BoundRead, BoundRelation, BoundUse, RelationColumn
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqllineage_scan.dialects import Dialect
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.unit import Input, Relation, Star
    from sqllineage_scan.resolve.catalog import Meaning
    from sqllineage_scan.resolve.schema import Schema
    from sqllineage_scan.resolve.view import View

Origin = ColumnId | RelationColumn


class Found(NamedTuple):
    """A column that a name may mean. ``certain``: its input is known to have it."""

    origins: tuple[Origin, ...]
    certain: bool
    evidence: tuple[Evidence, ...] = ()
    path: tuple[str, ...] = ()  # the name goes on to a field of it: address.zip

    @property
    def chosen(self) -> bool:
        """Whether it is one of several that the name may mean."""
        return bool(self.evidence) and EvidenceKind.CANDIDATE in [item.kind for item in self.evidence]


class OpenStar(NamedTuple):
    """A star over inputs some of whose columns nobody knows; it stays ready to give more."""

    star: Star
    inputs: tuple[Source, ...]
    uses: tuple[BoundUse, ...] = ()  # what its columns are made of, where that is not a column of the same name
    start: int = 0  # which columns of its relation are its own, of those that are known
    end: int = 0


@dataclass(slots=True)
class Draft:
    """A relation while it is bound. ``open_stars`` makes it *open*: it may have columns that are not listed."""

    number: int
    relation: Relation
    columns: list[BoundColumn] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)
    open_stars: list[OpenStar] = field(default_factory=list)
    open_branches: bool = False
    influences: list[BoundUse] = field(default_factory=list)
    reads: list[BoundRead] = field(default_factory=list)
    sources: Sequence[Source] = ()
    arguments: tuple[BoundUse, ...] | None = None
    asked: set[str] = field(default_factory=set)  # names looked for in vain, or being looked for

    @property
    def open(self) -> bool:
        return bool(self.open_stars) or self.open_branches or self.arguments is not None

    def append(self, column: BoundColumn) -> int:
        """Add a column; of two with one name the first is what the name means."""
        self.columns.append(column)
        position = len(self.columns) - 1
        self.index.setdefault(column.name, position)
        return position

    def frozen(self) -> BoundRelation:
        """The relation as it is bound in the end."""
        return BoundRelation(
            tuple(self.columns),
            tuple(self.influences),
            tuple(self.reads),
            self.relation.branches,
            self.relation.operator,
            self.relation.distinct,
            recursive=self.relation.anchor is not None,
            empty=self.relation.empty,
            open=self.open,
        )


class Source(Protocol):
    """Either kind of input."""

    spec: Input

    @property
    def alias(self) -> str: ...
    @property
    def open(self) -> bool: ...
    @property
    def computed(self) -> bool: ...
    def find(self, name: str) -> Found | None: ...
    def listed(self) -> Iterator[tuple[str, Found]]: ...


@dataclass(slots=True)
class DatasetSource:
    """``from raw.orders o``. Several datasets where the name is ambiguous."""

    spec: Input
    meaning: Meaning
    view: View
    demands: list[ColumnId]
    dialect: Dialect
    schemas: tuple[Schema, ...] = ()  # of the datasets, in their order
    plain: bool = False  # one dataset, its columns by their own names: nearly always

    def __post_init__(self) -> None:
        self.schemas = tuple([self.view.schema(dataset) for dataset in self.meaning.datasets])
        self.plain = len(self.schemas) == 1 and not self.spec.columns

    @property
    def alias(self) -> str:
        return self.spec.alias

    @property
    def computed(self) -> bool:
        return False

    @property
    def open(self) -> bool:
        if self.view.log is not None:
            self._note("")
        return not self.schemas[0].complete if len(self.schemas) == 1 else not all(schema.complete for schema in self.schemas)

    def find(self, name: str) -> Found | None:
        """The column of that name: listed, or possible because the list is not complete."""
        if self.view.log is not None:
            self._note(name)
        if name[:1] == "$" and self.dialect.numbered_columns:  # Snowflake: select $2 from t
            return self._numbered(name)
        if self.plain:
            schema = self.schemas[0]
            if schema.has(name):
                return self._known(schema, name)
        elif self.spec.columns:
            return self._renamed(name)
        each = tuple(zip(self.meaning.datasets, self.schemas, strict=True))
        having = [dataset for dataset, schema in each if schema.has(name)]
        if not having and name in self.dialect.hidden_columns:
            having = list(self.meaning.datasets)
        if having:
            return self._found(name, having, self._among(len(having)))
        possible = [dataset for dataset, schema in each if not schema.complete]
        if not possible:
            return None
        demanded = tuple(self.demand(dataset, name) for dataset in possible)
        return Found(demanded, certain=False, evidence=self._among(len(possible)))

    def _among(self, count: int) -> tuple[Evidence, ...]:
        """What makes the name doubtful, for a column that so many of the datasets have which it may mean: ``orders`` may be
        raw.orders or crm.orders, but only crm.orders has a discount.
        """
        if len(self.meaning.datasets) == count:
            return self.meaning.evidence
        return tuple(
            item
            if item.kind is not EvidenceKind.CANDIDATE
            else item._replace(among=count)
            if count > 1
            else Evidence(EvidenceKind.PARTIAL_NAME, item.note, item.span)
            for item in self.meaning.evidence
        )

    def demand(self, dataset: DatasetId, name: str) -> ColumnId:
        """A column that is read and not listed: whoever makes the dataset will be asked for it."""
        column = ColumnId(dataset, name)
        self.demands.append(column)
        return column

    def _numbered(self, name: str) -> Found | None:
        columns = list(self.schemas[0].columns)
        if 0 < int(name[1:] or 0) <= len(columns) and not self.open:
            name = columns[int(name[1:]) - 1]
        return Found((ColumnId(self.meaning.datasets[0], name),), certain=True, evidence=self.meaning.evidence)

    def listed(self) -> Iterator[tuple[str, Found]]:
        """All known columns in order; of several tables each name once, with all that have it."""
        if self.view.log is not None:
            self._note(None)
        if self.plain:
            (schema,) = self.schemas
            hides = schema.passed_over if self.dialect.hides_computed else ()
            for name in tuple(schema.columns):
                if name not in hides:
                    yield name, self._known(schema, name)
            return
        owners: dict[str, list[DatasetId]] = {}
        for dataset, schema in zip(self.meaning.datasets, self.schemas, strict=True):
            hidden = schema.passed_over if self.dialect.hides_computed else ()
            for name in tuple(schema.columns):
                if name in hidden:
                    continue
                owners.setdefault(name, []).append(dataset)
        for position, (name, having) in enumerate(owners.items()):
            shown = self.spec.columns[position] if position < len(self.spec.columns) else name
            yield shown, self._found(name, having, self.meaning.evidence)

    def lists(self, name: str) -> bool:
        """Whether it is known to have a column of that name."""
        if self.view.log is not None:
            self._note(name)
        if self.plain and self.schemas[0].has(name):
            return True
        if name in self.dialect.hidden_columns or (self.dialect.numbered_columns and name[:1] == "$"):
            return True
        if self.spec.columns:  # from t as x (a, b): t's first columns have other names here, and lost their own
            return any(shown == name for shown, _ in self.listed())
        return any(schema.has(name) for schema in self.schemas)

    def _note(self, name: str | None) -> None:
        """That an open star looks for ``name`` here, or goes through all columns."""
        log = self.view.log
        assert log is not None
        for dataset, schema in zip(self.meaning.datasets, self.schemas, strict=True):
            if name is None or self.spec.columns or name[:1] == "$":
                log.list_all(dataset, schema)
            else:
                log.consult(dataset, schema, name)

    def _known(self, schema: Schema, name: str) -> Found:
        """A column of the one dataset."""
        evidence = self.meaning.evidence
        doubt = schema.doubts.get(name) if schema.doubts else None
        return Found((ColumnId(self.meaning.datasets[0], name),), True, evidence if doubt is None else (*evidence, doubt))

    def _found(self, name: str, having: Sequence[DatasetId], evidence: tuple[Evidence, ...]) -> Found:
        origins = tuple([ColumnId(dataset, name) for dataset in having])
        doubts = self._doubts(having[0], name)
        return Found(origins, certain=True, evidence=(*evidence, *doubts) if doubts else evidence)

    def _renamed(self, name: str) -> Found | None:
        return next((found for shown, found in self.listed() if shown == name), None)

    def _doubts(self, dataset: DatasetId, name: str) -> tuple[Evidence, ...]:
        """Why the column may not be there, though it is asked for."""
        doubt = self.schemas[self.meaning.datasets.index(dataset)].doubts.get(name)
        return () if doubt is None else (doubt,)


@dataclass(slots=True)
class RelationSource:
    """``from (select …) d``, ``from some_cte``."""

    spec: Input
    draft: Draft
    widen: Widen

    @property
    def alias(self) -> str:
        return self.spec.alias

    @property
    def computed(self) -> bool:
        return self.draft.arguments is not None

    @property
    def open(self) -> bool:
        return self.draft.open and not (self.computed and self.spec.columns)

    def find(self, name: str) -> Found | None:
        """The column of that name; an open relation is asked to pass it through."""
        position: int | None
        if name.startswith("$") and name[1:].isdigit() and not self.open and name not in self.draft.index:
            position = int(name[1:]) - 1  # Snowflake: select $2 from (values (1, 'x'))
        elif self.computed:
            position = self.widen(self.draft, name) if not self.spec.columns or name in self.spec.columns else None
        elif name in self.spec.columns:
            position = self.spec.columns.index(name)
        else:
            position = self.draft.index.get(name)
        if position is not None and position < len(self.draft.columns):
            return Found(((self.draft.number, position),), certain=True)
        position = self.widen(self.draft, name) if self.open else None
        return None if position is None else Found(((self.draft.number, position),), certain=False)

    def listed(self) -> Iterator[tuple[str, Found]]:
        """All known columns in order."""
        for name in self.spec.columns if self.computed else ():
            self.widen(self.draft, name)
        for position, column in enumerate(list(self.draft.columns)):
            shown = self.spec.columns[position] if position < len(self.spec.columns) else column.name
            yield shown, Found(((self.draft.number, position),), certain=True)


class Widen(Protocol):
    """Asks an open relation for a column that it does not list; its position, or None."""

    def __call__(self, draft: Draft, name: str) -> int | None: ...


OPEN_STAR = Evidence(EvidenceKind.OPEN_STAR, "through a star over columns that nothing in the repository lists")
