"""Our rules inside ``sqlfluff lint``: opt-in, in worker processes, in templates, from the last check while that is fresh."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from sqllineage_scan.cli.shell.application import run
from sqllineage_scan.domain.rule import RuleScope
from sqllineage_scan.linting.load import load_rules
from tests.linting.repositories import AMBIGUOUS, write

if TYPE_CHECKING:
    from pathlib import Path

ON = "[sqlfluff]\ndialect = ansi\nrules = lineage\n[sqlfluff:lineage]\nenabled = true\n"
TEMPLATE = """{% set amount = 'total' %}

with recent as (
    select id, {{ amount }}, upper(note) as note from orders
)
select id, {{ amount }} from recent
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("SQLLINEAGE_SCAN_CACHE_DIR", str(tmp_path.parent / f"{tmp_path.name}-cache"))
    (tmp_path / ".git").mkdir()
    write(tmp_path, {".sqlfluff": ON, "a.sql": AMBIGUOUS, "b.sql": TEMPLATE})
    return tmp_path


def lint(folder: Path, *arguments: str) -> dict[str, list[tuple[str, int, int]]]:
    """Code and place of all violations, by file."""
    command = [sys.executable, "-m", "sqlfluff", "lint", ".", "--format", "json", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert done.returncode in (0, 1), done.stderr
    files: list[dict[str, Any]] = json.loads(done.stdout[done.stdout.index("[{") :])
    return {
        file["filepath"].removeprefix("./"): [
            (each["code"], each["start_line_no"], each["start_line_pos"]) for each in file["violations"]
        ]
        for file in files
    }


def test_statement_rules_in_plain_and_templated_files(folder: Path) -> None:
    expected = {"a.sql": [("Lineage_CL02", 1, 8)], "b.sql": [("Lineage_CL05", 4, 30)]}
    assert lint(folder) == expected
    assert lint(folder, "--processes", "2") == expected


def test_off_unless_a_configuration_says_so(folder: Path) -> None:
    write(folder, {".sqlfluff": ON.replace("enabled = true", "")})
    assert lint(folder) == {"a.sql": [], "b.sql": []}


def test_noqa_of_both_kinds(folder: Path) -> None:
    write(folder, {"a.sql": f"{AMBIGUOUS.strip()} -- noqa: Lineage_CL02\n", "b.sql": f"{AMBIGUOUS.strip()} -- noqa: CL02\n"})
    assert lint(folder) == {"a.sql": [], "b.sql": []}


def test_graph_rules_while_the_last_check_is_fresh(folder: Path) -> None:
    write(folder, {"c.sql": "create temporary table leftover as\nselect o.id from orders as o\n"})
    assert lint(folder)["c.sql"] == []
    assert run(["check", str(folder), "-q", "--fail-on", "never"]) == 0
    assert lint(folder)["c.sql"] == [("Lineage_TA04", 1, 24)]
    assert lint(folder, "--processes", "2")["c.sql"] == [("Lineage_TA04", 1, 24)]
    write(folder, {"a.sql": f"-- changed\n{AMBIGUOUS}"})
    assert lint(folder) == {"a.sql": [("Lineage_CL02", 2, 8)], "b.sql": [("Lineage_CL05", 4, 30)], "c.sql": []}
    write(folder, {".sqlfluff": f"{ON}graph = false\n"})
    assert run(["check", str(folder), "-q", "--fail-on", "never"]) == 0
    assert lint(folder)["c.sql"] == []


def test_the_configuration_counts(folder: Path) -> None:
    write(folder, {"sqllineage-scan.toml": '[rules]\ncolumns.ambiguous = "off"\n'})
    assert lint(folder) == {"a.sql": [], "b.sql": [("Lineage_CL05", 4, 30)]}


def test_a_class_for_every_rule_that_stands_in_sql() -> None:
    """Read from the first lines of the files, since it is done in every run of everybody's sqlfluff."""
    command = [
        sys.executable,
        "-c",
        (
            "import sys\n"
            "from sqlfluff.core import Linter\n"
            "for rule in Linter(dialect='ansi').get_rulepack().rules:\n"
            "    if rule.code.startswith('Lineage_'): print(rule.code, rule.name, rule.description)\n"
            "print([name for name in sys.modules if name.startswith('sqllineage_scan')], file=sys.stderr)\n"
        ),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    expected = {
        f"Lineage_{rule.code} lineage.{rule.name} {rule.summary}"
        for rule in load_rules()
        if rule.scope in (RuleScope.STATEMENT, RuleScope.GRAPH)
    }
    assert set(done.stdout.splitlines()) == expected
    loaded = {name for name in done.stderr.splitlines()[-1].strip("[]").replace("'", "").split(", ") if name}
    assert loaded == {
        "sqllineage_scan",
        "sqllineage_scan.bundled",
        "sqllineage_scan.integrations",
        "sqllineage_scan.integrations.sqlfluff",
        "sqllineage_scan.integrations.sqlfluff.rules",
    }
