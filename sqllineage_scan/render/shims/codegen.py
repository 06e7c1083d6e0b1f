"""codegen writes YAML and SQL for people to copy: what a call of it makes is a text about relations, and moves no data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.render.context.relations import source

if TYPE_CHECKING:
    from sqllineage_scan.render.rendering import Rendering


def generate_base_model(rendering: Rendering, source_name: Any, table_name: Any, *_args: Any, **_options: Any) -> str:
    """The text of a staging model. It asks for the source, so the source is a parent."""
    source(rendering, source_name, table_name)
    return ""


def generate_source(*_args: Any, **_options: Any) -> str:
    return ""


generate_model_yaml = generate_model_import_ctes = generate_unit_test_template = generate_source
create_base_models = base_model_creation = generate_source


def get_models(*_args: Any, **_options: Any) -> list[str]:
    """The names of the models of a folder, which are the graph's business."""
    return []
