from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from sqllineage_scan.domain.source import DbtProject, FileKind, Rendered, RenderedFile, SourceFile
from sqllineage_scan.render.environment import RenderEnvironment, build_environment
from sqllineage_scan.render.file import render_file

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Shop:
    """A small dbt project, called ``shop``."""

    settings: dict[str, Any] = field(default_factory=dict)
    macros: str = ""
    package_macros: dict[str, str] = field(default_factory=dict)
    packages: tuple[DbtProject, ...] = ()
    target: dict[str, Any] = field(default_factory=dict)
    dialect: str = "duckdb"
    env: dict[str, str] = field(default_factory=dict)
    vars: dict[str, Any] = field(default_factory=dict)

    @property
    def environment(self) -> RenderEnvironment:
        files = {"macros/all.sql": ("shop", self.macros)}
        files |= {f"dbt_packages/{name}/macros/all.sql": (name, text) for name, text in self.package_macros.items()}
        project = DbtProject("", "shop", self.settings, self.target, self.dialect)
        return build_environment(project, files, self.packages, self.env, self.vars)

    def file(self, text: str, path: str = "models/orders.sql", kind: FileKind = FileKind.MODEL, root: str = "") -> RenderedFile:
        return render_file(SourceFile(path, kind, root, self.dialect), text, self.environment)

    def render(self, text: str, path: str = "models/orders.sql") -> Rendered:
        return self.file(text, path).variants[0]

    def text(self, template: str) -> str:
        return self.render(template).text


@pytest.fixture
def shop() -> Callable[..., Shop]:
    return Shop
