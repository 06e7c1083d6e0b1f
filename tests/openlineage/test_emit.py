"""Events on their way: to a receiver on the loopback that holds each against the schemas, and to none at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas import check

import sqllineage_scan
from sqllineage_scan.api import load
from sqllineage_scan.domain.coverage import Coverage
from sqllineage_scan.graph.document import from_dict
from sqllineage_scan.inputs.openlineage import document
from sqllineage_scan.integrations.openlineage.context import RunOf, Trace, parent_of, trace_of
from sqllineage_scan.integrations.openlineage.dbt_results import target_folder
from sqllineage_scan.integrations.openlineage.dbt_results import test_results as results_of
from sqllineage_scan.integrations.openlineage.run import Outcome, job_name_of, plain
from sqllineage_scan.integrations.openlineage.sender import Sender
from sqllineage_scan.integrations.openlineage.spool import Spool
from sqllineage_scan.outputs.naming import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT = str(Path(__file__).parents[1] / "graph" / "shop.lineage.json")
ROOT = str(Path(sqllineage_scan.__path__[0]).parent)


class Backend:
    def __init__(self, status: int = 201, delay: float = 0.0) -> None:
        self.events: list[dict[str, Any]] = []
        backend = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(delay)
                if status < 400:
                    backend.events.append(json.loads(body))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *arguments) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@contextmanager
def backend(**options) -> Iterator[Backend]:
    made = Backend(**options)
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()


def emit(folder: Path, url: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("OPENLINEAGE", "GITHUB", "CI", "TRACEPARENT"))}
    return subprocess.run(
        [sys.executable, "-m", "sqllineage_scan", "emit", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**ours, "PYTHONPATH": ROOT, "OPENLINEAGE_URL": url, **environment},
    )


def test_the_same_graph_is_read_back_from_what_arrived(tmp_path: Path) -> None:
    with backend() as receiver:
        done = emit(tmp_path, receiver.url, DOCUMENT)
    assert (done.returncode, done.stdout) == (0, "")
    assert "events sent (http)" in done.stderr
    for event in receiver.events:
        check(event)
    graph = load(DOCUMENT)
    assert from_dict(document(receiver.events)) == replace(graph, findings=(), nodes=(), coverage=Coverage())
    assert not (tmp_path / ".sqllineage-scan").exists()


def test_a_backend_that_is_down_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    done = emit(tmp_path, "http://127.0.0.1:9", DOCUMENT, "--patience", "60")
    assert done.returncode == 0
    assert "could not be sent" in done.stderr
    spool = tmp_path / ".sqllineage-scan" / "openlineage.spool.ndjson"
    waiting = spool.read_text().splitlines()
    assert spool.stat().st_mode & 0o077 == 0
    assert (spool.parent / ".gitignore").read_text() == "*\n"
    with backend() as receiver:
        assert emit(tmp_path, receiver.url, "--spooled", "--strict").returncode == 0
    assert [json.loads(row) for row in waiting] == receiver.events
    assert not spool.exists()
    for event in receiver.events:
        check(event)


def test_strict_is_a_gate(tmp_path: Path) -> None:
    assert emit(tmp_path, "http://127.0.0.1:9", DOCUMENT, "--strict", "--patience", "60").returncode == 1


def test_a_slow_backend_does_not_hold_a_command_up(tmp_path: Path) -> None:
    with backend(delay=30.0) as receiver:
        done = emit(tmp_path, receiver.url, "--run", "--patience", "0.5", "--", "sh", "-c", "echo out; exit 4")
    assert (done.returncode, done.stdout) == (4, "out\n")
    assert "no answer within 0.5 seconds" in done.stderr
    assert len((tmp_path / ".sqllineage-scan" / "openlineage.spool.ndjson").read_text().splitlines()) == 2


def run(tmp_path: Path, *command: str, **environment: str):
    with backend() as receiver:
        done = emit(tmp_path, receiver.url, "--run", "--", *command, **environment)
    for event in receiver.events:
        check(event)
    return done, receiver.events


def test_a_run_is_told(tmp_path: Path) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    parent = "airflow://x/dag.task/3f5e83fa-3480-44ff-99c5-ff943904e5e8"
    done, (start, end) = run(
        tmp_path,
        "sh",
        "-c",
        "echo $OPENLINEAGE_PARENT_ID",
        TRACEPARENT=trace,
        OPENLINEAGE_PARENT_ID=parent,
        OPENLINEAGE_NAMESPACE="ci",
    )
    assert done.returncode == 0
    assert (start["eventType"], end["eventType"]) == ("START", "COMPLETE")
    assert start["run"]["runId"] == end["run"]["runId"]
    assert (start["job"]["namespace"], start["job"]["name"]) == ("ci", "sh")
    told = end["run"]["facets"]["parent"]
    assert (told["job"]["namespace"], told["job"]["name"]) == ("airflow://x", "dag.task")
    assert told["run"]["runId"] == "3f5e83fa-3480-44ff-99c5-ff943904e5e8"
    assert start["run"]["facets"]["sqllineageScan"]["trace"]["traceId"] == "0af7651916cd43dd8448eb211c80319c"
    assert done.stdout.strip() == f"ci/sh/{start['run']['runId']}"


def test_a_run_that_fails_says_why_and_ends_as_it_would_have(tmp_path: Path) -> None:
    done, (_, end) = run(tmp_path, "sh", "-c", "printf '\\033[31mno such table\\033[0m\\n' >&2; exit 3")
    assert done.returncode == 3
    assert "no such table" in done.stderr
    assert end["eventType"] == "FAIL"
    facet = end["run"]["facets"]["errorMessage"]
    assert (facet["message"], facet["stackTrace"]) == ("sh ended with exit code 3", "no such table")
    assert end["run"]["facets"]["sqllineageScan"]["exitCode"] == 3


def test_a_run_that_is_ended_is_aborted(tmp_path: Path) -> None:
    done, (_, end) = run(tmp_path, "sh", "-c", "kill -TERM $$")
    assert (done.returncode, end["eventType"]) == (143, "ABORT")


def test_a_scan_is_a_run_too(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("create view v as select a from t")
    with backend() as receiver:
        assert emit(tmp_path, receiver.url, "--run").returncode == 0
    kinds = [event.get("eventType") for event in receiver.events]
    assert (kinds[0], kinds[-1], set(kinds[1:-1])) == ("START", "COMPLETE", {None})
    for event in receiver.events:
        check(event)


def test_misuse_runs_nothing(tmp_path: Path) -> None:
    done = emit(tmp_path, "http://127.0.0.1:9", "--run", "--", "no-such-program-anywhere")
    assert (done.returncode, done.stderr) == (
        2,
        "sqllineage-scan: error: there is no program 'no-such-program-anywhere' to run\n",
    )
    done = emit(tmp_path, "", DOCUMENT, OPENLINEAGE__TRANSPORT__TYPE="nonsense")
    assert done.returncode == 2
    assert done.stderr.startswith("sqllineage-scan: error: the configuration of OpenLineage is wrong:")


def test_other_transports(tmp_path: Path) -> None:
    log = tmp_path / "events.ndjson"
    settings = {
        "OPENLINEAGE__TRANSPORT__TYPE": "file",
        "OPENLINEAGE__TRANSPORT__LOG_FILE_PATH": str(log),
        "OPENLINEAGE__TRANSPORT__APPEND": "true",
    }
    assert emit(tmp_path, "", DOCUMENT, **settings).returncode == 0
    assert load(log).column_edges == load(DOCUMENT).column_edges
    done = emit(tmp_path, "", DOCUMENT, OPENLINEAGE__TRANSPORT__TYPE="console")
    assert len(done.stdout.splitlines()) == len(log.read_text().splitlines())


def test_a_refusal_stops_and_keeps_the_order(tmp_path: Path, monkeypatch) -> None:
    for key in [key for key in os.environ if key.startswith("OPENLINEAGE")]:
        monkeypatch.delenv(key)
    with backend(status=400) as receiver:
        monkeypatch.setenv("OPENLINEAGE_URL", receiver.url)
        spool = Spool(tmp_path / "spool.ndjson")
        spool.add(['{"number": 1}', "broken"])
        sender = Sender(spool, patience=20)
        sender.send([{"number": 2}, {"number": 3}])
        sent = sender.close()
    assert (sent.sent, sent.spooled) == (0, 3)
    assert "400" in sent.reason
    assert [json.loads(row)["number"] for row in spool.read()] == [1, 2, 3]


def test_context_of_ci() -> None:
    github = {"GITHUB_RUN_ID": "7", "GITHUB_REPOSITORY": "a/b", "GITHUB_WORKFLOW": "ci", "GITHUB_RUN_ATTEMPT": "1"}
    first = parent_of(github)
    assert first == parent_of(dict(github))
    assert first is not None
    assert (first.namespace, first.name) == ("a/b", "ci")
    assert parent_of({**github, "GITHUB_RUN_ATTEMPT": "2"}) != first
    assert parent_of({"OPENLINEAGE_PARENT_ID": "no id"}) is None
    assert parent_of({}) is None
    assert trace_of({"TRACEPARENT": "00-" + "0" * 32 + "-b7ad6b7169203331-01"}) is None
    assert trace_of({"TRACEPARENT": "00-" + "a" * 32 + "-b7ad6b7169203331-01"}) == Trace("a" * 32, "b7ad6b7169203331", "01")
    assert str(RunOf("n", "j", "r")) == "n/j/r"


def test_a_jobs_name_has_no_arguments() -> None:
    assert job_name_of(["/usr/bin/dbt", "build", "--vars", "{token: x}"]) == "dbt.build"
    assert job_name_of(["psql", "postgres://u:p@h"]) == "psql"
    assert plain("\x1b[1mred\x1b[0m\x1b]8;;http://x\x07 \x9b2J\r") == "red 2J"
    assert Outcome(-15).aborted
    assert Outcome(-9).shell_code == 137


def test_results_of_dbt(tmp_path: Path) -> None:
    since = time.time()
    folder = target_folder(["dbt", "build", "--project-dir", str(tmp_path)], {})
    folder.mkdir()
    tests = {
        "test.shop.not_null_orders_id.1": ("pass", "error"),
        "test.shop.unique_orders_id.2": ("fail", "error"),
        "test.shop.maybe.3": ("warn", "warn"),
        "test.shop.later.4": ("skipped", "error"),
    }
    results = [{"unique_id": name, "status": status, "message": None} for name, (status, _) in tests.items()]
    (folder / "run_results.json").write_text(
        json.dumps({"results": [*results, {"unique_id": "model.shop.orders", "status": "success"}]})
    )
    nodes = {
        name: {
            "name": name.split(".")[2],
            "test_metadata": {"name": "not_null"},
            "column_name": "id",
            "attached_node": "model.shop.orders",
            "config": {"severity": severity.upper()},
        }
        for name, (_, severity) in tests.items()
    }
    (folder / "manifest.json").write_text(json.dumps({"nodes": nodes}))
    found = results_of(folder, since, {"model.shop.orders": Name("duckdb", "orders")}.get)
    assert [(test.status, test.severity, test.column, test.dataset) for test in found] == [
        ("skip", "error", "id", Name("duckdb", "orders")),
        ("fail", "warn", "id", Name("duckdb", "orders")),
        ("pass", "error", "id", Name("duckdb", "orders")),
        ("fail", "error", "id", Name("duckdb", "orders")),
    ]
    from openlineage.client.serde import Serde

    from sqllineage_scan.integrations.openlineage.run_events import RunTeller

    event = json.loads(
        Serde.to_json(RunTeller(RunOf("n", "dbt.build", "01a22203-77a5-7db5-88d7-28b395e4edfe"), "dbt").end(Outcome(1), found))
    )
    check(event)
    (tested,) = event["inputs"]
    assert [assertion["success"] for assertion in tested["inputFacets"]["dataQualityAssertions"]["assertions"]] == [
        False,
        True,
        False,
    ]
    assert [test["status"] for test in event["run"]["facets"]["test"]["tests"]] == ["skip", "fail", "pass", "fail"]
    assert results_of(folder, since + 100, {}.get) == []
    (folder / "run_results.json").write_text("{broken")
    assert results_of(folder, since, {}.get) == []
