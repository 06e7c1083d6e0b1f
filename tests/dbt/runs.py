"""dbt itself, run on a copy of an example: what it parses, compiles, and leaves in DuckDB."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
# dbt needs a newer DuckDB than the execution tests, so it has an environment of its own: see the Makefile.
PYTHON = Path(os.environ.get("DBT_ENVIRONMENT", ROOT / ".venv" / "dbt")) / "bin" / "python"
# All in one process: importing dbt takes longer than most of what it is asked here.
_PROGRAM = """
import json, shutil, sys
from dbt.cli.main import dbtRunner
for command, made, kept in json.loads(sys.argv[1]):
    if not dbtRunner().invoke(command).success:
        sys.exit(f"dbt {' '.join(command)} fails")
    if made:
        shutil.copy(f"target/{made}", kept)
"""
_COMMANDS = (
    (["deps"], "", ""),
    (["parse", "--no-partial-parse"], "manifest.json", "parsed.json"),
    (["seed"], "", ""),
    (["compile"], "manifest.json", "compiled.json"),
    (["build"], "", ""),
    (["docs", "generate", "--no-compile"], "catalog.json", "catalog.json"),
)
_QUIET = ["--no-version-check", "--no-send-anonymous-usage-stats", "--no-use-colors", "--log-level", "warn"]


class Truth(NamedTuple):
    parsed: dict[str, Any]  # the manifest of dbt parse
    compiled: dict[str, Any]  # the manifest of dbt compile, before anything but the seeds was built
    catalog: dict[str, Any]  # of the database after dbt build
    database: Path


def run_dbt(example: Path, project: str, folder: Path) -> Truth:
    """Everything that dbt says of ``project``, a folder of the ``example``; ``folder`` gets a copy to run it in."""
    if not PYTHON.is_file():
        pytest.fail(f"dbt is not installed: no {PYTHON}. `make test` installs it; DBT_ENVIRONMENT may name another environment.")
    here = shutil.copytree(example, folder / example.name) / project
    commands = [([*_QUIET, *command], made, kept) for command, made, kept in _COMMANDS]
    done = _python(["-c", _PROGRAM, json.dumps(commands)], here)
    assert done.returncode == 0, done.stdout + done.stderr
    parsed, compiled, catalog = (json.loads((here / f"{name}.json").read_text()) for name in Truth._fields[:3])
    (database,) = (here / "target").glob("*.duckdb")
    return Truth(parsed, compiled, catalog, database)


def _python(arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PYTHON, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=600)
