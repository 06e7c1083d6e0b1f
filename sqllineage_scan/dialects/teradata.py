"""Teradata. docs.teradata.com, SQL Data Manipulation Language: a named expression may be used anywhere in its request, unless a
column has that name.
"""

from sqllineage_scan.dialects.ansi import Dialect, Folding, leading
from sqllineage_scan.domain.unit import AliasRule

DIALECT = Dialect(
    name="teradata",
    relation_folding=Folding.INSENSITIVE,
    column_folding=Folding.INSENSITIVE,
    alias_rule=AliasRule.AFTER_COLUMNS,
    where_alias=AliasRule.AFTER_COLUMNS,
    pseudo_columns=frozenset({"date", "time", "user", "session", "database", "account", "role", "profile"}),
    housekeeping=leading("collect statistics, collect stats, help, lock table, database, bt, et"),
    dbt_adapters=("teradata",),
    hints=(
        (r"\b(multiset|volatile)\s+table\b|\bprimary\s+index\b|\bcollect\s+stat(istic)?s\b", "MULTISET", 5),
        (r"^\s*sel\s+\w|\bzeroifnull\s*\(", "SEL", 2),
    ),
)
