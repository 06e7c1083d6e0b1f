"""``scan``: the document where it is wanted, the summary beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from sqllineage_scan.cli.shell.application import run
from sqllineage_scan.graph.document import schema

if TYPE_CHECKING:
    from pathlib import Path

SQL = """create table raw.orders (id int, amount decimal(18, 2));
create view totals as select id, sum(amount) as total from raw.orders group by id;
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "orders.sql").write_text(SQL)
    return folder


def test_the_document_in_a_file_and_the_summary_on_standard_output(repository: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(repository)
    assert run(["scan"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.startswith("Lineage of shop\n")
    assert printed.out.endswith("\nWritten to lineage.json\n")
    document = json.loads((repository / "lineage.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema()).validate(document)
    edges = {(edge["source"]["column"], edge["target"]["column"], edge["subtype"]) for edge in document["column_edges"]}
    assert edges == {("id", "id", "IDENTITY"), ("amount", "total", "AGGREGATION")}


def test_the_document_on_standard_output_and_the_summary_beside(repository: Path, capsys) -> None:
    assert run(["scan", str(repository), "-o", "-"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["project"]["name"] == "shop"
    assert printed.err.startswith("Lineage of shop\n")
    assert run(["scan", str(repository), "-o", "-", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_quiet_writes_and_says_nothing(repository: Path, tmp_path: Path, capsys) -> None:
    assert run(["-q", "scan", str(repository), "--output", str(tmp_path / "out.json")]) == 0
    printed = capsys.readouterr()
    assert printed.out + printed.err == ""
    assert (tmp_path / "out.json").is_file()


def test_the_same_bytes_with_any_number_of_processes(repository: Path, tmp_path: Path) -> None:
    for number in ("1", "2"):
        assert run(["-q", "scan", str(repository), "-o", str(tmp_path / number), "--processes", number]) == 0
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_show_scans_a_repository(repository: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(repository)
    assert run(["show", "totals.total"]) == 0
    assert "raw.orders.amount  AGGREGATION" in capsys.readouterr().out


def test_nothing_to_scan(tmp_path: Path, capsys) -> None:
    (tmp_path / "README.md").write_text("no SQL here")
    assert run(["scan", str(tmp_path), "-o", str(tmp_path / "out.json")]) == 2
    assert capsys.readouterr().err == (
        f"sqllineage-scan: error: nothing to scan: no .sql files or dbt project below {tmp_path.resolve()}\n"
    )
    assert not (tmp_path / "out.json").exists()


def test_exclude_from_the_command_line_adds_to_the_configuration(repository: Path, capsys) -> None:
    (repository / "sqllineage-scan.toml").write_text('exclude = ["a.sql"]')
    for name in ("a", "b"):
        (repository / f"{name}.sql").write_text("select 1 as one")
    assert run(["scan", str(repository), "-o", "-", "--exclude", "b.sql", "-q"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [file["path"] for file in document["stats"]["files"]] == ["orders.sql"]


def test_broken_files_do_not_end_a_scan(repository: Path, capsys) -> None:
    (repository / "binary.sql").write_bytes(bytes(range(256)) * 9)
    (repository / "half.sql").write_text("select a, from where (")
    (repository / "loop.sql").symlink_to(repository / "loop.sql")
    assert run(["scan", str(repository), "-o", "-", "-q"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert len(document["column_edges"]) == 2
    assert {"binary.sql", "half.sql"} <= {finding["span"]["path"] for finding in document["findings"]}


DBT = {
    "dbt_project.yml": "name: shop\n",
    "ci/profiles.yml": """
shop:
  target: dev
  outputs: {dev: {type: duckdb, schema: d}, prod: {type: postgres, dbname: db, schema: p}}
""",
    "models/m.sql": "select t.{{ var('column', 'id') }} as x from t",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in DBT.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("options", "edge"),
    [
        ([], ("t.id", "memory.d.m.x")),
        (["--target", "prod"], ("t.id", "db.p.m.x")),
        (["-t", "prod", "--profiles-dir", "ci", "--profile", "shop"], ("t.id", "db.p.m.x")),
        (["--vars", "{column: amount}"], ("t.amount", "memory.d.m.x")),
        (["--vars", "column: amount"], ("t.amount", "memory.d.m.x")),
        (["--vars", "{}", "--no-artifacts"], ("t.id", "memory.d.m.x")),
    ],
)
def test_dbts_own_options(project: Path, capsys, monkeypatch, options: list[str], edge: tuple[str, str]) -> None:
    monkeypatch.chdir(project)
    assert run(["scan", "-o", "-", "-q", *options]) == 0
    edges = json.loads(capsys.readouterr().out)["column_edges"]
    assert [(f"{e['source']['dataset']}.{e['source']['column']}", f"{e['target']['dataset']}.x") for e in edges] == [edge]


def test_options_come_before_the_configuration(project: Path, capsys) -> None:
    (project / "sqllineage-scan.toml").write_text('target = "prod"\nprofiles_dir = "ci"\nvars = {column = "a"}\n')
    assert run(["scan", str(project), "-o", "-", "-q"]) == 0
    assert json.loads(capsys.readouterr().out)["column_edges"][0]["target"]["dataset"] == "db.p.m"
    assert run(["scan", str(project), "-o", "-", "-q", "--target", "dev", "--vars", "{column: b}"]) == 0
    edge = json.loads(capsys.readouterr().out)["column_edges"][0]
    assert (edge["source"]["column"], edge["target"]["dataset"]) == ("b", "memory.d.m")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--vars", "[1]"], "--vars must be a mapping, not '[1]'; write --vars '{name: value}'"),
        (["--vars", "{a: "], "--vars is no YAML: expected the node content, but found '<stream end>'"),
        (["--target", "pord"], "no profile has a target called 'pord'; known are dev, prod"),
        (["--profile", "shap"], "no profile is called 'shap'; known are shop"),
        (["--profiles-dir", "nowhere"], "there is no profiles.yml in "),
    ],
)
def test_misuse_of_dbts_options_is_one_line(project: Path, capsys, options: list[str], said: str) -> None:
    assert run(["scan", str(project), "-o", "-", *options]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"sqllineage-scan: error: {said}")
    assert printed.err.count("\n") == 1
