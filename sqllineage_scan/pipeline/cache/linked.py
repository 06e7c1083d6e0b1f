"""Linked files by what they were compiled from: what their units asked of the repository, what they did to it, their edges.

A file that is kept here is not read from the cache of compiled files, unless one of its units has to be bound anew: its *head*
is enough for the rest, the compiled file without the insides of its statements.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import cache, cached_property
from hashlib import blake2b
from itertools import groupby
from typing import TYPE_CHECKING

from sqllineage_scan.domain.definition import Definition
from sqllineage_scan.domain.edge import ColumnEdge, RowEdge
from sqllineage_scan.domain.facts import StatementFacts
from sqllineage_scan.domain.linked import KeptFile, KeptJob, KeptUnit
from sqllineage_scan.domain.names import DatasetId
from sqllineage_scan.domain.source import CompiledFile, FileKind
from sqllineage_scan.domain.unit import Relation
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.build import merge_all
from sqllineage_scan.graph.content import counts_of
from sqllineage_scan.pipeline.cache.codec import Codec, DamagedError, UncodableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.linked import JobEdges, UnitTrace
    from sqllineage_scan.domain.names import JobId
    from sqllineage_scan.domain.source import SourceFile
    from sqllineage_scan.domain.unit import Unit
    from sqllineage_scan.pipeline.cache.store import Store
    from sqllineage_scan.pipeline.linked import TracedJob
    from sqllineage_scan.resolve.link import UnitKey

NAMESPACE = "linked"
Parts = tuple[CompiledFile, ...]
Packed = tuple[tuple[ColumnEdge, ...], tuple[RowEdge, ...], tuple[tuple[DatasetId, Definition], ...], StatementFacts]
_SEEN_BY_OTHERS = frozenset({FileKind.MACRO, FileKind.DOCS})  # they are part of the keys of those that see them
_QUICKLY = 1  # zlib's level: edges of one job repeat each other so much that a higher one gains little


class PackedJob:
    """A job whose column and row edges, definitions and facts are unpacked when somebody asks for them."""

    def __init__(self, kept: KeptJob) -> None:
        self.job, self.dataset_edges, self.doubts = kept.job, kept.dataset_edges, kept.doubts
        self.packed, self.counts = kept.packed, kept.counts

    @property
    def column_edges(self) -> tuple[ColumnEdge, ...]:
        return self._edges[0]

    @property
    def row_edges(self) -> tuple[RowEdge, ...]:
        return self._edges[1]

    @property
    def facts(self) -> StatementFacts:
        return self._edges[3]

    @property
    def definitions(self) -> tuple[tuple[DatasetId, Definition], ...]:
        return self._edges[2]

    @cached_property
    def _edges(self) -> Packed:
        try:
            return _edges_codec().decode(zlib.decompress(self.packed))
        except (DamagedError, zlib.error) as error:  # its seal was whole, so nothing but a hand has made this
            raise UsageError(f"the cache holds edges of {self.job.id} that nobody can read; scan with --no-cache") from error


class LinkedCache:
    """What a store knows of linked files. ``compiled`` gives a compiled file whole, from the store or anew; None, where whole
    files are wanted in the first place. ``memory``: what the scan before has read of it, and afterwards what this one has.
    """

    def __init__(
        self,
        store: Store,
        settings: Sequence[str],
        compiled: Callable[[SourceFile, bytes], Parts] | None,
        memory: dict[bytes, KeptFile] | None = None,
    ) -> None:
        self._store, self._compiled = store, compiled
        self._before = {} if memory is None else dict(memory)
        self._memory = {} if memory is None else memory
        self._memory.clear()
        self._settings = blake2b("\0".join(settings).encode("utf-8", "surrogatepass")).digest()
        self._keys: dict[str, bytes] = {}  # by path
        self._kept: dict[str, KeptFile] = {}
        self._files: dict[str, SourceFile] = {}
        self._whole: dict[str, Parts] = {}
        self._packed: dict[JobId, list[bytes]] = {}  # of jobs that were traced this time

    # While files are compiled

    def find(self, wanted: Mapping[bytes, SourceFile]) -> dict[bytes, Parts]:
        """The heads of those files that are kept."""
        by_key = {self._key(key): key for key in wanted}
        found: dict[bytes, Parts] = {}
        useless: list[bytes] = []
        known = {own: self._before[own] for own in by_key if own in self._before}
        read = self._store.read(NAMESPACE, [own for own in by_key if own not in known])
        for own, kept in (*known.items(), *((own, _read(data)) for own, data in read.items())):
            key = by_key[own]
            file = wanted[key]
            if kept is None or not kept.heads or any(head.path != file.path for head in kept.heads):
                useless.append(own)
                continue
            self._kept[file.path], self._files[file.path] = kept, file
            self._memory[own] = kept
            found[key] = kept.heads
        self._store.forget(NAMESPACE, useless)
        return found if self._compiled is not None else {}

    def told(self, path: str, key: bytes) -> None:
        """The key of a file that was found or compiled."""
        self._keys[path] = key

    def changed(self, path: str) -> None:
        """A file is something else now than what was compiled: dbt's own SQL has taken its place."""
        self._keys.pop(path, None)
        self._kept.pop(path, None)

    # While they are linked

    def digests(self, files: Sequence[CompiledFile]) -> Sequence[bytes | None]:
        numbers: dict[str, int] = {}
        found: list[bytes | None] = []
        for file in files:
            number = numbers[file.path] = numbers.get(file.path, -1) + 1
            key = self._keys.get(file.path)
            found.append(None if key is None else key + number.to_bytes(4, "big"))
        return found

    def made_of(self, name: str, files: Sequence[CompiledFile], findings: Sequence[Finding]) -> str:
        if self._compiled is None:  # dbt's artifacts have a say in it
            return ""
        digest = blake2b(self._settings, digest_size=32)
        for file in files:
            key = self._keys.get(file.path)
            if key is None and file.kind not in _SEEN_BY_OTHERS:
                return ""
            digest.update(repr((file.path, file.part, file.kind, file.dialect, key)).encode("utf-8", "surrogatepass"))
        digest.update(repr((name, *findings)).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def traces(self) -> Mapping[UnitKey, UnitTrace]:
        found: dict[UnitKey, UnitTrace] = {}
        for path, kept in self._kept.items():
            traces = {(unit.part, unit.number): unit.trace for unit in kept.units}
            jobs = {(job.part, job.number) for job in kept.jobs}
            for part, head in enumerate(kept.heads):
                for ways in _statements(head):
                    if (part, ways[0]) in jobs and all((part, number) in traces for number in ways):
                        found |= {self._unit_key(path, part, number): traces[part, number] for number in ways}
        return found

    def whole(self, file: CompiledFile) -> CompiledFile:
        """The compiled file that ``file`` may only be the head of."""
        if file.path not in self._kept or self._compiled is None:
            return file
        if file.path not in self._whole:
            self._whole[file.path] = self._compiled(self._files[file.path], self._keys[file.path])
        for part in self._whole[file.path]:
            if part.part == file.part and len(part.units) == len(file.units):
                return part
        raise UsageError(f"the cache holds another {file.path} than the one there is; scan with --no-cache")

    def job(self, key: UnitKey) -> TracedJob:
        return self._jobs[key]

    @cached_property
    def _jobs(self) -> dict[UnitKey, TracedJob]:
        return {
            self._unit_key(path, job.part, job.number): PackedJob(job) for path, kept in self._kept.items() for job in kept.jobs
        }

    def keep(self, files: Sequence[CompiledFile], traces: Mapping[UnitKey, UnitTrace], jobs: Mapping[UnitKey, JobEdges]) -> None:
        """Files some unit of which was bound anew, or that were not kept before, with all that is known of their units."""
        parts: dict[str, list[CompiledFile]] = {}
        for file in files:
            parts.setdefault(file.path, []).append(file)
        changed = {key[:-4] for key, _ in traces}
        entries: dict[bytes, bytes] = {}
        for path, heads in parts.items():
            key = self._keys.get(path)
            if key is None or (path in self._kept and key not in changed):
                continue
            self._memory.pop(self._key(key), None)
            try:
                entries[self._key(key)] = _codec().encode(self._made(path, heads, traces, jobs))
            except UncodableError:
                continue
        self._store.write(NAMESPACE, entries)

    def _made(
        self,
        path: str,
        parts: Sequence[CompiledFile],
        traces: Mapping[UnitKey, UnitTrace],
        jobs: Mapping[UnitKey, JobEdges],
    ) -> KeptFile:
        before = self._kept.get(path, KeptFile((), (), ()))
        units = {(unit.part, unit.number): unit for unit in before.units}
        kept = {(job.part, job.number): job for job in before.jobs}
        for part, file in enumerate(parts):
            for number in range(len(file.units)):
                key = self._unit_key(path, part, number)
                if key in traces:
                    units[part, number] = KeptUnit(part, number, traces[key])
                if key in jobs:
                    packed = kept[part, number] = _packed(part, number, jobs[key])
                    self._packed.setdefault(packed.job.id, []).append(packed.packed)
        return KeptFile(before.heads or tuple(_head(file) for file in parts), tuple(units.values()), tuple(kept.values()))

    def seals(self, jobs: Sequence[TracedJob]) -> Mapping[JobId, tuple[bytes, ...]]:
        found: dict[JobId, tuple[bytes, ...]] = {}
        traced: set[JobId] = set()
        for job in jobs:
            if isinstance(job, PackedJob):
                found[job.job.id] = (*found.get(job.job.id, ()), job.packed)
            else:
                traced.add(job.job.id)
        return found | {job: (*found.get(job, ()), *self._packed[job]) for job in traced if job in self._packed}

    def _unit_key(self, path: str, part: int, number: int) -> UnitKey:
        return self._keys[path] + part.to_bytes(4, "big"), number

    def _key(self, key: bytes) -> bytes:
        return blake2b(key, key=self._settings, digest_size=32).digest()


@cache
def _codec() -> Codec[KeptFile]:
    return Codec(KeptFile)


@cache
def _edges_codec() -> Codec[Packed]:
    return Codec(Packed)


def _read(data: bytes) -> KeptFile | None:
    try:
        return _codec().decode(data)
    except DamagedError:
        return None


def _packed(part: int, number: int, edges: JobEdges) -> KeptJob:
    whole = (edges.column_edges, edges.row_edges, edges.definitions, edges.facts)
    packed = zlib.compress(_edges_codec().encode(whole), _QUICKLY)
    columns, rows, _ = merge_all(edges.column_edges, edges.row_edges, ())
    counts = counts_of(columns, rows)
    numbers = (*counts.bands.values(), counts.rows)
    return KeptJob(part, number, edges.job, edges.dataset_edges, edges.doubts, packed, numbers)


def _statements(head: CompiledFile) -> Iterator[list[int]]:
    """The numbers of a file's units, those together that are ways of one statement."""
    for _, ways in groupby(range(len(head.units)), key=lambda number: head.units[number].ordinal):
        yield list(ways)


def _head(file: CompiledFile) -> CompiledFile:
    return replace(file, units=tuple(_head_of(unit) for unit in file.units))


def _head_of(unit: Unit) -> Unit:
    """All that linking asks of a unit that it does not bind. The body of a function is asked for by its callers."""
    if unit.functions or not unit.relations:
        return unit
    sources = [source.source for relation in unit.relations for source in relation.inputs if not isinstance(source.source, int)]
    return replace(unit, relations=(Relation(),), reads=(*dict.fromkeys(sources), *unit.reads), evidence=())
