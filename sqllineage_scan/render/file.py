"""Rendering one file: the stage's front door. Never fails, and needs no Jinja where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.source import FileKind, Rendered, RenderedFile, identity_map

if TYPE_CHECKING:
    from sqllineage_scan.domain.source import SourceFile
    from sqllineage_scan.render.environment import RenderEnvironment

_NO_SQL = (FileKind.MACRO, FileKind.PROPERTIES, FileKind.PROJECT, FileKind.DOCS)


def render_file(file: SourceFile, text: str, environment: RenderEnvironment | None) -> RenderedFile:
    """The SQL that a file stands for, in each way of rendering it, and what it is in its dbt project.

    ``environment`` is None for a plain file outside any dbt project.
    """
    if file.kind in _NO_SQL:
        return RenderedFile(())
    if environment is None or file.kind is FileKind.SQL:
        if not holds_jinja(text):
            return RenderedFile((Rendered(text, identity_map(file.path, text)),))
    elif file.kind is FileKind.SEED:
        from sqllineage_scan.render.seeds import seed_node

        return RenderedFile((), seed_node(file, environment))
    elif file.kind is FileKind.PYTHON_MODEL:
        from sqllineage_scan.render.python_model import read_python_model

        return read_python_model(file, text, environment)
    from sqllineage_scan.render.ways import render_ways

    return render_ways(file, text, environment)


def holds_jinja(text: str) -> bool:
    return "{{" in text or "{%" in text or "{#" in text
