"""What dbt's YAML says of a node, told to the file that makes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from sqllineage_scan.domain.source import FileKind
from sqllineage_scan.render.subject import RESOURCE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.dbt import Declarations, NodeProperties
    from sqllineage_scan.domain.source import SourceFile
    from sqllineage_scan.pipeline.workshop import Workshop


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
