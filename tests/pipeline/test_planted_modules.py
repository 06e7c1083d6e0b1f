"""A repository is read, never run: modules that lie in it stand in for nobody's, wherever the scan is started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    "module", ["multiprocessing/__init__.py", "pickle.py", "sqlglot/__init__.py", "sqllineage_scan/__init__.py"]
)
def test_processes_import_nothing_from_the_current_folder(tmp_path: Path, module: str) -> None:
    planted = tmp_path / module
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text("open('was_run', 'w').close()\n")
    for name in "abc":
        (tmp_path / f"{name}.sql").write_text(f"create table {name} as select x from t;")
    tool = Path(sys.executable).with_name("sqllineage-scan")
    command = [tool, "scan", "--processes", "2", "--no-cache", "--quiet", "-o", "out.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "was_run").exists()
