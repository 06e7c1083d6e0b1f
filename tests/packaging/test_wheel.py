"""The wheel, installed in a clean environment, scans; and it holds what the checkout holds."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out), str(ROOT)]
    subprocess.run(command, check=True, timeout=300)
    return next(out.glob("*.whl"))


def test_contents(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "sqllineage_scan").rglob("*") if path.is_file()}
    expected = {path for path in sources if "__pycache__" not in path}
    for folder in ("rules", "templates"):
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
        expected |= {f"sqllineage_scan/_bundled/{path.relative_to(ROOT).as_posix()}" for path in files}
    assert {name for name in names if not name.split("/")[0].endswith(".dist-info")} == expected


def test_installed_and_scanning(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True, timeout=600)
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / "view.sql").write_text("create view v as select o.id from orders o")
    command = [python.parent / "sqllineage-scan", "scan", str(tmp_path / "repo"), "--output", "out.json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path, timeout=120)
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "out.json").read_text())
    assert [(edge["source"], edge["target"]) for edge in document["column_edges"]] == [
        ({"dataset": "orders", "column": "id"}, {"dataset": "v", "column": "id"})
    ]
