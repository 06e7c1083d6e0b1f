"""What is known of one dataset's columns while the repository is linked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from sqllineage_scan.domain.dataset import Column, SchemaOrigin
from sqllineage_scan.domain.linked import SchemaEffect
from sqllineage_scan.domain.unit import SchemaAction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.evidence import Evidence
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.unit import SchemaChange


@dataclass(slots=True)
class Schema:
    """``columns`` in order, by canonical name. ``complete``: a name that is not in it does not exist."""

    columns: dict[str, Column] = field(default_factory=dict)
    origin: SchemaOrigin = SchemaOrigin.NONE
    complete: bool = False
    passed_over: frozenset[str] = frozenset()  # columns that an INSERT without a list does not count
    doubts: dict[str, Evidence] = field(default_factory=dict)  # columns that are there if a choice elsewhere falls on them
    _owners: tuple[int, frozenset[str]] = (0, frozenset())
    _shape: bytes = b""
    _whole: bytes = b""

    @property
    def shape(self) -> bytes:
        """A digest of all that a unit that reads the dataset can see while it is bound."""
        if not self._shape:
            words = [f"{column.name}\1{column.type or ''}" for column in self.columns.values()]
            self._shape = _digest([self.origin, str(self.complete), *words, "", *sorted(self.passed_over)])
        return self._shape

    @property
    def whole(self) -> bytes:
        """A digest of everything, for units that write the dataset: what they define keeps descriptions and tags."""
        if not self._whole:
            words = [repr(tuple(column)) for column in self.columns.values()]
            self._whole = _digest([self.origin, str(self.complete), *words, "", *sorted(self.passed_over)])
        return self._whole

    def listing(self) -> bytes:
        """A digest of the columns by name, with what makes some of them doubtful."""
        return _digest([*self.columns, "", *(repr(item) for item in self.doubts.items())])

    def effect(self, dataset: DatasetId) -> SchemaEffect:
        columns, passed_over = tuple(self.columns.values()), tuple(sorted(self.passed_over))
        return SchemaEffect(dataset, columns, self.origin, self.complete, passed_over, self.shape, self.whole)

    def become(self, effect: SchemaEffect) -> None:
        """What a unit made of it another time."""
        self.columns = {column.name: column for column in effect.columns}
        self.origin, self.complete, self.passed_over = effect.origin, effect.complete, frozenset(effect.passed_over)
        self._shape, self._whole = effect.shape, effect.whole

    def copy(self) -> Schema:
        return replace(self, columns=dict(self.columns), doubts=dict(self.doubts))

    def changed(self) -> None:
        self._shape = self._whole = b""

    def has(self, name: str) -> bool:
        """Whether ``name`` is listed, or only its fields are: ``address.zip``."""
        if name in self.columns:
            return True
        counted, owners = self._owners
        if counted != len(self.columns):
            owners = frozenset(column.partition(".")[0] for column in self.columns if "." in column)
            self._owners = (len(self.columns), owners)
        return name in owners

    def define(self, columns: Iterable[Column], origin: SchemaOrigin, *, complete: bool) -> None:
        """Take ``columns`` as the list, keeping what is known of each already (a description from YAML, a declared type)."""
        self.changed()
        before = self.columns
        self.columns = {}
        for ordinal, column in enumerate(columns, 1):
            if column.name not in self.columns:
                placed = column if column.ordinal == ordinal else column._replace(ordinal=ordinal)
                self.columns[column.name] = _merged(placed, before.get(column.name))
        if not complete:
            for name, column in before.items():
                self.columns.setdefault(name, column)
        self.origin, self.complete = origin, complete

    def describe(self, columns: Iterable[Column]) -> None:
        """Add what YAML says; a list in YAML may be a part of the columns, so it never makes the list complete."""
        self.changed()
        for column in columns:
            known = self.columns.get(column.name)
            if known is not None:
                self.columns[column.name] = _merged(known, column)
            elif not self.complete:
                self.columns[column.name] = column._replace(ordinal=None)
                if self.origin is SchemaOrigin.NONE:
                    self.origin = SchemaOrigin.PROPERTIES

    def forget(self) -> None:
        """What had this name is gone: ``drop table t; create table t as select …``"""
        self.changed()
        self.columns, self.origin, self.complete = {}, SchemaOrigin.NONE, False
        self.doubts.clear()

    def see(self, name: str) -> None:
        """Somebody reads ``name``: so it exists, as far as anyone can tell."""
        if name not in self.columns:
            self.columns[name] = Column(name)
            self.changed()

    def apply(self, change: SchemaChange) -> None:
        """One step of DDL: ``create table``, ``alter table … add | drop | rename column``."""
        self.changed()
        if change.action is SchemaAction.CREATE:
            self.define(change.columns, SchemaOrigin.DDL, complete=True)
            self.passed_over = change.passed_over
        elif change.action is SchemaAction.ADD_COLUMN:
            for column in change.columns:
                self.columns.setdefault(column.name, column._replace(ordinal=len(self.columns) + 1 if self.complete else None))
        elif change.action is SchemaAction.DROP_COLUMN:
            kept = [column for column in self.columns.values() if column.name not in {gone.name for gone in change.columns}]
            self._renumber(kept)
        else:
            new = change.columns[0].name
            self._renumber(
                column._replace(name=new) if column.name == change.renamed_from else column for column in self.columns.values()
            )

    def _renumber(self, columns: Iterable[Column]) -> None:
        self.columns = {
            column.name: column._replace(ordinal=ordinal if self.complete else None) for ordinal, column in enumerate(columns, 1)
        }


def _digest(words: Iterable[str]) -> bytes:
    return blake2b("\0".join(words).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _merged(column: Column, other: Column | None) -> Column:
    if other is None:
        return column
    return Column(
        column.name,
        column.type or other.type,
        column.ordinal or other.ordinal,
        column.description or other.description,
        tuple(sorted({*column.tags, *other.tags})),
        tuple(sorted({*column.tests, *other.tests})),
        tuple(sorted({*column.terms, *other.terms})) if other.terms else column.terms,
    )
