"""BigQuery. cloud.google.com/bigquery/docs/reference/standard-sql/lexical (case: tables sensitive, columns and aliases not)."""

from sqllineage_scan.dialects.ansi import Dialect, Folding, leading
from sqllineage_scan.domain.unit import AliasRule

DIALECT = Dialect(
    name="bigquery",
    also_called=("bq",),
    relation_folding=Folding.SENSITIVE,
    column_folding=Folding.INSENSITIVE,
    group_by_alias=AliasRule.BEFORE_COLUMNS,
    having_alias=AliasRule.BEFORE_COLUMNS,
    qualify_alias=AliasRule.BEFORE_COLUMNS,
    pivot_prefix=True,
    wildcard_tables=True,
    hidden_columns=frozenset("_table_suffix _partitiontime _partitiondate _file_name _change_type _change_timestamp".split()),
    housekeeping=leading(
        "undrop, create vector index, create or replace vector index, create search index, create or replace search index, "
        "create row access policy, create or replace row access policy, create reservation, create capacity, create "
        "assignment"
    ),
    dbt_adapters=("bigquery",),
    hints=(
        (r"`[\w-]+\.[\w-]+\.[\w*-]+`", "`project.dataset.table`", 5),
        (
            r"\b(safe_cast|safe_divide|generate_date_array|timestamp_trunc|_table_suffix|_partitiontime|farm_fingerprint)\b",
            "BigQuery functions",
            4,
        ),
        (r"\b(int64|float64|bignumeric)\b", "INT64", 3),
        (r"\bstruct\s*<|\barray\s*<", "STRUCT<…>", 1),
        (r"\bexcept\s*\(|\bas\s+struct\b", "SELECT * EXCEPT", 2),
        (r"\bparse_date\s*\(|\bdate_sub\s*\(.+interval", "PARSE_DATE", 1),
    ),
)
