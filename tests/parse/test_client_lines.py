"""Lines of a script that are for its client are no SQL, and spoil none."""

from __future__ import annotations

import pytest

from sqllineage_scan.parse.script.client import without_client_lines
from sqllineage_scan.pipeline.statement import analyze

ORACLE = """
set serveroutput on
whenever sqlerror exit failure
@@more.sql
prompt it's loading
create table t as select s.a from s;
exec pkg.load
show errors
update t
set a = (select max(u.b) from u);
exit success
"""
POSTGRES = r"""
\set ON_ERROR_STOP on
create table t as select s.a from s;
\copy t from 'x.csv' csv
\c db
COPY x (a) FROM stdin;
it's; data
\.
insert into u (b) select t.a from t;
\q
"""
SQL_SERVER = """
:setvar db x
:r more.sql
insert into dbo.t (a) select s.b from dbo.s
GO 5
select t.a into dbo.u from dbo.t
GO
"""
MYSQL = """
source more.sql
/*!40101 SET NAMES utf8 */;
/*!50001 create view v as select s.a from s */;
insert into u (b) select v.a from v;
"""
SQLITE = """
.mode csv
.import x.csv s
create table t as select s.a from s;
.quit
"""
SCRIPTS = {
    "oracle": (ORACLE, {"s.a -> t.a", "u.b -> t.a"}),
    "postgres": (POSTGRES, {"s.a -> t.a", "t.a -> u.b"}),
    "tsql": (SQL_SERVER, {"dbo.s.b -> dbo.t.a", "dbo.t.a -> dbo.u.a"}),
    "mysql": (MYSQL, {"s.a -> v.a", "v.a -> u.b"}),
    "snowflake": ("!set variable_substitution=true\ncreate table t as select s.a from s;\n", {"s.a -> t.a"}),
    "sqlite": (SQLITE, {"s.a -> t.a"}),
}


@pytest.mark.parametrize("dialect", SCRIPTS)
def test_what_the_client_reads_costs_no_statement(dialect: str) -> None:
    sql, edges = SCRIPTS[dialect]
    graph = analyze(sql, dialect=dialect, schema=None, default_catalog=None, default_schema=None)
    assert {f"{edge.source} -> {edge.target}" for edge in graph.column_edges} == edges
    assert graph.findings == ()
    if dialect == "postgres":
        assert ("x.csv", "t") in {(str(edge.source), str(edge.target)) for edge in graph.dataset_edges}


@pytest.mark.parametrize("dialect", SCRIPTS)
def test_every_place_stays(dialect: str) -> None:
    sql, _ = SCRIPTS[dialect]
    plain = without_client_lines(sql, dialect)
    assert len(plain) == len(sql)
    kept = [(place, sign) for place, sign in enumerate(plain) if sign not in " ;\n"]
    assert kept == [(place, sql[place]) for place, _ in kept]


def test_words_of_a_statement_under_way_are_its_own() -> None:
    sql = "update t\nset a = 1\nwhere b in (\nselect b\nfrom s\nstart with c = 1\nconnect by prior c = d);\n"
    assert without_client_lines(sql, "oracle") == sql
