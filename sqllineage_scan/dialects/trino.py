"""Trino. trino.io/docs/current/language/reserved.html: identifiers are not case sensitive, quoted or not."""

from sqllineage_scan.dialects.ansi import Dialect, Folding, leading
from sqllineage_scan.domain.unit import AliasRule

DIALECT = Dialect(
    name="trino",
    relation_folding=Folding.INSENSITIVE,
    column_folding=Folding.INSENSITIVE,
    group_by_alias=AliasRule.NEVER,
    having_alias=AliasRule.NEVER,
    hidden_columns=frozenset("$path $file_size $file_modified_time $partition".split()),
    housekeeping=leading("deny, reset session, describe input, describe output, create catalog, drop catalog"),
    dbt_adapters=("trino", "starburst", "dremio"),
    hints=(
        (r"\bcross\s+join\s+unnest\s*\(", "CROSS JOIN UNNEST", 2),
        (r"\b(approx_distinct|from_iso8601_timestamp|try_cast|json_extract_scalar|date_parse)\s*\(", "Trino functions", 2),
    ),
)
