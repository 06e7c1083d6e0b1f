"""ClickHouse. clickhouse.com/docs/en/sql-reference/syntax#identifiers: everything is case sensitive."""

from sqllineage_scan.dialects.ansi import Dialect, Folding, leading
from sqllineage_scan.domain.unit import AliasRule

DIALECT = Dialect(
    name="clickhouse",
    relation_folding=Folding.SENSITIVE,
    column_folding=Folding.SENSITIVE,
    alias_rule=AliasRule.BEFORE_COLUMNS,
    default_schema="default",
    group_by_alias=AliasRule.BEFORE_COLUMNS,
    having_alias=AliasRule.BEFORE_COLUMNS,
    where_alias=AliasRule.BEFORE_COLUMNS,
    qualify_alias=AliasRule.BEFORE_COLUMNS,
    semi_joins_show=True,
    left_wins=True,  # single_join_prefer_left_table, which is on
    passed_over=frozenset({"computed"}),
    hides_computed=True,
    hidden_columns=frozenset("_path _file _table _database _part _partition_id _part_index _shard_num _time _size".split()),
    housekeeping=leading(
        "check, exists, undrop, detach, kill, watch, create named collection, create or replace named collection, create "
        "quota, create settings profile, create row policy, create profile, move"
    ),
    dbt_adapters=("clickhouse",),
    hints=(
        (r"\bengine\s*=?\s*\w*mergetree\b", "MergeTree", 6),
        (r"\b(lowcardinality|nullable|datetime64)\s*\(|\bfixedstring\b", "ClickHouse types", 4),
        (r"\b(arrayjoin|array\s+join|touint\w+|tostartof\w+|countif|sumif)\b", "ClickHouse functions", 3),
        (r"\bprewhere\b|\blimit\s+\d+\s+by\b", "PREWHERE", 4),
    ),
)
