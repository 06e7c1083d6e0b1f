"""Microsoft SQL Server. learn.microsoft.com/sql/relational-databases/databases/database-identifiers; default collation."""

from sqllineage_scan.dialects.ansi import Dialect, Folding, leading
from sqllineage_scan.domain.unit import AliasRule

DIALECT = Dialect(
    name="tsql",
    also_called=("t-sql", "mssql", "sqlserver", "sql server", "microsoft", "synapse", "azuresql"),
    relation_folding=Folding.INSENSITIVE,
    column_folding=Folding.INSENSITIVE,
    group_by_alias=AliasRule.NEVER,
    default_schema="dbo",
    having_alias=AliasRule.NEVER,
    order_by_alias=AliasRule.NEVER,
    passed_over=frozenset({"computed", "identity"}),
    implied_recursion=True,
    pseudo_columns=frozenset({"user", "system_user", "$action", "$identity", "$rowguid"}),
    housekeeping=leading(
        "dbcc, waitfor, backup, restore, reconfigure, create statistics, update statistics, drop statistics, enable trigger, "
        "disable trigger, save tran, save transaction, deny, add signature, add sensitivity classification, open master key, "
        "open symmetric key, close master key, close symmetric key, close all symmetric keys, setuser, revert, execute as, "
        "exec as, create partition function, create partition scheme, create columnstore index, create clustered, create "
        "nonclustered, create unique clustered, create unique nonclustered, create fulltext, create xml, create primary xml, "
        "create spatial index, create assembly, create certificate, create endpoint, create queue, create service, create "
        "message type, create contract, create route, create symmetric key, create asymmetric key, create master key, create "
        "credential, create database scoped credential, create external data source, create external file format, create "
        "security policy, create event session, create resource pool, create workload group, create availability group, "
        "lineno"
    ),
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
