"""Where in the source files things stand that can be hidden: qualifiers, names of tables, columns, items of SELECT lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.names import DatasetId, NameKind
from sqllineage_scan.domain.source import line_starts
from sqllineage_scan.domain.unit import Projection, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.calibration.gold import Gold
    from sqllineage_scan.domain.bound import BoundRelation, BoundUnit
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.domain.unit import Input, Relation

_QUALIFIED = re.compile(r"""(["`]?\w+["`]?\s*\.\s*)(["`]?\w+["`]?)""")
_NAME = re.compile(r"""(?:["`]?\w+["`]?\s*\.\s*)+["`]?\w+["`]?|`[\w.-]+`""")
_TAG = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_ALIASED = re.compile(r"\s+(as\s+)?(?!on\b|where\b|join\b|left\b|using\b)\w+", re.IGNORECASE)


class Edit(NamedTuple):
    start: int
    end: int
    text: str


class TableSite(NamedTuple):
    """``from raw.orders o``: where the name stands, and what it means."""

    path: str
    start: int
    end: int
    kind: NameKind
    written: tuple[str, ...]
    dataset: str
    aliased: bool

    def edit(self, name: str) -> Edit:
        return Edit(self.start, self.end, name)


class Spot(NamedTuple):
    """An expression that a template could have written: a column, or a whole item of a SELECT list."""

    path: str
    start: int
    end: int
    alias: str

    def as_hole(self, hole: str) -> str:
        return f"{hole} as {self.alias}" if self.alias else hole


@dataclass(frozen=True)
class Known:
    """A gold world with all places where something can be hidden."""

    gold: Gold
    scripts: tuple[str, ...]  # the files whose text may change
    qualifiers: dict[str, list[Edit]]  # by file, those that may go
    tables: tuple[TableSite, ...]
    spots: tuple[Spot, ...]
    meaning: dict[str, set[str]]  # names as templates give them -> the datasets they stand for


class Place(NamedTuple):
    """A relation of a statement, as parsed and as bound."""

    path: str
    relation: Relation
    bound: BoundRelation
    unit: BoundUnit


def _places(gold: Gold) -> Iterator[Place]:
    for unit in gold.units:
        path = unit.unit.span.path
        if path in gold.world.scripts and gold.decided(str(unit.job)):
            for relation, bound in zip(unit.unit.relations, unit.relations, strict=False):
                yield Place(path, relation, bound, unit)


def _references(relation: Relation) -> Iterator[Reference]:
    uses = [use for item in relation.projections if isinstance(item, Projection) for use in item.uses]
    uses += [use for influence in relation.influences for use in influence.uses]
    return (use for use in uses if isinstance(use, Reference))


@lru_cache(maxsize=4096)
def _starts(text: str) -> tuple[int, ...]:
    return line_starts(text)


def offsets(text: str, span: Span) -> tuple[int, int]:
    """The characters of a span in the text of its file."""
    starts = _starts(text)
    return starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1


def qualifiers(gold: Gold) -> dict[str, list[Edit]]:
    """By file, the qualifiers that may go: of names that one input alone of their SELECT has."""
    found: dict[str, set[Edit]] = {}
    for path, relation, _, unit in _places(gold):
        if any(item.using or item.natural for item in relation.inputs):
            continue
        columns = [_columns(item, gold, unit) for item in relation.inputs]
        for use in _references(relation):
            text = gold.world.scripts[path].text
            start, end = offsets(text, use.span)
            match = _QUALIFIED.fullmatch(text[start:end])
            if match is None or len(use.qualifier) != 1:
                continue
            own = [item.alias == use.qualifier[0] for item in relation.inputs]
            having = [use.name in names for names in columns]
            if sum(own) == 1 and own == having:
                found.setdefault(path, set()).add(Edit(start, start + len(match[1]), ""))
    return {path: sorted(edits) for path, edits in sorted(found.items())}


def _columns(item: Input, gold: Gold, unit: BoundUnit) -> Sequence[str]:
    if item.columns:
        return item.columns
    if isinstance(item.source, int):
        return [column.name for column in unit.relations[item.source].columns]
    return gold.columns.get(_dataset(item, unit), ())


def _dataset(item: Input, unit: BoundUnit) -> str:
    """The dataset that an input means: reads stand in the order of the inputs."""
    for relation, bound in zip(unit.unit.relations, unit.relations, strict=False):
        for other, read in zip(relation.inputs, bound.reads, strict=False):
            if other is item and isinstance(read.source, DatasetId):
                return str(read.source)
    return ""


def tables(gold: Gold) -> Iterator[TableSite]:
    """Every name of a table in a FROM clause."""
    for path, relation, _, unit in _places(gold):
        text = gold.world.scripts[path].text
        for item in relation.inputs:
            if isinstance(item.source, int) or item.source.kind not in (NameKind.TABLE, NameKind.REF, NameKind.SOURCE):
                continue
            start = offsets(text, item.span)[0]
            match = (_NAME if item.source.kind is NameKind.TABLE else _TAG).match(text, start)
            dataset = _dataset(item, unit)
            if match is not None and dataset:
                written = tuple(part for part in item.source.parts if part)
                aliased = bool(_ALIASED.match(text, match.end())) and item.alias != item.source.last
                yield TableSite(path, start, match.end(), item.source.kind, written, dataset, aliased)


def spots(gold: Gold) -> Iterator[Spot]:
    """Columns, items of SELECT lists, and runs of such items, that stand in the file as they are parsed."""
    seen: set[tuple[str, int, int]] = set()
    for path, relation, _, _ in _places(gold):
        text = gold.world.scripts[path].text
        items = [item for item in relation.projections if isinstance(item, Projection)]
        found = [(*offsets(text, use.span), "") for use in _references(relation)]
        found += [(*offsets(text, item.span), item.name) for item in items if item.uses]
        runs = [items[place : place + 3] for place in range(0, len(items), 3)]
        found += [(offsets(text, run[0].span)[0], offsets(text, run[-1].span)[1], "") for run in runs if len(run) > 1]
        for start, end, alias in found:
            if (path, start, end) not in seen and "{" not in text[start:end] and end > start and re.fullmatch(r"\w*", alias):
                seen.add((path, start, end))
                yield Spot(path, start, end, alias if re.search(r"\bas\s+\w+$", text[start:end]) else "")
