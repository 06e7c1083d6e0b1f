"""What is being rendered: one file, in its project, at its place in the folders."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import PurePosixPath
from posixpath import normpath
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.dbt import Sight
from sqllineage_scan.domain.source import DbtProject, FileKind, SourceFile, SourceMap, identity_map
from sqllineage_scan.render.environment import RenderEnvironment, build_environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqllineage_scan.domain.dbt import NodeProperties
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
        self.file_name = name or PurePosixPath(file.path).stem
        self.properties: NodeProperties | None = file.properties.get(self.file_name)
        self.name = self.properties.name if self.properties else self.file_name
        self.folder_config: Mapping[str, Any] | None = None  # kept here by render/configuration.py

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
        version = (f"v{self.properties.version}",) if self.properties and self.properties.version else ()
        return (self.owner.name, *self._folders(), self.name, *version)

    @cached_property
    def sight(self) -> Sight:
        root = self.environment.project
        return Sight(root.root, tuple(dict.fromkeys((root.name, self.owner.name))))

    @cached_property
    def unique_id(self) -> str:
        return ".".join((self.resource_type, self.owner.name, *self.fqn[1 + len(self._folders()) :]))

    def _folders(self) -> tuple[str, ...]:
        """The folders between the resource's own and the file; a YAML file may lie in the folder of any resource."""
        settings = self.owner.settings
        path = self.path_in_project
        for newest, older, default in (_FOLDERS[self.resource_type],) if self.resource_type else _FOLDERS.values():
            given = settings.get(newest) or settings.get(older) or [default]
            for folder in given if isinstance(given, list) else [given]:
                plain = normpath(f"{folder}")
                prefix = "" if plain == "." else f"{plain}/"
                if path.startswith(prefix):
                    return PurePosixPath(path.removeprefix(prefix)).parts[:-1]
        return PurePosixPath(path).parts[1:-1]

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
