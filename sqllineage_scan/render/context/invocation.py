"""What changes from run to run in dbt, and never here: the same files give the same text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.render.context.modules import NOW
from sqllineage_scan.render.hole import Unknown
from sqllineage_scan.render.vocabulary import value

if TYPE_CHECKING:
    from datetime import datetime

    from sqllineage_scan.render.rendering import Rendering


@value
def run_started_at() -> datetime:
    return NOW


@value
def invocation_id() -> str:
    return "00000000-0000-0000-0000-000000000000"


@value
def dbt_version() -> str:
    return "1.11.0"


@value
def thread_id() -> str:
    return "MainThread"


@value
def project_name(rendering: Rendering) -> str:
    return rendering.environment.project.name


@value
def invocation_args_dict(rendering: Rendering) -> dict[str, Any]:
    return {"which": "parse", "vars": dict(rendering.environment.vars)}


@value
def dbt_metadata_envs() -> dict[str, Any]:
    return {}


@value
def selected_resources() -> list[str]:
    return []


@value
def graph(rendering: Rendering) -> Any:
    """The other nodes: none while dbt parses, and in a run some that a file alone does not know."""
    return Unknown(rendering, "graph", "the other nodes are not known to a file alone") if rendering.at_run() else {}


@value
def hooks() -> list[Any]:
    return []


@value
def pre_hooks() -> list[Any]:
    return []


@value
def post_hooks() -> list[Any]:
    return []
