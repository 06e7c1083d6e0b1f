from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.discover.walk import list_files

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "a.sql": "",
    "build/generated.sql": "",
    "keep/build/kept.sql": "",
    "models/x.sql": "",
    "models/tmp_y.sql": "",
    "models/deep/tmp_z.sql": "",
    "node_modules/p/q.sql": "",
    ".gitignore": "/build/\nnode_modules/\n",
    "models/.gitignore": "tmp_*\n!tmp_z.sql\n",
}
SEEN = (".gitignore", "a.sql", "keep/build/kept.sql", "models/.gitignore", "models/deep/tmp_z.sql", "models/x.sql")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True)


def test_ignored_files_are_left_out_with_and_without_git(repository: Path) -> None:
    assert list_files(repository).paths == SEEN
    git(repository, "init", "-q")
    assert list_files(repository).paths == SEEN


def test_a_tracked_file_counts_even_if_it_is_ignored(repository: Path) -> None:
    git(repository, "init", "-q")
    git(repository, "add", "-f", "build/generated.sql")
    assert "build/generated.sql" in list_files(repository).paths


def test_include_and_exclude_narrow(repository: Path) -> None:
    assert list_files(repository, include=["models/"], exclude=["deep/"]).paths == ("models/.gitignore", "models/x.sql")


def test_links_are_not_followed_and_said(repository: Path) -> None:
    (repository / "loop.sql").symlink_to(repository / "loop.sql")
    (repository / "folder").symlink_to(repository, target_is_directory=True)
    (repository / "out.sql").symlink_to("/etc/hostname")
    listing = list_files(repository)
    assert listing.paths == SEEN
    assert [(finding.name, finding.subject) for finding in listing.findings] == [
        ("discover.broken_link", "loop.sql"),
        ("discover.outside_link", "out.sql"),
    ]
