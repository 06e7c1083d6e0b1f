"""The command line from outside: what it prints where, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import sqllineage_scan
from sqllineage_scan import api
from sqllineage_scan.cli import main
from sqllineage_scan.cli.shell.application import run
from sqllineage_scan.cli.shell.commands import names, short_help

DOCUMENT = str(Path(__file__).parents[1] / "graph" / "shop.lineage.json")
ROOT = str(Path(sqllineage_scan.__path__[0]).parent)


def outside(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, with pipes for streams."""
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return subprocess.run(
        [sys.executable, "-m", "sqllineage_scan", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**plain, "PYTHONPATH": ROOT, **environment},
    )


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that misuse is told with."""
    assert run(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert printed.err.startswith("sqllineage-scan: error: ")
    return printed.err.removeprefix("sqllineage-scan: error: ").strip()


def test_version(capsys, monkeypatch) -> None:
    monkeypatch.setattr(sys, "argv", ["sqllineage-scan", "--version"])
    main()
    said = f"sqllineage-scan {sqllineage_scan.__version__}\n"
    assert capsys.readouterr().out == said
    assert run(["-q", "--version"]) == 0
    assert capsys.readouterr().out == said


def test_help_has_examples_and_every_command(capsys) -> None:
    assert run(["--help"]) == 0
    text = capsys.readouterr().out
    assert "sqllineage-scan show orders.amount" in text
    assert {"scan", "show"} <= set(names())
    for name in names():
        assert short_help(name)
        assert f"\n  {name.ljust(max(map(len, names())))}  {short_help(name)[:40]}" in text


@pytest.mark.parametrize("name", names())
def test_every_command_has_help_with_examples(capsys, name: str) -> None:
    assert run([name, "--help"]) == 0
    text = capsys.readouterr().out
    assert f"sqllineage-scan {name}" in text.partition("Examples:")[2]
    assert "--no-color" in text
    assert max(map(len, text.splitlines())) <= 80


def test_help_loads_no_command() -> None:
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from sqllineage_scan.cli.shell.application import run; run(['--help']); print(*sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": ROOT},
    )
    modules = set(loaded.stdout.splitlines()[-1].split())
    assert not {"networkx", "sqlglot", "sqlfluff", "yaml", "sqllineage_scan.graph"} & modules
    assert not {f"sqllineage_scan.cli.{name}" for name in names()} & modules


def test_no_command_is_misuse(capsys) -> None:
    assert run([]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Usage: sqllineage-scan" in printed.err


def test_misuse_is_one_line(capsys, tmp_path: Path) -> None:
    folder, missing = str(tmp_path), str(tmp_path / "missing")
    text = tmp_path / "note.txt"
    text.write_text("hello")
    assert refused(capsys, "scan", missing) == f"no such path: {missing}"
    assert refused(capsys, "scan", str(text)) == f"{text} is a file; give the folder of a repository"
    assert refused(capsys, "scan", folder, "--dialect", "snowflak").startswith(
        "no dialect is called 'snowflak'; did you mean snowflake"
    )
    assert refused(capsys, "scan", folder, "--format", "jsno") == "no format is called 'jsno'; did you mean 'json'?"
    assert refused(capsys, "scan", folder, "-o", folder) == f"cannot write {folder}: it is a folder"
    assert refused(capsys, "scan", folder, "-o", f"{text}/a.json") == f"cannot write {text}/a.json: {text} is a file"
    assert refused(capsys, "scan", folder, "--config", missing) == f"there is no configuration file {missing}"
    assert "--processes" in refused(capsys, "scan", folder, "--processes", "-1")
    assert "no such option: --frmat" in refused(capsys, "scan", folder, "--frmat", "json").lower()
    assert refused(capsys, "scna").startswith("no such command 'scna'")
    assert refused(capsys, "show", "orders", str(text)).startswith(f"{text}: not a lineage document: no JSON")
    assert refused(capsys, "show", "orders", missing) == f"no such path: {missing}"
    assert refused(capsys, "show", "ordres", DOCUMENT).startswith("no dataset or column is called 'ordres'; did you mean")
    assert refused(capsys, "show", "orders", DOCUMENT, "--format", "xml") == "no format is called 'xml'; known are json, text"
    assert "NAME" in refused(capsys, "show")


def test_a_wrong_configuration_is_one_line(capsys, tmp_path: Path) -> None:
    (tmp_path / "sqllineage-scan.toml").write_text('dialct = "duckdb"')
    said = refused(capsys, "scan", str(tmp_path))
    assert said == f"{tmp_path / 'sqllineage-scan.toml'}: unknown key 'dialct'; did you mean 'dialect'?"


def test_show(capsys) -> None:
    assert run(["show", "orders", DOCUMENT]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "1.00  IDENTITY       ← raw.public.orders.id" in printed.out


def test_show_json(capsys) -> None:
    assert run(["show", "orders.amount", DOCUMENT, "--format", "json", "--depth", "1"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert [source["cut"] for source in value["sources"]] == [True, False]


def test_our_fault_asks_for_a_report(capsys, monkeypatch) -> None:
    def broken(path):
        raise RuntimeError("oh")

    monkeypatch.setattr(api, "load", broken)
    assert run(["show", "orders", DOCUMENT]) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "this is our fault: RuntimeError: oh" in printed.err
    assert "Traceback" not in printed.err
    monkeypatch.setenv("SQLLINEAGE_SCAN_DEBUG", "1")
    with pytest.raises(RuntimeError):
        run(["show", "orders", DOCUMENT])


def test_interrupted(capsys, monkeypatch) -> None:
    def interrupted(path):
        raise KeyboardInterrupt

    monkeypatch.setattr(api, "load", interrupted)
    assert run(["show", "orders", DOCUMENT]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_colour_only_where_it_is_wanted() -> None:
    assert "\x1b[" not in outside("show", "orders", DOCUMENT).stdout
    forced = outside("show", "orders", DOCUMENT, FORCE_COLOR="1").stdout
    assert "\x1b[" in forced
    for arguments, environment in (
        (("show", "orders", DOCUMENT), {"FORCE_COLOR": "1", "NO_COLOR": "1"}),
        (("--no-color", "show", "orders", DOCUMENT), {"FORCE_COLOR": "1"}),
        (("show", "orders", DOCUMENT, "--no-color"), {"FORCE_COLOR": "1"}),
    ):
        assert outside(*arguments, **environment).stdout == outside("show", "orders", DOCUMENT).stdout


def test_a_terminal_that_knows_no_unicode_is_no_reason_to_fail() -> None:
    shown = outside("show", "orders", DOCUMENT, PYTHONIOENCODING="ascii")
    assert shown.returncode == 0
    assert "raw.public.orders.id" in shown.stdout
    document = outside("show", "orders", DOCUMENT, "--format", "json", PYTHONIOENCODING="ascii")
    assert json.loads(document.stdout)["subject"] == "dataset"


def test_a_broken_pipe_is_quiet() -> None:
    command = f"{sys.executable} -m sqllineage_scan show orders {DOCUMENT} --format json"
    shown = subprocess.run(
        ["bash", "-c", f"for i in 1 2 3; do {command}; done | head -1; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": ROOT},
    )
    assert shown.stderr == ""
    assert shown.stdout.splitlines() == ["{", "141"]


def test_a_full_disk_is_one_line() -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123, a device
        shown = subprocess.run(
            [sys.executable, "-m", "sqllineage_scan", "show", "orders", DOCUMENT],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": ROOT},
        )
    assert (shown.returncode, shown.stderr) == (
        2,
        "sqllineage-scan: error: cannot write standard output: No space left on device\n",
    )


@pytest.mark.parametrize(
    ("words", "offered"),
    [("sqllineage-scan s", ["scan", "show", "site", "snapshot"]), ("sqllineage-scan scan --exc", ["--exclude"])],
)
def test_the_shell_completes(words: str, offered: list[str]) -> None:
    completed = subprocess.run(
        [sys.executable, "-c", "import sys; from sqllineage_scan.cli import main; sys.argv = ['sqllineage-scan']; main()"],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": ROOT,
            "_SQLLINEAGE_SCAN_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split()) - 1),
        },
    )
    assert completed.stdout.split() == offered


def test_fail_on_is_a_gate(tmp_path, capsys) -> None:
    (tmp_path / "a.sql").write_text("create view v as select a from t;\n\nselect from where;\n")
    out = str(tmp_path / "deep" / "out.json")
    assert run(["scan", str(tmp_path), "-o", out, "-q"]) == 0
    assert run(["scan", str(tmp_path), "-o", out, "-q", "--fail-on", "error"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("a.sql:3:1: error: cannot be parsed")
    (tmp_path / "a.sql").write_text("create view v as select a from t")
    assert run(["scan", str(tmp_path), "-o", out, "-q", "--fail-on", "note"]) == 0
    assert json.loads(Path(out).read_text())["column_edges"][0]["target"] == {"dataset": "v", "column": "a"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--executor", "dsk"], "no executor is called 'dsk'; known are dask, processes"),
        (["--scheduler", "tcp://x:1"], "--scheduler says where --executor dask is; say both"),
    ],
)
def test_misuse_of_executors(words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.sql").write_text("select 1 as x")
    assert run(["scan", str(tmp_path), "-o", str(tmp_path / "out.json"), *words]) == 2
    assert said in capsys.readouterr().err
