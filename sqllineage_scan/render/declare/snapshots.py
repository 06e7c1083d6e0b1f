"""``snapshots:`` with a ``relation``: snapshots that YAML alone makes (dbt 1.9).

snapshots:
  - name: orders_snapshot
    relation: ref('orders')
    config: {unique_key: id, strategy: timestamp, updated_at: updated_at}
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sqllineage_scan.domain.source import FileKind, Rendered, RenderedFile, SourceMap
from sqllineage_scan.render.node import node_of
from sqllineage_scan.render.rendering import Rendering
from sqllineage_scan.render.snapshot import recorded
from sqllineage_scan.render.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.dbt import Declarations
    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.domain.source import SourceFile
    from sqllineage_scan.render.environment import RenderEnvironment
    from sqllineage_scan.render.relation import Parts

_BODY = "select * from {relation}"  # dbt-core, parser/schemas.py, _add_yaml_snapshot_nodes_to_manifest


def yaml_snapshots(
    file: SourceFile, text: str, environment: RenderEnvironment, declared: Declarations
) -> Iterator[tuple[str, RenderedFile]]:
    """Each snapshot that the file declares whole: its name and what dbt makes of it, ``select * from {{ ref('orders') }}``."""
    for said in declared.datasets:
        if said.resource_type != "snapshot" or said.properties is None or said.snapshot_of is None:
            continue
        own = replace(file, kind=FileKind.SNAPSHOT, properties={said.name: said.properties})
        rendering = Rendering(Subject(own, text, environment, said.name))
        name = said.snapshot_of
        token = rendering.relation(name, partial(_unplaced, name))
        body = _BODY.format(relation=token)
        starts = rendering.subject.line_starts
        first = starts[said.span.line - 1] + said.span.column - 1
        last = starts[said.span.end_line - 1] + said.span.end_column - 1
        source_map = SourceMap(file.path, starts, (0,), (first,), (last,))
        variant = recorded(Rendered(body, source_map, "", dict(rendering.names), ()), rendering)
        yield said.name, RenderedFile((variant,), node_of(rendering))


def _unplaced(name: RelationName) -> Parts:
    return ("", "", name.last)
