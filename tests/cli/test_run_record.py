"""What a run leaves behind: a line that its schema knows, and metrics that Prometheus' own parser reads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from prometheus_client.parser import text_string_to_metric_families

import sqllineage_scan.outputs.run as package
from sqllineage_scan.cli.shell.application import run
from sqllineage_scan.cli.shell.commands import names
from sqllineage_scan.cli.shell.recording import MARK
from sqllineage_scan.domain.run import GovernedCounts, Run, Stage, Understood
from sqllineage_scan.outputs.run._append import append
from sqllineage_scan.outputs.run.json import value
from sqllineage_scan.outputs.run.prometheus import write
from sqllineage_scan.pipeline.watch import drifted, stage, watching

SCHEMA = json.loads((Path(package.__path__[0]) / "run.schema.json").read_text())
CONFIGURATION = 'dialect = "duckdb"\nrole = "warehouse"\nenvironment = "test"\n'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SQLLINEAGE_SCAN_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "sqllineage-scan.toml").write_text(CONFIGURATION)
    (folder / "a.sql").write_text(
        "create table r (id int, amount int);\ncreate view v as select id, amount * 2 as twice from r;\n"
    )
    (folder / "b.sql").write_text("create view w as select twice from v;\n")
    return folder


def records(path: Path) -> list[dict]:
    found = [json.loads(line) for line in path.read_text().splitlines()]
    for record in found:
        Draft202012Validator(SCHEMA, format_checker=FormatChecker()).validate(record)
    return found


def samples(text: str) -> dict[tuple[str, str], float]:
    """By name and the label that is not one of all."""
    common = {"command", "project", "role", "environment"}
    return {
        (sample.name, ",".join(text for key, text in sample.labels.items() if key not in common)): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_a_scan_and_the_same_again(root: Path, tmp_path: Path) -> None:
    out, record = tmp_path / "lineage.json", tmp_path / "runs" / "runs.ndjson"
    for _ in range(2):
        assert run(["scan", str(root), "-o", str(out), "-q", "--run-record", str(record)]) == 0
    first, second = records(record)
    assert first["run_id"] != second["run_id"]
    assert (first["command"], first["outcome"], first["exit_code"]) == ("scan", "clean", 0)
    assert (first["role"], first["environment"], first["project"]) == ("warehouse", "test", "shop")
    assert first["revision"] is None
    assert [stage["name"] for stage in first["stages"]] == ["discover", "compile", "link"]
    assert first["stages"][1]["processed"] == {"files": 2, "statements": 3}
    assert first["stages"][1]["cache"] == {"hits": 0, "misses": 2}
    assert second["stages"][1]["cache"] == {"hits": 2, "misses": 0}
    assert first["scan"]["files"] == {"read": 2, "partial": 0, "failed": 0}
    document = json.loads(out.read_text())
    assert (
        first["scan"]["column_edges"] | {"total": document["stats"]["column_edges"]["total"]} == document["stats"]["column_edges"]
    )
    assert first["scan"]["coverage"] == document["stats"]["coverage"]
    assert first["configuration"] == second["configuration"]


def test_a_record_is_never_there_twice(root: Path, tmp_path: Path, capsys) -> None:
    record = tmp_path / "runs.ndjson"
    record.write_text('{"run_id": "torn')  # somebody pulled the plug
    for _ in range(2):
        assert run(["show", "w", str(root), "--run-record", str(record), "--run-id", "build 7"]) == 0
    assert "has a record of run build 7 already" in capsys.readouterr().err
    lines = record.read_text().splitlines()
    assert lines[0] == '{"run_id": "torn'
    assert [json.loads(line)["run_id"] for line in lines[1:]] == ["build 7"]


def test_what_was_said_is_in_the_digest(root: Path, tmp_path: Path) -> None:
    record = tmp_path / "runs.ndjson"
    for words in ([], ["--processes", "1"], ["--dialect", "snowflake"]):
        assert run(["scan", str(root), "-o", str(tmp_path / "l.json"), "-q", "--run-record", str(record), *words]) == 0
    plain, processes, dialect = (found["configuration"] for found in records(record))
    assert plain == processes != dialect


def test_how_it_ended(root: Path, tmp_path: Path) -> None:
    record = tmp_path / "runs.ndjson"
    (root / "c.sql").write_text("select ((( from nowhere;\n")
    assert run(["--run-record", str(record), "scan", str(root), "-o", str(tmp_path / "l.json"), "-q", "--fail-on", "note"]) == 1
    assert run(["scan", str(tmp_path / "nowhere"), "--run-record", str(record)]) == 2
    assert run(["show", "nobody", str(root), "--run-record", str(record)]) == 2
    assert run(["check", str(root), "--run-record", str(record), "--fail-on", "note", "-q"]) == 1
    failed, misuse, unknown, checked = records(record)
    assert [found["outcome"] for found in (failed, misuse, unknown, checked)] == ["findings", "misuse", "misuse", "findings"]
    assert misuse["scan"] is None
    assert unknown["scan"]["files"] == failed["scan"]["files"]
    assert sum(failed["scan"]["files"].values()) == 3
    assert sum(checked["open_findings"].values()) > 0
    assert "check" in [stage["name"] for stage in checked["stages"]]


def test_a_place_that_cannot_be_written_is_said_first(root: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "l.json"
    for option in ("--run-record", "--metrics"):
        assert run(["scan", str(root), "-o", str(out), option, str(tmp_path)]) == 2
        assert "it is a folder" in capsys.readouterr().err
    assert run(["scan", str(root), "-o", str(out), "--run-id", " "]) == 2
    assert not out.exists()


def test_revisions(root: Path, tmp_path: Path) -> None:
    record = tmp_path / "runs.ndjson"
    git = ["git", "-C", str(root), "-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "first"]):
        subprocess.run([*git, *words], check=True)
    (root / "b.sql").write_text("create view w as select twice + 1 as twice from v;\n")
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    for words in (["diff", "HEAD", "--path"], ["diff", "HEAD", "HEAD", "--path"], ["log", "w"], ["blame", "w.twice"]):
        assert run([*words, str(root), "--run-record", str(record)]) == 0
    work_tree, revision, log, _ = records(record)
    assert (work_tree["revision"], work_tree["branch"], work_tree["changed"]) == (head, "main", True)
    assert (revision["revision"], revision["changed"], log["revision"]) == (head, None, head)
    assert {stage["name"]: stage["turns"] for stage in work_tree["stages"]}["link"] == 2
    assert {stage["name"]: stage["processed"] for stage in log["stages"]}["walk"] == {"commits": 1}


def test_metrics(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "scan.prom"
    assert run(["scan", str(root), "-o", str(tmp_path / "l.json"), "-q", "--metrics", str(path)]) == 0
    found = samples(path.read_text())
    assert found["sqllineage_scan_files", "read"] == 2
    assert found["sqllineage_scan_invalid_files", ""] == 0
    assert found["sqllineage_scan_coverage_ratio", ""] == 1
    assert found["sqllineage_scan_records_processed", "compile,statements"] == 3
    assert found["sqllineage_scan_cache_requests", "compile,miss"] == 2
    assert found["sqllineage_scan_run_success", ""] == 1
    assert [file.name for file in tmp_path.iterdir() if file.name.endswith(".part")] == []
    [family] = [
        each for each in text_string_to_metric_families(path.read_text()) if each.name == "sqllineage_scan_coverage_ratio"
    ]
    assert family.samples[0].labels == {"command": "scan", "project": "shop", "role": "warehouse", "environment": "test"}


FULL = Run(
    id="1",
    command="drift",
    started="2024-01-31T12:00:00.000Z",
    seconds=1.5,
    outcome="findings",
    exit_code=1,
    role='a "role"\\\n',
    stages=(Stage("compile", 0.25, 2, {"files": 3}, 1, 2),),
    understood=Understood(
        "p", {"failed": 1}, 3, 2, 8, 6, 4, 9, {"certain": 5}, 1, 2, {"error": 1}, GovernedCounts(4, 1, 2, 9, 3, 1)
    ),
    drift={"missing_column": 2, "extra_column": 0},
    open_findings={"error": 1},
)


def test_names_and_units_are_as_prometheus_wants_them(tmp_path: Path) -> None:
    """prometheus.io/docs/practices/naming: a prefix, base units at the end, no counter's ending on what is none."""
    path = tmp_path / "m.prom"
    with path.open("w") as out:
        write(FULL, out)
    families = list(text_string_to_metric_families(path.read_text()))
    assert {family.type for family in families} == {"gauge"}
    for family in families:
        assert family.name.startswith("sqllineage_scan_")
        assert family.documentation.endswith(".")
        assert not family.name.endswith(("_total", "_count", "_sum", "_bucket", "_ms", "_percent"))
        assert ("duration" in family.name or "timestamp" in family.name) == family.name.endswith("_seconds")
    found = samples(path.read_text())
    assert found["sqllineage_scan_drift_detected", ""] == 1
    assert found["sqllineage_scan_drift_differences", "missing_column"] == 2
    assert found["sqllineage_scan_coverage_ratio", ""] == 0.75
    assert found["sqllineage_scan_run_start_timestamp_seconds", ""] == 1706702400
    assert {sample.labels["role"] for family in families for sample in family.samples} == {'a "role"\\\n'}


def test_the_schema_knows_every_key() -> None:
    """What the code writes and the schema says is one list."""
    document = value(FULL)
    Draft202012Validator(SCHEMA).validate(document)
    assert set(document) == set(SCHEMA["properties"])
    scan = SCHEMA["properties"]["scan"]["anyOf"][0]
    assert set(document["scan"]) == set(scan["properties"])


def test_many_at_once_write_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "runs.ndjson"
    script = (
        "import sys; from pathlib import Path; from sqllineage_scan.domain.run import Run;"
        "from sqllineage_scan.outputs.run._append import append;"
        "[append(Path(sys.argv[1]), Run(id=f'{n % 15}', command='scan', started='2024-01-01T00:00:00Z', seconds=1,"
        " outcome='clean', exit_code=0)) for n in range(30)]"
    )
    several = [subprocess.Popen([sys.executable, "-c", script, str(path)]) for _ in range(4)]
    assert [each.wait() for each in several] == [0] * 4
    assert sorted(int(found["run_id"]) for found in records(path)) == list(range(15))
    assert not append(path, FULL.__class__(id="3", command="", started="", seconds=0, outcome="clean", exit_code=0))


def test_stages_are_watched_only_where_somebody_does() -> None:
    with stage("nobody") as turn:
        turn.count(files=1)
    drifted({"missing": 1})
    with watching() as watch:
        for number in (1, 2):
            with stage("twice") as turn:
                turn.count(files=number)
        drifted({"missing": 3})
    [told] = watch.told()
    assert (told.name, told.turns, told.processed) == ("twice", 2, {"files": 3})
    assert watch.drift == {"missing": 3}


def test_every_command_that_reads_a_repository_records() -> None:
    from importlib import import_module

    that_scan = {name for name in names() if getattr(import_module(f"sqllineage_scan.cli.{name}"), MARK, False)}
    assert names()
    assert set(names()) - that_scan <= {"comment", "init", "link", "observe", "rules"}


def test_drift_is_recorded(root: Path, tmp_path: Path) -> None:
    observed, record = tmp_path / "columns.csv", tmp_path / "runs.ndjson"
    observed.write_text("table_schema,table_name,column_name,data_type\nmain,v,id,INTEGER\n")
    run(["drift", str(observed), str(root), "--run-record", str(record)])
    [found] = records(record)
    assert found["command"] == "drift"
    assert found["drift"]["missing_column"] == 1
