"""Our rules in ``sqlfluff lint``: a plugin by entry point. Off until a configuration says so:

    [sqlfluff:lineage]
    enabled = true

sqlfluff loads this module in every run, for everybody who has both installed: nothing heavy may be imported here.
"""

from __future__ import annotations

from typing import Any

from sqlfluff.core.plugin import hookimpl

SECTION = "lineage"


@hookimpl
def get_rules() -> list[Any]:
    """A class a rule: those that one statement breaks, and those that the last check of the repository found."""
    from sqllineage_scan.integrations.sqlfluff.rules import RULES

    return list(RULES)


@hookimpl
def load_default_config() -> dict[str, Any]:
    return {SECTION: {"enabled": False, "graph": True}}


@hookimpl
def get_configs_info() -> dict[str, dict[str, Any]]:
    return {}
