"""The findings of a repository's last check, for tools that look at one file at a time. They are fresh as long as no file has
changed that the check has read.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.report import CheckedFile, LastCheck

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.report import Report
    from sqllineage_scan.pipeline.cache.codec import Codec
    from sqllineage_scan.pipeline.options import ScanOptions

_NAMESPACE = "check"
_CONFIGURATION = ("sqllineage-scan.toml", "pyproject.toml")


class _State(NamedTuple):
    size: int
    changed: int


@cache
def _codec() -> Codec[LastCheck]:
    from sqllineage_scan.pipeline.cache.codec import Codec

    return Codec(LastCheck)


def remember(root: Path, paths: tuple[str, ...], report: Report, options: ScanOptions) -> None:
    """Keep what a check of everything has found, with the state of each file that it has read."""
    from sqllineage_scan.pipeline.cache.codec import UncodableError
    from sqllineage_scan.pipeline.cache.store import opened

    if options.cache_dir is None:
        return
    states = ((path, _state(root / path)) for path in (*paths, *_CONFIGURATION))
    files = tuple(CheckedFile(path, state.size, state.changed) for path, state in states)
    try:
        data = _codec().encode(LastCheck(files, tuple(each.finding for each in report.open)))
    except UncodableError:
        return
    with opened(options.cache_dir, options.cache_secret) as store:
        if store is not None:
            store.write(_NAMESPACE, {_key(root): data})


def fresh_findings(root: Path, environment: Mapping[str, str]) -> dict[str, tuple[Finding, ...]] | None:
    """What the last check found, by file; None where there was none, or where a file has changed since."""
    from sqllineage_scan.pipeline.cache.codec import DamagedError
    from sqllineage_scan.pipeline.cache.folder import SECRET, default_folder
    from sqllineage_scan.pipeline.cache.store import opened

    with opened(default_folder(environment), environment.get(SECRET, "")) as store:
        data = store.read(_NAMESPACE, [_key(root)]).get(_key(root)) if store is not None else None
    if data is None:
        return None
    try:
        known = _codec().decode(data)
    except DamagedError:
        return None
    if any(_state(root / file.path) != (file.size, file.changed) for file in known.files):
        return None
    found: dict[str, list[Finding]] = {}
    for finding in known.findings:
        found.setdefault(finding.span.path, []).append(finding)
    return {path: tuple(findings) for path, findings in found.items()}


def _state(path: Path) -> _State:
    try:
        found = path.stat()
    except OSError:
        return _State(-1, 0)
    return _State(found.st_size, found.st_mtime_ns)


def _key(root: Path) -> bytes:
    from sqllineage_scan.pipeline.cache.versions import programs

    return sha256(programs() + str(root.resolve()).encode(errors="surrogateescape")).digest()
