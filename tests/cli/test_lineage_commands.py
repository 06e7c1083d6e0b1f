"""export, impact, trace, paths, link, observe from outside."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

from sqllineage_scan import analyze_sql
from sqllineage_scan.api import load, write
from sqllineage_scan.cli.shell.application import run
from sqllineage_scan.discover.blame import last_commits
from sqllineage_scan.domain.span import Span

DOCUMENT = str(Path(__file__).parents[1] / "graph" / "shop.lineage.json")


def printed(capsys, *arguments: str, code: int = 0):
    assert run(arguments) == code
    return capsys.readouterr()


def test_export_to_standard_output(capsys) -> None:
    out = printed(capsys, "export", DOCUMENT, "--format", "mermaid", "--select", "+orders.amount").out
    assert out.startswith("flowchart LR\n")
    assert "raw.public.orders" not in out


def test_export_to_a_file(capsys, tmp_path: Path) -> None:
    path = tmp_path / "lineage.sqlite"
    said = printed(capsys, "export", DOCUMENT, "-f", "sqlite", "-o", str(path))
    assert (said.out, said.err) == ("", "")
    assert sqlite3.connect(path).execute("select count(*) from column_edges").fetchone() == (9,)
    assert load(path) == load(DOCUMENT)


def test_what_was_not_picked_is_said(capsys) -> None:
    said = printed(capsys, "export", DOCUMENT, "--format", "csv", "-s", "orders tag:nobody", "--exclude", "orders.id")
    assert said.err == "note: nothing fits 'tag:nobody'\n"
    assert len(said.out.splitlines()) == 2  # the header, and orders.status that orders itself reads
    assert printed(capsys, "-q", "export", DOCUMENT, "-s", "orders tag:nobody").err == ""


def test_nothing_picked_is_misuse(capsys) -> None:
    said = printed(capsys, "export", DOCUMENT, "--select", "ordres", code=2).err
    assert said.startswith("sqllineage-scan: error: nothing is selected: no dataset or column is called 'ordres'; did you mean")


def test_times_of_openlineage_are_no_clock(capsys, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    first = printed(capsys, "export", DOCUMENT, "--format", "openlineage").out
    assert json.loads(first.splitlines()[0])["eventTime"] == "1970-01-02T00:00:00Z"
    given = printed(capsys, "export", DOCUMENT, "--format", "openlineage", "--event-time", "2026-01-31T13:00:00+01:00").out
    assert json.loads(given.splitlines()[0])["eventTime"] == "2026-01-31T12:00:00Z"
    assert "--event-time is no time" in printed(capsys, "export", DOCUMENT, "-f", "openlineage", "--event-time", "x", code=2).err


def test_names_of_a_target(capsys, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sqllineage-scan.toml").write_text(
        '[naming]\nplatform = "snowflake"\naccount = "dev"\n[naming.targets.prod]\naccount = "prod"\n'
    )
    for arguments, expected in (((), "snowflake://dev"), (("--target", "prod"), "snowflake://prod")):
        out = printed(capsys, "export", DOCUMENT, "-f", "openlineage", *arguments).out
        assert expected in {json.loads(row).get("dataset", {}).get("namespace") for row in out.splitlines()}
    said = printed(capsys, "export", DOCUMENT, "-f", "openlineage", "--target", "stage", code=2).err
    assert "there is no naming target 'stage'; known are prod" in said


@pytest.mark.parametrize("thing", ["impact", "trace"])
def test_answers_have_two_forms(capsys, thing: str) -> None:
    text = printed(capsys, thing, "payments.amt" if thing == "impact" else "report.amount", DOCUMENT).out
    assert "analytics.orders.amount  AGGREGATION  0.98 certain  models/orders.sql:4" in text
    value = json.loads(printed(capsys, thing, "orders.amount", DOCUMENT, "--format", "json").out)
    assert value["subject"] == {"dataset": "analytics.orders", "column": "amount"}
    assert "no format is called 'xml'" in printed(capsys, thing, "orders", DOCUMENT, "--format", "xml", code=2).err


def test_impact_prints_the_parts_of_the_risk(capsys) -> None:
    text = printed(capsys, "impact", "payments.amt", DOCUMENT).out
    value = json.loads(printed(capsys, "impact", "payments.amt", DOCUMENT, "--format", "json").out)
    assert f"Risk {value['risk']['score']:g} of 100" in text
    for part in value["risk"]["parts"]:
        assert f"{part['points']:>5g} of {part['most']}" in text


def test_paths(capsys) -> None:
    text = printed(capsys, "paths", "payments.amt", "report.amount", DOCUMENT).out
    assert "1 shortest way of 3 hops, the surest 0.97 certain" in text
    assert "    → analytics.orders.amount  AGGREGATION" in text
    value = json.loads(printed(capsys, "paths", "payments.amt", "report.amount", DOCUMENT, "--format", "json").out)
    assert len(value["shortest"][0]["edges"]) == 3
    assert "no way leads there" in printed(capsys, "paths", "report.amount", "payments.amt", DOCUMENT).out


def git(folder: Path, *words: str, date: str = "2026-01-01T00:00:00+00:00") -> None:
    who = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "a@x", "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "a@x"}
    dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, env={**os.environ, **who, **dates})


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.sql").write_text("create view v as select\n  a + 1 as b\nfrom t;\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "First")
    (tmp_path / "a.sql").write_text("create view v as select\n  a + 2 as b\nfrom t;\n")
    git(tmp_path, "commit", "-qam", "Two, not one", date="2026-02-01T00:00:00+01:00")
    return tmp_path


def test_trace_names_the_last_commit_of_each_hop(capsys, repository: Path) -> None:
    text = printed(capsys, "trace", "v.b", str(repository)).out
    assert "2026-02-01 Ada: Two, not one" in text
    value = json.loads(printed(capsys, "trace", "v.b", str(repository), "--format", "json").out)
    commit = value["sources"][0]["chain"][0]["commit"]
    assert (commit["author"], commit["summary"], commit["date"]) == ("Ada", "Two, not one", "2026-02-01T00:00:00+01:00")


def test_blame(repository: Path) -> None:
    def place(path: str, first: int, last: int) -> Span:
        return Span(path, first, 1, last, 1)

    (repository / "a.sql").write_text("create view v as select\n  a + 2 as b\nfrom t where c;\n")
    whole, one, new = place("a.sql", 1, 3), place("a.sql", 1, 1), place("a.sql", 3, 3)
    nowhere, outside, option = place("b.sql", 1, 1), place("../x", 1, 1), place("--help", 1, 1)
    found = last_commits(repository, [whole, one, new, nowhere, outside, option])
    assert found[one].summary == "First"
    assert set(found[new].hash) == set(found[whole].hash) == {"0"}
    assert {nowhere, outside, option}.isdisjoint(found)
    assert last_commits(repository / "..", [whole]) == {}


def test_link_and_what_crosses(capsys, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(analyze_sql("create table raw.orders as select id from src.orders", dialect="duckdb"), "a.json")
    write(analyze_sql("create view fin.v as select id from raw.orders", dialect="duckdb"), "b.json")
    text = printed(capsys, "link", "shop=a.json", "fin=b.json").out
    assert "raw.orders  shop → fin" in text
    first = Path("linked.json").read_bytes()
    printed(capsys, "link", "fin=b.json", "linked.json", "-o", "again.json")
    assert Path("again.json").read_bytes() == first
    out = printed(capsys, "link", "shop=a.json", "fin=b.json", "--alias", "fin.*=finance.*", "-o", "-").out
    assert "finance.v" in {dataset["id"] for dataset in json.loads(out)["datasets"]}
    assert "two different repositories are called" in printed(capsys, "link", "a.json", "b.json", code=2).err
    assert "write OLD=NEW" in printed(capsys, "link", "a.json", "--alias", "x", code=2).err
    assert "no such file: c.json" in printed(capsys, "link", "c.json", code=2).err


def test_observe(capsys, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(load(DOCUMENT), "events.ndjson", format="openlineage", select="+orders.amount")
    text = printed(capsys, "observe", "events.ndjson", DOCUMENT, "-o", "seen.json").out
    assert "3  observed" in text
    seen = {
        str(edge.target): edge for edge in load("seen.json").column_edges if "observed" in {item.kind for item in edge.evidence}
    }
    assert set(seen) == {"analytics.stg_payments.amount", "analytics.orders.amount"}
    value = json.loads(printed(capsys, "observe", "events.ndjson", DOCUMENT, "--format", "json").out)
    assert len(value["observed"]) == 3
