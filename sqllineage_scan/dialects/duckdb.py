"""DuckDB. duckdb.org/docs/stable/sql/dialect/keywords_and_identifiers: case is kept and never matters."""

from sqllineage_scan.dialects.ansi import Dialect, Folding, PivotAggregate, leading
from sqllineage_scan.domain.unit import AliasRule

DIALECT = Dialect(
    name="duckdb",
    relation_folding=Folding.INSENSITIVE,
    column_folding=Folding.INSENSITIVE,
    alias_rule=AliasRule.AFTER_COLUMNS,
    pivots_joins=True,
    default_schema="main",
    where_alias=AliasRule.AFTER_COLUMNS,
    order_by_alias=AliasRule.AFTER_COLUMNS,
    pivot_aggregate=PivotAggregate.IF_ALIASED_OR_SEVERAL,
    subqueries_see_siblings=True,
    passed_over=frozenset({"computed"}),
    hidden_columns=frozenset("rowid".split()),
    pseudo_columns=frozenset({"user"}),
    housekeeping=leading(
        "abort, install, force install, load, force checkpoint, update extensions, create secret, create or replace secret, "
        "create persistent secret, create temporary secret"
    ),
    dbt_adapters=("duckdb",),
    hints=(
        (r"\b(read_csv(_auto)?|read_parquet|read_json(_auto)?|read_ndjson)\s*\(", "READ_PARQUET", 5),
        (r"\bfrom\s+'[^']+\.(parquet|csv|json)'", "FROM 'file'", 5),
        (r"\b(hugeint|strptime|strftime|list_aggregate|struct_pack)\b", "DuckDB functions", 3),
        (r"\*\s+exclude\b|\bcolumns\s*\(", "EXCLUDE", 2),
        (r"\bgroup\s+by\s+all\b", "GROUP BY ALL", 1),
    ),
)
