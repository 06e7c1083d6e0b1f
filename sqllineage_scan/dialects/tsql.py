"""Microsoft SQL Server. learn.microsoft.com/sql/relational-databases/databases/database-identifiers; default collation."""

from sqllineage_scan.dialects.ansi import Dialect, Folding
from sqllineage_scan.domain.unit import AliasRule

DIALECT = Dialect(
    name="tsql",
    also_called=("mssql", "sqlserver", "microsoft", "synapse"),
    relation_folding=Folding.INSENSITIVE,
    column_folding=Folding.INSENSITIVE,
    group_by_alias=AliasRule.NEVER,
    default_schema="dbo",
    having_alias=AliasRule.NEVER,
    order_by_alias=AliasRule.NEVER,
    implied_recursion=True,
    pseudo_columns=frozenset({"user", "system_user", "$action", "$identity", "$rowguid"}),
    dbt_adapters=("sqlserver", "synapse", "fabric"),
    hints=(
        (r"\[\w+\]\.\[\w+\]|\[dbo\]", "[brackets]", 4),
        (r"^\s*go\s*$", "GO", 5),
        (r"\b(nvarchar|datetime2|uniqueidentifier|identity\s*\(\s*1)\b", "T-SQL types", 4),
        (r"@@\w+|\bdeclare\s+@\w+|\bset\s+nocount\b", "@variables", 4),
        (r"\b(cross|outer)\s+apply\b", "APPLY", 3),
        (r"\bselect\s+top\s*\(?\s*\d+", "TOP", 2),
        (r"\bisnull\s*\(|\bgetdate\s*\(", "ISNULL", 1),
    ),
)
