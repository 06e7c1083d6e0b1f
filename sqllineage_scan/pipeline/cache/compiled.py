"""Compiled files by what they were compiled from: the file's bytes, what it could see, and by which programs."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.dbt import NodeProperties
from sqllineage_scan.domain.source import CompiledFile
from sqllineage_scan.pipeline.cache.codec import Codec, DamagedError, UncodableError
from sqllineage_scan.pipeline.cache.versions import programs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqllineage_scan.domain.source import SourceFile
    from sqllineage_scan.pipeline.cache.store import Store
    from sqllineage_scan.pipeline.workshop import Workshop

NAMESPACE = "compiled"
Parts = tuple[CompiledFile, ...]  # several where the file holds several dbt nodes


@cache
def codec() -> Codec[Parts]:
    return Codec(Parts)


@cache
def _codec_of_properties() -> Codec[NodeProperties]:
    return Codec(NodeProperties)


def key_of(file: SourceFile, content: bytes, workshop: Workshop) -> bytes | None:
    """``content`` is the SHA-256 of the file's bytes. None for one that cannot be kept.

    The path is part of it: spans and a model's name are made of it. It is relative, so any checkout gives the same key.
    """
    environment = workshop.environments.get(file.dbt_project) if file.dbt_project is not None else None
    seen = environment.digest if environment is not None else ""
    words = (
        file.path,
        file.kind,
        file.dbt_project or "",
        "" if file.dbt_project is None else "dbt",
        file.dialect,
        file.dialect_guess,
        seen,
    )
    found = sha256(programs())
    found.update(content)
    for word in words:
        data = word.encode(errors="surrogateescape")
        found.update(len(data).to_bytes(4, "big") + data)
    try:
        for name, said in sorted(file.properties.items()):
            found.update(_codec_of_properties().encode(said) + name.encode(errors="surrogateescape"))
    except UncodableError:
        return None
    return found.digest()


class CompiledCache:
    """What a store knows of compiled files."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, wanted: Mapping[bytes, SourceFile]) -> dict[bytes, Parts]:
        """Those that are there, and are of the file that is asked for."""
        found: dict[bytes, Parts] = {}
        useless: list[bytes] = []
        for key, data in self._store.read(NAMESPACE, wanted).items():
            try:
                parts = codec().decode(data)
            except DamagedError:
                parts = ()
            if parts and all(_is_of(part, wanted[key]) for part in parts):
                found[key] = parts
            else:
                useless.append(key)
        self._store.forget(NAMESPACE, useless)
        return found

    def keep(self, compiled: Mapping[bytes, Parts]) -> None:
        entries: dict[bytes, bytes] = {}
        for key, parts in compiled.items():
            try:
                entries[key] = codec().encode(parts)
            except UncodableError:
                continue  # it is compiled anew each time
        self._store.write(NAMESPACE, entries)

    def keep_bytes(self, entries: Mapping[bytes, bytes]) -> None:
        """Values that were through the codec already, in another process."""
        self._store.write(NAMESPACE, entries)


def _is_of(part: CompiledFile, file: SourceFile) -> bool:
    return part.path == file.path and all(_holds_together(unit) for unit in part.units)


def _holds_together(unit: Any) -> bool:
    """Whether the relations that a unit's parts speak of are there."""
    count = len(unit.relations)
    numbers = [write.relation for write in unit.writes] + [function.relation for function in unit.functions]
    for relation in unit.relations:
        numbers += [*relation.branches, relation.around, relation.anchor]
        numbers += [read.source for read in relation.inputs if type(read.source) is int]
    return all(number is None or 0 <= number < count for number in numbers)
