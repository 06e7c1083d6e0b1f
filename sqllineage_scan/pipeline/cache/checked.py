"""What the last check of a repository found, dataset by dataset, with digests of what that follows from."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from sqllineage_scan.domain.names import DatasetId, JobId  # noqa: TC001 -- msgspec reads the annotations
from sqllineage_scan.linting.run import Broken
from sqllineage_scan.pipeline.cache.findings import WireFinding, read_finding, write_finding
from sqllineage_scan.pipeline.cache.store import opened
from sqllineage_scan.pipeline.cache.versions import programs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from sqllineage_scan.pipeline.options import ScanOptions

_NAMESPACE = "checked"


class CheckedJob(msgspec.Struct, array_like=True, gc=False):
    """``seal``: a digest of its edges and facts. ``elsewhere``: files whose places are reasons to doubt its edges."""

    id: JobId
    seal: bytes
    reads: list[DatasetId]
    writes: list[DatasetId]
    elsewhere: list[str]


class CheckedState(msgspec.Struct, array_like=True, gc=False):
    """``world``: a digest of what concerns everything. ``records``: of each dataset. ``drops``: of which datasets columns are
    dropped, and by which jobs. ``found``: the number of a dataset in ``names``, or -1, and a finding.
    """

    world: bytes
    jobs: list[CheckedJob]
    records: dict[str, bytes]
    drops: list[tuple[DatasetId, JobId]]
    names: list[DatasetId]
    found: list[tuple[int, WireFinding]]

    @classmethod
    def of(
        cls,
        world: bytes,
        jobs: list[CheckedJob],
        records: dict[str, bytes],
        drops: list[tuple[DatasetId, JobId]],
        broken: Iterable[Broken],
    ) -> CheckedState:
        numbers: dict[DatasetId, int] = {}
        found = [(-1 if of is None else numbers.setdefault(of, len(numbers)), write_finding(each)) for of, each in broken]
        return cls(world, jobs, records, drops, list(numbers), found)

    def broken(self) -> list[Broken]:
        return [Broken(None if number < 0 else self.names[number], read_finding(wire)) for number, wire in self.found]

    def drops_of(self, jobs: Collection[JobId]) -> list[tuple[DatasetId, JobId]]:
        return [drop for drop in self.drops if drop[1] in jobs]

    def drops_but(self, jobs: Collection[JobId]) -> list[tuple[DatasetId, JobId]]:
        return [drop for drop in self.drops if drop[1] not in jobs]


def read_state(root: Path, options: ScanOptions) -> CheckedState | None:
    with opened(options.cache_dir, options.cache_secret) as store:
        data = store.read(_NAMESPACE, [_key(root)]).get(_key(root)) if store is not None else None
    try:
        return None if data is None else msgspec.msgpack.decode(data, type=CheckedState)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def write_state(root: Path, options: ScanOptions, state: CheckedState) -> None:
    try:
        data = msgspec.msgpack.encode(state)
    except (TypeError, ValueError, OverflowError, RecursionError):  # a name that is no text: everything is checked next time
        return
    with opened(options.cache_dir, options.cache_secret) as store:
        if store is not None:
            store.write(_NAMESPACE, {_key(root): data})


def _key(root: Path) -> bytes:
    return blake2b(programs() + str(root.resolve()).encode(errors="surrogateescape"), digest_size=32).digest()
