"""Whatever a file holds, the scan ends well, says what was wrong and where, and loses nothing else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.domain.source import FileStatus
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import scan_repository

if TYPE_CHECKING:
    from pathlib import Path

    from sqllineage_scan.graph.model import LineageGraph

GOOD = "create view good as select o.id, o.amount from raw.orders o"
GOOD_EDGES = {("raw.orders.id", "good.id"), ("raw.orders.amount", "good.amount")}

WIDE = "create table wide as select " + ", ".join(f"c{number} + 1 as c{number}" for number in range(20_000)) + " from raw.wide"

BAD: dict[str, tuple[bytes, set[str]]] = {
    "binary": (bytes(range(256)) * 40, {"read.binary"}),
    "empty": (b"", set()),
    "only a comment": (b"-- nothing to see\n/* here */", set()),
    "only white space and semicolons": (b" ;; \n ; ", set()),
    "latin 1": ("create view latin as select 'Stra\u00dfe' as x from t".encode("latin-1"), {"read.encoding"}),
    "utf 16": ("create view wide_text as select a from t".encode("utf-16"), set()),
    "half a statement": (b"create view half as select a, sum(b) over (partition", {"parse.failed"}),
    "a quote that never ends": (b"create view q as select 'abc from t", {"parse.failed"}),
    "a comment that never ends": (b"create view c as select a /* from t", {"parse.failed"}),
    "no SQL at all": (b"Dear all,\n\nplease find attached the numbers.\n", {"parse.failed"}),
    "unbalanced parentheses": (b"select ((((a) from t))))", {"parse.failed"}),
    "nested too deeply": (b"select " + b"(" * 30_000 + b"1" + b")" * 30_000, {"parse.failed"}),
    "a template that never ends": (b"select {{ a from t", {"render.failed"}),
    "a template that ends too early": (b"{% endif %} select a from t", {"render.failed"}),
}


def scan(root: Path, processes: int = 1) -> LineageGraph:
    return scan_repository(root, ScanOptions(processes=processes))


def edges(graph: LineageGraph) -> set[tuple[str, str]]:
    return {(str(edge.source), str(edge.target)) for edge in graph.column_edges}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_said_and_costs_no_other(name: str, tmp_path: Path) -> None:
    data, expected = BAD[name]
    (tmp_path / "bad.sql").write_bytes(data)
    (tmp_path / "good.sql").write_text(GOOD)
    graph = scan(tmp_path)
    assert edges(graph) >= GOOD_EDGES
    assert {record.path for record in graph.coverage.files} == {"bad.sql", "good.sql"}
    assert {finding.name for finding in graph.findings if finding.span.path == "bad.sql"} >= expected
    assert all(finding.span.path != "good.sql" for finding in graph.findings)
    if not expected:
        assert graph.findings == ()


def test_a_bad_statement_costs_no_other_in_its_file(tmp_path: Path) -> None:
    (tmp_path / "script.sql").write_text(f"{GOOD};\nselect from from where;\ncreate view after as select g.id from good g;\n")
    graph = scan(tmp_path)
    assert edges(graph) == {*GOOD_EDGES, ("good.id", "after.id")}
    assert [(finding.name, str(finding.span)) for finding in graph.findings] == [("parse.failed", "script.sql:2:1")]
    assert [record.status for record in graph.coverage.files] == [FileStatus.PARTIAL]


def test_a_line_of_five_megabytes(tmp_path: Path) -> None:
    values = ", ".join(f"({number}, 'name {number}')" for number in range(220_000))
    (tmp_path / "seed.sql").write_text(f"insert into t (id, name) values {values}")
    assert (tmp_path / "seed.sql").stat().st_size > 5_000_000
    graph = scan(tmp_path)
    assert graph.findings == ()
    assert [column.name for column in graph.dataset("t").columns or ()] == ["id", "name"]


def test_twenty_thousand_columns(tmp_path: Path) -> None:
    (tmp_path / "wide.sql").write_text(WIDE)
    graph = scan(tmp_path)
    assert len(graph.column_edges) == 20_000
    assert ("raw.wide.c19999", "wide.c19999") in edges(graph)


def test_a_chain_of_ctes(tmp_path: Path) -> None:
    steps = [
        "c0 as (select o.id from raw.orders o)",
        *(f"c{n} as (select id from c{n - 1} where id > {n})" for n in range(1, 1500)),
    ]
    (tmp_path / "chain.sql").write_text(f"create table t as with {', '.join(steps)} select id from c1499")
    assert edges(scan(tmp_path)) == {("raw.orders.id", "t.id")}


def test_a_union_of_many_arms(tmp_path: Path) -> None:
    (tmp_path / "u.sql").write_text("create table t as " + " union all ".join(f"select s{n}.a from s{n}" for n in range(2000)))
    assert len(edges(scan(tmp_path))) == 2000


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights there")
def test_links_and_special_files(tmp_path: Path) -> None:
    (tmp_path / "good.sql").write_text(GOOD)
    (tmp_path / "loop.sql").symlink_to(tmp_path / "loop.sql")
    (tmp_path / "around").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe.sql")
    graph = scan(tmp_path)
    assert edges(graph) == GOOD_EDGES
    assert {finding.subject: finding.name for finding in graph.findings} == {
        "loop.sql": "discover.broken_link",
        "pipe.sql": "discover.special_file",
    }


def test_a_file_that_vanishes_while_it_is_scanned(tmp_path: Path) -> None:
    from sqllineage_scan.domain.source import FileKind, SourceFile
    from sqllineage_scan.pipeline.work import read_file
    from sqllineage_scan.pipeline.workshop import Workshop

    (compiled,) = read_file(SourceFile("gone.sql", FileKind.SQL), Workshop(tmp_path))
    assert compiled.status is FileStatus.FAILED
    assert [finding.name for finding in compiled.findings] == ["read.failed"]


def test_broken_yaml_and_csv_in_a_dbt_project(tmp_path: Path) -> None:
    files = {
        "dbt_project.yml": "name: shop\n",
        "models/good.sql": "select o.id from {{ source('raw', 'orders') }} o",
        "models/sources.yml": "sources: [{name: raw, tables: [{name: orders}]}]",
        "models/broken.yml": "models:\n  - name: good\n   columns: [\n",
        "models/odd.yml": "models: 3\nsources: {a: b}\nexposures: [1, null, {name: []}]\n",
        "seeds/empty.csv": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    graph = scan(tmp_path)
    assert ("raw.orders.id", "shop.good.id") in edges(graph)
    named = {finding.span.path for finding in graph.findings}
    assert {"models/broken.yml", "models/odd.yml"} <= named
    broken = next(finding for finding in graph.findings if finding.span.path == "models/broken.yml")
    assert broken.span.line == 3
    assert {record.path for record in graph.coverage.files} == set(files)


def test_wide_stars_through_many_ctes(tmp_path: Path) -> None:
    columns = ", ".join(f"c{number} int" for number in range(3000))
    steps = ["s0 as (select * from wide)", *(f"s{n} as (select * from s{n - 1})" for n in range(1, 30))]
    (tmp_path / "wide.sql").write_text(
        f"create table wide ({columns});\ncreate view v as with {', '.join(steps)} select * from s29"
    )
    graph = scan(tmp_path)
    assert len(graph.column_edges) == 3000
    assert ("wide.c2999", "v.c2999") in edges(graph)
