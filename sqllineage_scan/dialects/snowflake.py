"""Snowflake. Identifiers: docs.snowflake.com/en/sql-reference/identifiers-syntax; aliases: …/sql-reference/sql/select."""

from sqllineage_scan.dialects.ansi import Dialect, Folding, leading
from sqllineage_scan.domain.unit import AliasRule

DIALECT = Dialect(
    name="snowflake",
    relation_folding=Folding.UPPER,
    column_folding=Folding.UPPER,
    alias_rule=AliasRule.AFTER_COLUMNS,
    default_schema="public",
    placed_temporaries=True,
    where_alias=AliasRule.AFTER_COLUMNS,
    implied_recursion=True,
    pivot_quotes=True,
    numbered_columns=True,
    hidden_columns=frozenset(
        "metadata$action metadata$isupdate metadata$row_id metadata$filename metadata$file_row_number "
        "metadata$file_last_modified metadata$file_content_key metadata$start_scan_time".split()
    ),
    housekeeping=leading(
        "execute task, execute alert, execute dbt project, create dbt project, create or replace dbt project, alter dbt "
        "project, undrop, truncate materialized view"
    ),
    dbt_adapters=("snowflake",),
    dbt_quotes=False,
    hints=(
        (r"\blateral\s+flatten\b", "LATERAL FLATTEN", 5),
        (r"\bmetadata\$|\$\d+\s*:|\w:\w+(\.\w+|\[\d+\])*::\w+", "VARIANT path", 4),
        (r"\b(copy\s+into|create\s+(or\s+replace\s+)?(stage|pipe|stream|task|warehouse|file\s+format))\b", "stages and pipes", 4),
        (
            r"\b(iff|zeroifnull|parse_json|object_construct|to_varchar|to_timestamp_ntz|timestamp_ntz|number\s*\(\s*38)\b",
            "Snowflake functions",
            3,
        ),
        (r"\bqualify\b", "QUALIFY", 1),
        (r"\b(dateadd|datediff)\s*\(", "DATEADD", 1),
        (r"\bvariant\b", "VARIANT", 2),
    ),
)
