"""What dbt adds to a snapshot's rows: since when, until when, and an id.

Source: dbt-adapters, ``macros/materializations/snapshots``: ``build_snapshot_table``, ``snapshot_timestamp_strategy``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.source import SourceMap
from sqllineage_scan.render.configuration import as_list
from sqllineage_scan.render.node import whole_config

if TYPE_CHECKING:
    from sqllineage_scan.domain.source import Rendered
    from sqllineage_scan.render.rendering import Rendering

_OPENING = "select *, {columns} from (\n"
_CLOSING = "\n) as snapshotted_rows"


def recorded(variant: Rendered, rendering: Rendering) -> Rendered:
    """The snapshot's query with the columns that dbt adds.

    select * from orders     ->     select *, …, updated_at as dbt_valid_from, … from (select * from orders)
    """
    if not variant.text.strip() or ";" in variant.text:
        return variant
    opening = _OPENING.format(columns=", ".join(_columns(whole_config(rendering))))
    shift = len(opening)
    old = variant.source_map
    first, last = old.origins[0], max(old.ends[-1], old.origins[-1])
    source_map = SourceMap(
        old.path,
        old.line_starts,
        (0, *(start + shift for start in old.starts), shift + len(variant.text)),
        (first, *old.origins, last),
        (first + 1, *old.ends, last + 1),
    )
    return replace(variant, text=f"{opening}{variant.text}{_CLOSING}", source_map=source_map)


def _columns(config: dict[str, Any]) -> list[str]:
    given = config.get("snapshot_meta_column_names")
    named = {str(key): str(name) for key, name in given.items()} if isinstance(given, dict) else {}

    def called(name: str) -> str:
        return named.get(name, name)

    updated_at = config.get("updated_at")
    timestamp = updated_at if isinstance(updated_at, str) and updated_at else "current_timestamp"
    keys = [key for key in as_list(config.get("unique_key")) if isinstance(key, str) and key]
    columns = [
        f"md5(concat({', '.join((*keys, timestamp))})) as {called('dbt_scd_id')}",
        f"{timestamp} as {called('dbt_updated_at')}",
        f"{timestamp} as {called('dbt_valid_from')}",
        f"nullif({timestamp}, {timestamp}) as {called('dbt_valid_to')}",
    ]
    if config.get("hard_deletes") == "new_record":
        columns.append(f"'False' as {called('dbt_is_deleted')}")
    return columns
