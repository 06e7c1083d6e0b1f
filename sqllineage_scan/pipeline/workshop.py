"""What every file may need while it is compiled. Nothing here renders or parses, so that a warm scan can have it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqllineage_scan.render.environment import RenderEnvironment


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every file may need: sent once to each worker process."""

    root: Path
    environments: Mapping[str, RenderEnvironment] = field(default_factory=dict)  # by root of the dbt project
