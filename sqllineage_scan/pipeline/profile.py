"""What the profile of a repository's dbt project says of the warehouse: its host, its account, no secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.discover.project import DiscoverOptions, discover
from sqllineage_scan.render.project_settings import reader_of_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqllineage_scan.pipeline.options import ScanOptions


def profile_words(root: Path, options: ScanOptions) -> Mapping[str, Any]:
    """The chosen output of the first project that is nobody's package; empty where there is none."""
    wanted = DiscoverOptions(profiles_dir=options.profiles_dir, profile=options.profile, target=options.target, artifacts=False)
    project = discover(root, wanted, reader_of_settings(options.env, options.vars))
    return next((found.target for found in project.dbt_projects if found.parent is None), {})
