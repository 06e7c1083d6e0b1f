"""Amazon Athena, which speaks Trino for queries and Hive for DDL."""

from sqllineage_scan.dialects.ansi import leading
from sqllineage_scan.dialects.trino import DIALECT as TRINO

DIALECT = TRINO.adapted(
    name="athena",
    dbt_adapters=("athena",),
    default_schema="default",
    hints=(),
    housekeeping=TRINO.housekeeping | leading("msck repair, vacuum, optimize"),
)
