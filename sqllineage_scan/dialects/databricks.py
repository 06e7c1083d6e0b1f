"""Databricks SQL. docs.databricks.com/en/sql/language-manual/sql-ref-identifiers.html."""

from sqllineage_scan.dialects.ansi import Dialect, Folding, PivotAggregate, leading
from sqllineage_scan.domain.unit import AliasRule

DIALECT = Dialect(
    name="databricks",
    relation_folding=Folding.INSENSITIVE,
    column_folding=Folding.INSENSITIVE,
    alias_rule=AliasRule.AFTER_COLUMNS,
    pivots_joins=True,
    default_schema="default",
    pipeline_schema="live",
    pivot_aggregate=PivotAggregate.IF_SEVERAL,
    pivot_braces=True,
    path_relations=True,
    pseudo_columns=frozenset({"grouping__id"}),
    hidden_columns=frozenset("_metadata _change_type _commit_version _commit_timestamp".split()),
    housekeeping=leading(
        "msck repair, convert to delta, fsck repair, sync, reorg table, undrop, clear cache, add jar, list jar, create "
        "catalog, create connection, create share, create recipient, create provider, create credential, create external "
        "location, create volume, create external volume"
    ),
    dbt_adapters=("databricks",),
    hints=(
        (r"\busing\s+delta\b", "USING DELTA", 4),
        (r"\b(streaming\s+(live\s+)?table|live\.|tblproperties|zorder\s+by|optimize\s+\w)", "Delta Live Tables", 4),
        (r"\bexplode(_outer)?\s*\(", "EXPLODE", 1),
    ),
)
