"""Scan what is left after hiding, and count: of the edges with this evidence, how many are right?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from benchmarks.calibration.gold import Key, key_of
from benchmarks.calibration.hide import Hidden, edited
from benchmarks.calibration.measure import Case, Signature
from benchmarks.calibration.sites import Known, qualifiers, spots, tables
from benchmarks.calibration.world import edges_of
from sqllineage_scan.domain.dataset import Column
from sqllineage_scan.domain.dbt import Declaration, Declarations
from sqllineage_scan.domain.source import CompiledFile, FileKind, FileStatus
from sqllineage_scan.domain.span import whole_file
from sqllineage_scan.domain.unit import SchemaAction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.calibration.gold import Gold
    from benchmarks.calibration.world import Schema
    from sqllineage_scan.domain.evidence import Evidence


_MOST_SCRIPTS = 120


def signature_of(evidence: Iterable[Evidence]) -> Signature:
    among: dict[str, int] = {}
    for item in evidence:
        among[item.kind.value] = max(item.among, among.get(item.kind.value, 1))
    return tuple(sorted(kind if count == 1 else f"{kind}/{count}" for kind, count in among.items()))


def observe(known: Known, hidden: Hidden, corpus: str, hiding: str, tally: dict[Case, list[int]]) -> Counter[str]:
    """Scan with what is hidden, and add what is seen to ``tally``; the edges that should have been found, and were."""
    gold = known.gold
    files, schema = _left(gold, hidden)
    recall: Counter[str] = Counter()
    found = set()
    for edge in edges_of(files, schema):
        if not gold.decided(str(edge.job)):
            continue
        key = key_of(edge)
        keys = [key, *(key._replace(source=name) for name in _meanings(key, known, hidden))]
        right = next((item for item in keys if item in gold.edges), None)
        found.add(right)
        case = Case(corpus, hiding, key.kind, signature_of(edge.evidence))
        counts = tally.setdefault(case, [0, 0])
        counts[0] += 1
        counts[1] += right is not None
    for key, job in gold.edges.items():
        if gold.decided(job) and job.split("#")[0] not in hidden.absent:
            recall["edges"] += 1
            recall["found"] += key in found
    return recall


def _meanings(key: Key, known: Known, hidden: Hidden) -> Iterable[str]:
    """What a name stands for that is no dataset of the world: the part of a name that was left, a template's stand-in."""
    return () if key.source in known.gold.columns else {*hidden.meaning.get(key.source, ()), *known.meaning.get(key.source, ())}


def _left(gold: Gold, hidden: Hidden) -> tuple[list[CompiledFile], Schema]:
    """What is still there to be scanned."""
    world = gold.world
    unlisted = hidden.unlisted | hidden.undeclared
    scripts = {path: edited(script, hidden) for path, script in world.scripts.items() if path not in hidden.absent}
    files = [_without(file, hidden, unlisted) for file in world.files(scripts)]
    partly = [
        Declaration("source", "", "calibration", name, whole_file("calibration.yml"), tuple(name.split(".")), _columns(columns))
        for name, columns in sorted(hidden.partly.items())
        if name not in hidden.undeclared
    ]
    if partly:
        described = Declarations(tuple(partly))
        files.append(CompiledFile("calibration.yml", FileKind.PROPERTIES, "", FileStatus.READ, declarations=described))
    schema = {}
    for parts, columns in gold.schema.items():
        name = ".".join(parts)
        if name not in unlisted:
            schema[parts] = tuple(column for column in columns if hidden.stale.get(name) != column)
    return files, schema


def _columns(names: Iterable[str]) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


def _without(file: CompiledFile, hidden: Hidden, unlisted: set[str]) -> CompiledFile:
    """A file without what it says of datasets of which nothing is to be known."""
    if file.declarations is not None:
        kept = [
            replace(item, columns=() if ".".join(item.relation) in unlisted else item.columns)
            for item in file.declarations.datasets
            if ".".join(item.relation) not in hidden.undeclared
        ]
        return replace(file, declarations=replace(file.declarations, datasets=tuple(kept)))
    if file.seed_columns is not None and file.node is not None and ".".join(file.node.relation) in unlisted:
        return replace(file, seed_columns=None)
    if any(unit.changes for unit in file.units):
        units = tuple(
            replace(
                unit,
                changes=tuple(
                    change
                    for change in unit.changes
                    if change.action is not SchemaAction.CREATE or ".".join(change.target.parts) not in unlisted
                ),
            )
            for unit in file.units
        )
        return replace(file, units=units)
    return file


def known_of(gold: Gold) -> Known:
    """All that can be hidden of a world. A qualifier may go where the edges of its file are the same without it."""
    paths = sorted(gold.world.scripts)
    if len(paths) > _MOST_SCRIPTS:  # of a large repository a part is rewritten: compiling takes the time, not linking
        paths = sorted(Random(gold.world.name).sample(paths, _MOST_SCRIPTS))
    places = tuple(tables(gold))
    meaning: dict[str, set[str]] = {}
    for site in places:
        meaning.setdefault(".".join(site.written), set()).add(site.dataset)
    edits = {path: found for path, found in qualifiers(gold).items() if path in paths}
    without = {key_of(edge): str(edge.job) for edge in edges_of(_left(gold, Hidden(edits=edits))[0], gold.schema)}
    changed = {job.split("#")[0] for _, job in gold.edges.items() ^ without.items()}
    legal = {path: found for path, found in edits.items() if path not in changed}
    open_places = tuple(site for site in places if site.path in paths)
    return Known(gold, tuple(paths), legal, open_places, tuple(spot for spot in spots(gold) if spot.path in paths), meaning)
