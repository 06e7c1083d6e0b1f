"""Our hooks, run by the real pre-commit in a real git repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.linting.repositories import write

ROOT = Path(__file__).parents[2]
FILES = {
    "dbt_project.yml": "name: shop\nversion: '1'\n",
    "models/stg_orders.sql": "select id, total as amount from raw.orders\n",
    "models/orders.sql": "select id, amount from {{ ref('stg_orders') }}\n",
    "README.md": "A shop.\n",
}
RENAMED = "select id, total as value from raw.orders\n"


def git(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "-c", "user.name=Ann", "-c", "user.email=ann@example.com", *arguments]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, env={**os.environ, **environment})


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This work tree, as a repository that pre-commit can clone: what is there now, committed or not."""
    place = tmp_path_factory.mktemp("hooks")
    listed = git(ROOT, "ls-files", "-co", "--exclude-standard", "-z").stdout.split("\0")
    for path in filter(None, listed):
        if (ROOT / path).is_file() and not path.startswith(("tests/", "benchmarks/", "docs/", "examples/")):
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, place / path)
    for arguments in (["init", "-q"], ["add", "-f", "."], ["commit", "-q", "-m", "hooks"], ["tag", "v0"]):
        assert git(place, *arguments).returncode == 0
    return place


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the environment that it builds of us: once for all tests here."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def repository(tmp_path: Path, hooks: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Committed and clean, the hook installed as `pre-commit install` does it."""
    monkeypatch.setenv("PRE_COMMIT_HOME", str(home))
    monkeypatch.setenv("SQLLINEAGE_SCAN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT_FROM"))]:
        monkeypatch.delenv(name)
    root = tmp_path / "shop"
    ids = "\n".join(f"      - id: {name}" for name in ("sqllineage-scan", "sqllineage-scan-impact"))
    config = f"repos:\n  - repo: {hooks}\n    rev: v0\n    hooks:\n{ids}\n"
    write(root, {**FILES, ".pre-commit-config.yaml": config})
    for arguments in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "first"]):
        assert git(root, *arguments).returncode == 0
    installed = subprocess.run(
        [sys.executable, "-m", "pre_commit", "install"], cwd=root, capture_output=True, text=True, check=False
    )
    assert installed.returncode == 0, installed.stdout
    return root


def commit(root: Path) -> tuple[int, str]:
    done = git(root, "commit", "-m", "change")
    return done.returncode, done.stdout + done.stderr


@pytest.mark.xdist_group("pre-commit")
def test_a_commit_that_breaks_another_file_is_refused(repository: Path) -> None:
    write(repository, {"models/stg_orders.sql": RENAMED})
    git(repository, "add", ".")
    code, told = commit(repository)
    assert code == 1, told
    assert "models/orders.sql:1:12: error CL01 columns.missing" in told
    write(repository, {"models/orders.sql": "select id, value from {{ ref('stg_orders') }}\n"})
    git(repository, "add", ".")
    code, told = commit(repository)
    assert code == 0, told
    assert "Passed" in told


@pytest.mark.xdist_group("pre-commit")
def test_what_is_not_staged_does_not_count(repository: Path) -> None:
    """Half of a change is staged: what the commit would break is judged, not what is on disk."""
    write(repository, {"models/stg_orders.sql": RENAMED})
    git(repository, "add", "models/stg_orders.sql")
    write(repository, {"models/orders.sql": "select id, value from {{ ref('stg_orders') }}\n"})  # mended, and not staged
    code, told = commit(repository)
    assert code == 1, told
    assert "columns.missing" in told
    assert (repository / "models/orders.sql").read_text() == "select id, value from {{ ref('stg_orders') }}\n"


@pytest.mark.xdist_group("pre-commit")
def test_a_file_of_which_a_part_is_staged(repository: Path) -> None:
    """The staged half of a file is well, the other half on disk is not."""
    good = "select id, amount, 1 as one from {{ ref('stg_orders') }}\n"
    write(repository, {"models/orders.sql": good})
    git(repository, "add", ".")
    write(repository, {"models/orders.sql": good.replace("amount,", "amuont,")})
    code, told = commit(repository)
    assert code == 0, told
    assert "amuont" in (repository / "models/orders.sql").read_text()
    git(repository, "add", ".")
    code, told = commit(repository)
    assert code == 1, told
    assert "has no column `amuont`" in told


@pytest.mark.xdist_group("pre-commit")
def test_what_was_wrong_before_fails_no_commit_but_all_files(repository: Path) -> None:
    write(repository, {"models/old.sql": "select nothing from {{ ref('stg_orders') }}\n"})
    git(repository, "add", ".")
    assert git(repository, "commit", "-q", "--no-verify", "-m", "in a hurry").returncode == 0
    write(repository, {"models/new.sql": "select amount from {{ ref('stg_orders') }}\n"})
    git(repository, "add", ".")
    code, told = commit(repository)
    assert code == 0, told
    everything = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files"], cwd=repository, capture_output=True, text=True, check=False
    )
    assert everything.returncode == 1
    assert "models/old.sql:1:8: error CL01 columns.missing" in everything.stdout


@pytest.mark.xdist_group("pre-commit")
def test_other_files_do_not_wake_it(repository: Path) -> None:
    write(repository, {"README.md": "A better shop.\n"})
    git(repository, "add", ".")
    code, told = commit(repository)
    assert code == 0
    assert "Skipped" in told


@pytest.mark.xdist_group("pre-commit")
def test_the_impact_of_what_is_pushed(repository: Path) -> None:
    """Only between revisions, and by hand: it compares two states, and takes its time."""
    write(repository, {"models/stg_orders.sql": RENAMED})
    git(repository, "add", ".")
    assert git(repository, "commit", "-q", "--no-verify", "-m", "renamed").returncode == 0

    def impact(*revisions: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pre_commit", "run", "sqllineage-scan-impact", "--hook-stage", "pre-push", *revisions]
        return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)

    done = impact("--from-ref", "HEAD~1", "--to-ref", "HEAD")
    assert done.returncode == 1, done.stdout
    assert "amount" in done.stdout
    assert "orders" in done.stdout
    write(repository, {"models/orders.sql": "select id, value as amount from {{ ref('stg_orders') }}\n"})
    git(repository, "add", ".")
    assert git(repository, "commit", "-q", "--no-verify", "-m", "mended").returncode == 0
    assert impact("--from-ref", "HEAD~2", "--to-ref", "HEAD").returncode == 0, impact(
        "--from-ref", "HEAD~2", "--to-ref", "HEAD"
    ).stdout
