"""Oracle Database. docs.oracle.com, SQL Language Reference, "Database Object Names and Qualifiers"."""

from sqllineage_scan.dialects.ansi import Dialect, Folding, leading
from sqllineage_scan.domain.unit import AliasRule

DIALECT = Dialect(
    name="oracle",
    also_called=("plsql", "pl/sql", "oracledb"),
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
    housekeeping=leading(
        "audit, noaudit, flashback, purge, lock table, associate statistics, disassociate statistics, administer key "
        "management, create directory, create or replace directory, create context, create or replace context, create "
        "profile, create rollback segment, create tablespace, create outline, create controlfile, create pfile, create "
        "spfile, create diskgroup, create dimension, create flashback archive, create library, create operator, create "
        "indextype, create edition, create audit policy, create restore point, create pluggable database, create database "
        "link, create public database link, create domain, whenever, spool, prompt"
    ),
    dbt_adapters=("oracle",),
    hints=(
        (r"\b(varchar2|number\s*\(\s*\d+|sysdate|rownum|dbms_\w+|nvl2?)\b", "Oracle names", 3),
        (r"\bbulk\s+collect\b|\bforall\s+\w|\bpackage\s+body\b|\bpls_integer\b|\(\+\)", "PL/SQL", 4),
        (r"\bfrom\s+dual\b|\bconnect\s+by\b", "DUAL", 4),
        (r"=\s*\w+(\.\w+)?\s*\(\+\)", "(+)", 5),
    ),
)
