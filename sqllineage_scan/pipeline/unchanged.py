"""A command that would do what it has done before: its document is still there, and it says the same again.

All that a scan hangs on is put into one digest, which costs reading the files and nothing else. Where it is that of the last scan
that wrote the same document, and nobody has touched the document since, there is nothing to link.
"""

from __future__ import annotations

import os
from dataclasses import fields
from hashlib import blake2b, file_digest, sha256
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from sqllineage_scan.discover.artifacts import CATALOG, MANIFEST, artifact
from sqllineage_scan.outputs.lines import Piece, Role
from sqllineage_scan.pipeline.cache.store import opened
from sqllineage_scan.pipeline.cache.versions import programs
from sqllineage_scan.pipeline.cache.written import state_of
from sqllineage_scan.pipeline.governance import state_of_owners
from sqllineage_scan.pipeline.scan import discovered
from sqllineage_scan.pipeline.watch import NO_PART_IN_IT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqllineage_scan.outputs.lines import Line
    from sqllineage_scan.pipeline.cache.store import Store
    from sqllineage_scan.pipeline.options import ScanOptions

_NAMESPACE = "said"
_Lines = list[list[tuple[str, str]]]


class Said(NamedTuple):
    """What a command has said, and how it ended."""

    summary: list[Line]
    complaint: list[Line]
    code: int


class _Note(msgspec.Struct, array_like=True):
    state: bytes  # of the repository and how it was scanned
    file: bytes  # of the document
    summary: _Lines
    complaint: _Lines
    code: int


class Repetition:
    """One command line: its document, the words it was given, and what it looks at. Made before the scan: of a file that
    changes meanwhile the digest is then that of before, and the next scan looks again.
    """

    def __init__(self, root: Path, output: Path, words: Iterable[str], options: ScanOptions) -> None:
        self._output, self._options = output, options
        name = "\0".join((os.path.realpath(root), os.path.realpath(output), *words))
        self._key = blake2b(name.encode("utf-8", "surrogateescape"), digest_size=32).digest()
        with opened(options.cache_dir, options.cache_secret) as store:
            self._state = _state(root, options, store) if store is not None else b""
            self._note = store.read(_NAMESPACE, [self._key]).get(self._key) if store is not None else None

    def said_before(self) -> Said | None:
        try:
            note = msgspec.msgpack.decode(self._note, type=_Note) if self._note is not None else None
            if note is None or note.file != state_of(self._output) or note.state != self._state:
                return None
            return Said(_shown(note.summary), _shown(note.complaint), note.code)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return None

    def note(self, said: Said) -> None:
        """What has just been said, beside the document as it is now."""
        file = state_of(self._output)
        with opened(self._options.cache_dir, self._options.cache_secret) as store:
            if store is not None and file is not None:
                note = _Note(self._state, file, _kept(said.summary), _kept(said.complaint), said.code)
                store.write(_NAMESPACE, {self._key: msgspec.msgpack.encode(note)})


def _state(root: Path, options: ScanOptions, store: Store) -> bytes:
    """A digest of all that the result hangs on: programs, options, files, what these see, and what dbt has left."""
    project, workshop = discovered(root, options, store)
    said = [(field.name, getattr(options, field.name)) for field in fields(options) if field.name not in NO_PART_IN_IT]
    found = sha256(programs())

    def add(*words: object) -> None:
        data = repr(words).encode(errors="surrogateescape")
        found.update(len(data).to_bytes(4, "big") + data)

    add(project.name, said, project.findings, state_of_owners(root))
    for owner in project.dbt_projects:
        add(owner.root, workshop.environments[owner.root].digest if owner.root in workshop.environments else "")
        for name in (MANIFEST, CATALOG) if options.artifacts else ():
            path = artifact(root, owner, name)
            add(path, _digest(root / path) if path is not None else b"")
    for file in project.files:
        add(file, _digest(root / file.path))
    return found.digest()


def _digest(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").digest()
    except OSError as error:
        return repr(error).encode()


def _kept(lines: Iterable[Line]) -> _Lines:
    return [[(piece.text, piece.role.value) for piece in pieces] for pieces in lines]


def _shown(lines: _Lines) -> list[Line]:
    return [tuple(Piece(text, Role(role)) for text, role in pieces) for pieces in lines]
