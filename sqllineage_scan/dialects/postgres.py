"""PostgreSQL. postgresql.org/docs/current/sql-syntax-lexical.html, "Identifiers and Key Words"."""

from sqllineage_scan.dialects.ansi import Dialect, Folding, leading
from sqllineage_scan.domain.unit import AliasRule

DIALECT = Dialect(
    name="postgres",
    calls_name_columns=True,
    also_called=("postgresql", "pg", "greenplum", "cockroachdb"),
    relation_folding=Folding.LOWER,
    column_folding=Folding.LOWER,
    default_schema="public",
    having_alias=AliasRule.NEVER,
    order_by_alias=AliasRule.NEVER,
    hidden_columns=frozenset("ctid xmin xmax cmin cmax tableoid".split()),
    pseudo_columns=frozenset({"user", "current_role", "system_user", "current_schema"}),
    housekeeping=leading(
        "cluster, discard, release, listen, unlisten, notify, load, security label, import foreign schema, create aggregate, "
        "create or replace aggregate, create cast, create operator, create conversion, create collation, create transform, "
        "create access method, create foreign data wrapper, create user mapping, create text search, create language, create "
        "event trigger, create tablespace, create group, create statistics, reassign owned, prepare transaction, commit "
        "prepared, rollback prepared, move, close, fetch"
    ),
    dbt_adapters=("postgres", "alloydb", "materialize"),
    hints=(
        (r"\b(plpgsql|bigserial|serial|jsonb|timestamptz|bytea|tsvector)\b", "Postgres types", 4),
        (r"\$\$|\$body\$", "dollar quoting", 3),
        (r"\bon\s+conflict\b", "ON CONFLICT", 2),
        (r"\bcreate\s+(extension|role|type)\b|\bowner\s+to\b", "Postgres DDL", 3),
        (r"\bdistinct\s+on\s*\(", "DISTINCT ON", 2),
        (r"\w::\w+", "::", 1),
        (r"->>", "->>", 1),
    ),
)
