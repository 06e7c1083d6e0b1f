"""Where a statement's columns end up: by position, by name, or as the columns of what it creates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqllineage_scan.domain.bound import BoundWrite
from sqllineage_scan.domain.dataset import Column, DatasetKind, SchemaOrigin
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.definition import Definition
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.unit import Write
    from sqllineage_scan.resolve.bind import UnitBinder
    from sqllineage_scan.resolve.inputs import Draft


@dataclass(slots=True)
class Target:
    """A write being bound. ``open_draft``: the relation that may give more columns under their own names."""

    write: Write
    dataset: DatasetId
    columns: list[tuple[str, int]]
    evidence: tuple[Evidence, ...] = ()
    open_draft: Draft | None = None
    names: set[str] = field(default_factory=set)

    def ask(self, binder: UnitBinder, name: str, doubt: Evidence | None) -> None:
        """Somebody reads ``name`` of this dataset: pass it through, if an open star can. ``doubt``: or of another."""
        if self.open_draft is None or name in self.names:
            return
        position = binder.stars.widen(self.open_draft, name)
        if position is not None:
            self.add(name, position)
            if doubt is not None:
                column = self.open_draft.columns[position]
                self.open_draft.columns[position] = column._replace(evidence=(*column.evidence, doubt))

    def offered(self, binder: UnitBinder) -> list[str]:
        """What has become known of an open star's inputs since it was bound, by the names it has here."""
        if self.open_draft is None:
            return []
        binder.stars.refresh(self.open_draft)
        fresh = [
            (column.name, position) for position, column in enumerate(self.open_draft.columns) if column.name not in self.names
        ]
        for name, position in fresh:
            self.add(name, position)
        return [name for name, _ in fresh]

    def add(self, name: str, position: int) -> None:
        if name not in self.names:
            self.names.add(name)
            self.columns.append((name, position))

    def bound(self, definition: Definition) -> BoundWrite:
        write = self.write
        return BoundWrite(
            self.dataset,
            write.kind,
            write.relation,
            tuple(self.columns),
            self.evidence,
            write.span,
            schema_only=write.schema_only,
            in_place=write.in_place,
            definition=definition,
        )


def bind_write(write: Write, binder: UnitBinder) -> Target:
    """Pair the relation's columns with the target's, and tell the catalog what the target's columns are by it."""
    meaning = binder.view.meaning(write.target)
    dataset = meaning.datasets[0]
    schema = binder.view.schema_to_change(dataset)
    if write.anew:
        schema.forget()
    if write.relation is None:
        return Target(write, dataset, [], meaning.evidence)
    draft = binder.drafts[write.relation]
    assert draft is not None
    if write.columns is not None:
        pairs = _by_position(write.columns, draft)
        if write.kind is not None:
            schema.define((Column(name) for name in write.columns), SchemaOrigin.INFERRED, complete=True)
        elif not schema.complete:  # else a column that is not there was dropped, or never made: writing it does not make it
            for name in write.columns:
                schema.see(name)
        return Target(write, dataset, pairs, (*meaning.evidence, Evidence(EvidenceKind.POSITION)))
    by_name = write.by_name or write.kind is not None
    if not by_name and schema.complete and (draft.open_stars or not draft.open):
        counted = tuple(name for name in schema.columns if name not in schema.passed_over)
        pairs = _by_position(_in_order(write, counted), draft)
        return Target(write, dataset, pairs, (*meaning.evidence, Evidence(EvidenceKind.POSITION)))
    evidence = meaning.evidence
    if not by_name:
        evidence = (*evidence, Evidence(EvidenceKind.POSITION_UNKNOWN_TARGET, f"the columns of {dataset} are not known"))
    return _by_name(write, dataset, binder, evidence)


def _by_position(names: Sequence[str], draft: Draft) -> list[tuple[str, int]]:
    """The target's names with the positions of their values. Around an open star, from both ends; what it gives itself nobody
    can name:

    insert into t (a, b, c) select s.*, o.x from s join o …      c is o.x; a and b are two columns of s
    """
    known = len(draft.columns)
    if not draft.open_stars:
        return list(zip(names, range(known), strict=False))
    before, behind = draft.open_stars[0].start, known - draft.open_stars[-1].end
    if before + behind > len(names):
        return list(zip(names, range(before), strict=False))
    last = len(names) - behind
    return [*zip(names[:before], range(before), strict=True), *zip(names[last:], range(known - behind, known), strict=True)]


def _in_order(write: Write, columns: tuple[str, ...]) -> list[str]:
    """The target's columns as the values come: ``partition (ds = 'x', hr)`` takes ds away and puts hr last."""
    apart = (*write.fixed, *write.last)
    return [*(name for name in columns if name not in apart), *write.last]


def _by_name(write: Write, dataset: DatasetId, binder: UnitBinder, evidence: tuple[Evidence, ...]) -> Target:
    """The target's columns are the relation's own. What it creates has these columns and no other, unless a star is open."""
    assert write.relation is not None
    schema, draft = binder.view.schema_to_change(dataset), binder.drafts[write.relation]
    assert draft is not None
    target = Target(write, dataset, [], evidence, draft if draft.open else None)
    first_of_last = len(draft.columns) - len(write.last) if not draft.open else len(draft.columns)
    for position, column in enumerate(draft.columns):
        name = column.name if position < first_of_last else write.last[position - first_of_last]
        if name in target.names and write.kind is DatasetKind.QUERY:  # select a as b, b: a result may have a name twice
            target.columns.append((name, position))
        target.add(name, position)
    if write.kind is not None and schema.origin not in (SchemaOrigin.DDL, SchemaOrigin.ARTIFACT):
        known = [*(schema.columns.values() if schema.origin is SchemaOrigin.INFERRED else ())]
        columns = {column.name: column for column in (*known, *(Column(name) for name, _ in target.columns))}
        open_origin = SchemaOrigin.PROPERTIES if schema.origin is SchemaOrigin.PROPERTIES else SchemaOrigin.NONE
        schema.define(columns.values(), open_origin if draft.open else SchemaOrigin.INFERRED, complete=not draft.open)
    else:
        listed = write.by_name or schema.origin is SchemaOrigin.ARTIFACT
        if draft.open and schema.complete and listed:  # alter table a swap with b: b has the columns of a
            for name in list(schema.columns):
                target.ask(binder, name, None)
        for name, _ in target.columns:
            schema.see(name)
    return target
