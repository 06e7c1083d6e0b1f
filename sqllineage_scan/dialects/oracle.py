"""Oracle Database. docs.oracle.com, SQL Language Reference, "Database Object Names and Qualifiers"."""

from sqllineage_scan.dialects.ansi import Dialect, Folding
from sqllineage_scan.domain.unit import AliasRule

DIALECT = Dialect(
    name="oracle",
    relation_folding=Folding.UPPER,
    column_folding=Folding.UPPER,
    group_by_alias=AliasRule.NEVER,
    having_alias=AliasRule.NEVER,
    implied_recursion=True,
    pseudo_columns=frozenset(
        {"rownum", "level", "user", "uid", "sysdate", "systimestamp", "sessiontimezone", "dbtimezone", "connect_by_isleaf"}
        | {"connect_by_iscycle"}
    ),
    pivot_quotes=True,
    hidden_columns=frozenset("rowid ora_rowscn".split()),
    dbt_adapters=("oracle",),
    hints=(
        (r"\b(varchar2|number\s*\(\s*\d+|sysdate|rownum|dbms_\w+|nvl2?)\b", "Oracle names", 3),
        (r"\bfrom\s+dual\b|\bconnect\s+by\b", "DUAL", 4),
        (r"=\s*\w+(\.\w+)?\s*\(\+\)", "(+)", 5),
    ),
)
