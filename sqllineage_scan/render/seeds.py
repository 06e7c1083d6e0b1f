"""Seeds: CSV files that dbt loads as tables. There is nothing to render, but they are nodes with names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.render.node import node_of
from sqllineage_scan.render.rendering import Rendering
from sqllineage_scan.render.subject import Subject

if TYPE_CHECKING:
    from sqllineage_scan.domain.dbt import DbtNode
    from sqllineage_scan.domain.source import SourceFile
    from sqllineage_scan.render.environment import RenderEnvironment


def seed_node(file: SourceFile, environment: RenderEnvironment) -> DbtNode:
    """What ``seeds/country_codes.csv`` is in its project."""
    return node_of(Rendering(Subject(file, "", environment)))
