"""What is being rendered: one file, in its project, at its place in the folders."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import PurePosixPath
from posixpath import normpath
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.source import DbtProject, FileKind, SourceFile, SourceMap, identity_map
from sqllineage_scan.render.environment import RenderEnvironment, build_environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqllineage_scan.domain.span import Span

RESOURCE_TYPES = {
    FileKind.MODEL: "model",
    FileKind.PYTHON_MODEL: "model",
    FileKind.SNAPSHOT: "snapshot",
    FileKind.ANALYSIS: "analysis",
    FileKind.TEST: "test",
    FileKind.SEED: "seed",
}
_FOLDERS = {  # the keys of dbt_project.yml that name a resource's folders, newest first, and dbt's default
    "model": ("model-paths", "source-paths", "models"),
    "snapshot": ("snapshot-paths", "", "snapshots"),
    "analysis": ("analysis-paths", "", "analyses"),
    "test": ("test-paths", "", "tests"),
    "seed": ("seed-paths", "data-paths", "seeds"),
}
_STAND_IN = re.compile(r"\b(?:ref|source|this|hole)__\d+\b", re.IGNORECASE)
_NO_PROJECT = build_environment(DbtProject("", "", {}, {}), {}, ())


class Subject:
    """One file to render. What is worked out here holds for all ways of rendering it."""

    def __init__(self, file: SourceFile, text: str, environment: RenderEnvironment | None, name: str = "") -> None:
        self.file, self.text = file, text
        self.is_dbt = environment is not None
        self.environment = environment or _NO_PROJECT
        self.owner = self.environment.owner(file.dbt_project)
        self.resource_type = RESOURCE_TYPES.get(file.kind, "")
        self.name = name or PurePosixPath(file.path).stem
        self.folder_config: Mapping[str, Any] | None = None  # kept here by configuration.project_config

    @cached_property
    def taken(self) -> frozenset[str]:
        """The words of the file that look like our stand-ins, which must then be called otherwise."""
        if "__" not in self.text:
            return frozenset()
        return frozenset(found.lower() for found in _STAND_IN.findall(self.text))

    @cached_property
    def path_in_project(self) -> str:
        root = self.owner.root
        return self.file.path.removeprefix(f"{root}/") if root else self.file.path

    @cached_property
    def fqn(self) -> tuple[str, ...]:
        """dbt's fully qualified name: package, folders below ``models/``, name."""
        return (self.owner.name, *self._folders(), self.name)

    def _folders(self) -> tuple[str, ...]:
        newest, older, default = _FOLDERS.get(self.resource_type, ("", "", ""))
        settings = self.owner.settings
        paths = settings.get(newest) or settings.get(older) or [default]
        for path in paths if isinstance(paths, list) else [paths]:
            folder = normpath(f"{path}")
            prefix = "" if path and folder == "." else f"{folder}/"
            if self.path_in_project.startswith(prefix):
                return PurePosixPath(self.path_in_project.removeprefix(prefix)).parts[:-1]
        return PurePosixPath(self.path_in_project).parts[1:-1]

    @cached_property
    def variables(self) -> Mapping[str, Any]:
        """dbt's vars as this file sees them: its package's, then the scanned project's, then the command line's."""
        merged: dict[str, Any] = {}
        for project in dict.fromkeys((self.owner.name, self.environment.project.name)):
            settings = self.owner.settings if project == self.owner.name else self.environment.project.settings
            given = settings.get("vars")
            if isinstance(given, dict):
                merged.update((str(name), value) for name, value in given.items())
                own = given.get(self.owner.name)
                merged.update(own if isinstance(own, dict) else {})
        merged.update(self.environment.vars)
        return merged

    @cached_property
    def _map(self) -> SourceMap:
        return identity_map(self.file.path, self.text)

    @property
    def line_starts(self) -> tuple[int, ...]:
        return self._map.line_starts

    def span(self, start: int, end: int) -> Span:
        return self._map.span(start, end)

    def expression(self, place: tuple[int, int]) -> str:
        """What the tag at a place says: ``f(x)`` of ``{{- f(x) }}``."""
        tag = self.text[place[0] : place[1]]
        return " ".join(tag.strip("{%}").strip("-+").split())
