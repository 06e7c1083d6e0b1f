"""Where a file is to be seen on the repository's host, by the remote of the clone."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.discover.host import file_url, source_url

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("remote", "url"),
    [
        ("https://github.com/shop/warehouse.git", "https://github.com/shop/warehouse/blob/abc/{path}#L{line}"),
        ("git@github.com:shop/warehouse.git", "https://github.com/shop/warehouse/blob/abc/{path}#L{line}"),
        (
            "ssh://git@gitlab.shop.example:2222/data/warehouse.git",
            "https://gitlab.shop.example/data/warehouse/-/blob/abc/{path}#L{line}",
        ),
        ("https://bitbucket.org/shop/warehouse", "https://bitbucket.org/shop/warehouse/src/abc/{path}#lines-{line}"),
        ("https://codeberg.org/shop/warehouse", "https://codeberg.org/shop/warehouse/src/commit/abc/{path}#L{line}"),
        ("https://me:secret@github.com/shop/warehouse", "https://github.com/shop/warehouse/blob/abc/{path}#L{line}"),
        ("https://github.example:8443/a/b", "https://github.example:8443/a/b/blob/abc/{path}#L{line}"),
        ("https://github.com/a/b c<d>", "https://github.com/a/b%20c%3Cd%3E/blob/abc/{path}#L{line}"),
        ("/srv/git/github/warehouse.git", None),
        ("https://code.shop.example/warehouse.git", None),
        ("https://[github", None),
        ("", None),
    ],
)
def test_the_address_of_a_file(remote: str, url: str | None) -> None:
    assert file_url(remote, "abc") == url


def test_a_folder_of_the_repository_comes_before_the_path() -> None:
    assert (
        file_url("git@github.com:a/b", "abc", "examples/shop/") == "https://github.com/a/b/blob/abc/examples/shop/{path}#L{line}"
    )


def git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b.example", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_a_clone_knows_its_host_and_its_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert source_url(tmp_path) is None
    git(tmp_path, "remote", "add", "origin", "git@github.com:shop/warehouse.git")
    assert source_url(tmp_path) is None  # no commit yet
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "begin")
    (tmp_path / "sql").mkdir()
    revision = git(tmp_path, "rev-parse", "HEAD")
    assert source_url(tmp_path / "sql") == f"https://github.com/shop/warehouse/blob/{revision}/sql/{{path}}#L{{line}}"
