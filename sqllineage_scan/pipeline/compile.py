"""All files compiled, here or in other processes; the result is the same bytes either way."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from sqllineage_scan.domain.source import FileKind
from sqllineage_scan.pipeline.work import Workshop, read_file
from sqllineage_scan.render.subject import RESOURCE_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqllineage_scan.domain.dbt import Declarations, NodeProperties
    from sqllineage_scan.domain.source import CompiledFile, SourceFile

_WORTH_A_PROCESS = 200  # files; a process costs about what 100 files do
_CHUNK = 16


def compile_files(
    files: Sequence[SourceFile], workshop: Workshop, processes: int, progress: Callable[[str, int, int], None] | None = None
) -> list[CompiledFile]:
    """``read_file`` on each, in the order given. ``processes`` 0: as many as there are cores, when there is enough to do.

    dbt's YAML comes first: what it says of a model (its config, which version it is) the model's own file must know.
    """
    workers = processes if processes > 0 else min(os.cpu_count() or 1, max(1, len(files) // _WORTH_A_PROCESS))
    declaring = [file for file in files if file.kind is FileKind.PROPERTIES]
    with _readers(workers if len(files) > 1 else 1, workshop) as read:
        compiled: dict[str, tuple[CompiledFile, ...]] = {}

        def keep(some: Sequence[SourceFile]) -> None:
            for file, found in zip(some, read(some), strict=True):
                compiled[file.path] = found
                if progress is not None:
                    progress("compile", len(compiled), len(files))

        keep(declaring)
        said = Said(declared for parts in compiled.values() for file in parts if (declared := file.declarations) is not None)
        keep([said.told(file, workshop) for file in files if file.kind is not FileKind.PROPERTIES])
    return [part for file in files for part in compiled[file.path]]


@contextmanager
def _readers(workers: int, workshop: Workshop) -> Iterator[Callable[[Sequence[SourceFile]], Iterable[tuple[CompiledFile, ...]]]]:
    """Something that reads files: this process, or several others."""
    if workers <= 1:
        yield lambda files: (read_file(file, workshop) for file in files)
        return
    context = get_context("spawn")  # forking a process that has threads may hang it
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=(workshop,)) as executor:
        yield lambda files: executor.map(_work, files, chunksize=_CHUNK)


class Said:
    """What YAML says of the nodes that files make, by the project they run in, their package, and their type."""

    def __init__(self, declarations: Iterable[Declarations]) -> None:
        self._found: dict[tuple[str, str, str], dict[str, NodeProperties]] = {}
        for each in declarations:
            for said in each.datasets:
                if said.properties is not None:
                    key = (said.sight.project, said.package, said.resource_type)
                    self._found.setdefault(key, {}).setdefault(said.file_name, said.properties)

    def told(self, file: SourceFile, workshop: Workshop) -> SourceFile:
        """The file with what YAML says of its node; of every snapshot where it may hold several."""
        environment = workshop.environments.get(file.dbt_project) if file.dbt_project is not None else None
        resource_type = RESOURCE_TYPES.get(file.kind)
        if environment is None or resource_type is None:
            return file
        key = (environment.project.root, environment.owner(file.dbt_project).name, resource_type)
        found = self._found.get(key, {})
        if file.kind is not FileKind.SNAPSHOT:
            stem = PurePosixPath(file.path).stem
            found = {stem: found[stem]} if stem in found else {}
        return replace(file, properties=found) if found else file


_workshop: Workshop | None = None  # one a worker process: set once, when it starts


def _start_worker(workshop: Workshop) -> None:
    global _workshop  # noqa: PLW0603 -- what a process is given at its start has no other home
    _workshop = workshop


def _work(file: SourceFile) -> tuple[CompiledFile, ...]:
    assert _workshop is not None
    return read_file(file, _workshop)
