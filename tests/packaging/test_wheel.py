"""The wheel, installed in a clean environment, scans; and it holds what the checkout holds."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from sqllineage_scan import scan

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


@pytest.mark.parametrize("sqlglot", ["lowest", "newest"])
def test_installed_and_scanning(wheel: Path, sqlglot: str, tmp_path: Path) -> None:
    """In a clean environment, at both ends of the range of sqlglot that we support, to the same bytes as here."""
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    pins = [f"sqlglot[c]=={lowest_sqlglot()}"] if sqlglot == "lowest" else []
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel), *pins], check=True, timeout=600)
    command = [python.parent / "sqllineage-scan", "scan", str(ROOT / "examples" / "shop"), "--output", "out.json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "Written to out.json" in done.stdout
    installed = json.loads((tmp_path / "out.json").read_text())
    assert installed == json.loads(json.dumps(scan(ROOT / "examples" / "shop").to_dict()))
    assert len(installed["column_edges"]) > 200


def lowest_sqlglot() -> str:
    """The lower end of the range in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return next(line.split(">=")[1].split(",")[0] for line in project["dependencies"] if line.startswith("sqlglot>="))
