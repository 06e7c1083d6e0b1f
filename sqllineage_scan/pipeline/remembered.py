"""The findings of a repository's last check, for tools that look at one file at a time. They are fresh as long as no file has
changed that the check has read.
"""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from sqllineage_scan.pipeline.cache.findings import WireFinding, read_finding, write_finding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.report import Report
    from sqllineage_scan.pipeline.options import ScanOptions

_NAMESPACE = "check-2"
_CONFIGURATION = ("sqllineage-scan.toml", "pyproject.toml")


class _State(NamedTuple):
    size: int
    changed: int


class _LastCheck(msgspec.Struct, array_like=True, gc=False):
    """What a check found, and the path, size and time (in nanoseconds) of each file that it had read."""

    files: list[tuple[str, int, int]]
    findings: list[WireFinding]


def remember(root: Path, paths: tuple[str, ...], report: Report, options: ScanOptions) -> None:
    """Keep what a check of everything has found, with the state of each file that it has read."""
    from sqllineage_scan.pipeline.cache.store import opened

    if options.cache_dir is None:
        return
    files = [(path, *_state(root, path)) for path in (*paths, *_CONFIGURATION)]
    try:
        data = msgspec.msgpack.encode(_LastCheck(files, [write_finding(each.finding) for each in report.open]))
    except (TypeError, ValueError, OverflowError):  # a name that is no text
        return
    with opened(options.cache_dir, options.cache_secret) as store:
        if store is not None:
            store.write(_NAMESPACE, {_key(root): data})


def fresh_findings(root: Path, environment: Mapping[str, str]) -> dict[str, tuple[Finding, ...]] | None:
    """What the last check found, by file; None where there was none, or where a file has changed since."""
    from sqllineage_scan.pipeline.cache.folder import SECRET, default_folder
    from sqllineage_scan.pipeline.cache.store import opened

    with opened(default_folder(environment), environment.get(SECRET, "")) as store:
        data = store.read(_NAMESPACE, [_key(root)]).get(_key(root)) if store is not None else None
    if data is None:
        return None
    try:
        known = msgspec.msgpack.decode(data, type=_LastCheck)
        if any(_state(root, path) != (size, changed) for path, size, changed in known.files):
            return None
        findings = [read_finding(each) for each in known.findings]
    except (msgspec.MsgspecError, ValueError, KeyError, RecursionError):
        return None
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.span.path, []).append(finding)
    return {path: tuple(findings) for path, findings in found.items()}


def _state(root: Path, path: str) -> _State:
    try:
        found = os.stat(f"{root}/{path}")  # noqa: PTH116 -- of thousands of files
    except OSError:
        return _State(-1, 0)
    return _State(found.st_size, found.st_mtime_ns)


def _key(root: Path) -> bytes:
    from sqllineage_scan.pipeline.cache.versions import programs

    return sha256(programs() + str(root.resolve()).encode(errors="surrogateescape")).digest()
