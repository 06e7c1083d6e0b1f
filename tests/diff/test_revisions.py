"""Revisions of a real git repository: nothing is checked out, nothing runs, nothing outside the private folder is written."""

from __future__ import annotations

import os
import subprocess
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.api import compare
from sqllineage_scan.cli.shell.application import run
from sqllineage_scan.domain.change import Verdict
from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "create table o (id int, amount int);\n"
VIEW = "create view a as select amount as x from o;\n"


def _git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *identity, "-C", str(folder), *words], capture_output=True, check=True, text=True)
    return done.stdout.strip()


def _commit(folder: Path, message: str, **files: str | None) -> str:
    for name, text in files.items():
        path = folder / f"{name}.sql"
        if text is None:
            path.unlink()
        else:
            path.write_text(text)
    _git(folder, "add", "-A")
    _git(folder, "commit", "-qm", message)
    return _git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    _git(folder, "init", "-q", "-b", "main")
    _commit(folder, "first", t=TABLE, v=VIEW)
    return folder


def _state(folder: Path) -> dict[str, str]:
    """Every file with its content, git's index and references included; objects and logs aside."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and "objects" not in path.parts]
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in paths}


def test_the_work_tree_is_compared_with_where_it_forked(repository) -> None:
    _git(repository, "checkout", "-qb", "feature")
    _git(repository, "checkout", "-q", "main")
    _commit(repository, "on main", other="create view b as select amount as y from o;\n")
    _git(repository, "checkout", "-q", "feature")
    (repository / "t.sql").write_text("create table o (id int);\n")
    diff = compare("main", path=repository)
    assert [(change.kind.value, str(change.subject)) for change in diff.changes] == [("removed", "o.amount")]
    assert diff.verdict is Verdict.BREAKING
    assert (diff.base.label, diff.head.label, diff.head.commit) == ("main", "work tree", None)
    tip = compare("main", path=repository, tip=True)
    assert {str(change.subject) for change in tip.changes} == {"o.amount", "b"}
    assert {str(change.subject) for change in compare("main..feature", path=repository).changes} == {"b"}
    assert compare("main...feature", path=repository).changes == ()


def test_nothing_is_touched_and_no_hook_runs(repository, tmp_path) -> None:
    first = _git(repository, "rev-parse", "HEAD")
    _commit(repository, "second", v="create view a as select amount + 1 as x from o;\n")
    for hook in ("post-checkout", "reference-transaction", "post-index-change", "fsmonitor-watchman"):
        path = repository / ".git" / "hooks" / hook
        path.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        path.chmod(0o755)
    _git(repository, "config", "core.fsmonitor", f"touch {tmp_path}/ran")
    (repository / "v.sql").write_text("-- being written\n")
    before = _state(repository)
    diff = compare(first, "HEAD", path=repository)
    assert [change.kind.value for change in diff.changes] == ["redefined"]
    assert _state(repository) == before
    assert not (tmp_path / "ran").exists()


def test_a_merge_commit_of_a_shallow_clone_gives_both_sides(repository, tmp_path) -> None:
    _git(repository, "checkout", "-qb", "feature")
    _commit(repository, "change", v="create view a as select amount + 1 as x from o;\n")
    _git(repository, "checkout", "-q", "main")
    _commit(repository, "main goes on", n="create view n as select id from o;\n")
    _git(repository, "merge", "-q", "--no-ff", "-m", "merge", "feature")
    clone = tmp_path / "clone"
    _git(tmp_path, "clone", "-q", "--depth=2", f"file://{repository}", str(clone))
    diff = compare("HEAD^1", "HEAD", path=clone, fetch=False)
    assert [(change.kind.value, str(change.subject)) for change in diff.changes] == [("redefined", "a.x")]


def test_a_commit_that_is_missing_is_fetched_if_that_may_be(repository, tmp_path) -> None:
    first = _git(repository, "rev-parse", "HEAD")
    _git(repository, "config", "uploadpack.allowAnySHA1InWant", "true")
    _commit(repository, "second", v="create view a as select amount + 1 as x from o;\n")
    clone = tmp_path / "clone"
    _git(tmp_path, "clone", "-q", "--depth=1", f"file://{repository}", str(clone))
    with pytest.raises(UsageError, match="no commit is called"):
        compare(first, "HEAD", path=clone, fetch=False)
    assert [change.kind.value for change in compare(first, "HEAD", path=clone).changes] == ["redefined"]


def test_hostile_names_and_links_are_left_out(repository) -> None:
    blob = _git(repository, "hash-object", "-w", "v.sql")
    listing = f"120000 blob {blob}\tlink.sql\n100644 blob {blob}\tw.sql\n"
    made = subprocess.run(
        ["git", "-C", str(repository), "mktree"], input=listing, capture_output=True, check=True, text=True
    ).stdout.strip()
    outer = subprocess.run(
        ["git", "-C", str(repository), "mktree"],
        input=f"040000 tree {made}\t..\n100644 blob {blob}\ta\\b.sql\n100644 blob {blob}\tok.sql\n",
        capture_output=True,
        check=True,
        text=True,
    ).stdout.strip()
    commit = _git(repository, "commit-tree", "-m", "hostile", outer)
    diff = compare("HEAD", commit, path=repository, tip=True)
    assert "ok.sql" in {change.after.span.path for change in diff.changes if change.after and change.after.span} | {
        reader.span.path for change in diff.changes for reader in change.impact.readers if reader.span
    }
    assert not (repository.parent / "w.sql").exists()


def test_packages_that_git_ignores_are_seen_on_both_sides(repository) -> None:
    (repository / ".gitignore").write_text("dbt_packages/\n")
    (repository / "dbt_project.yml").write_text("name: shop\nprofile: shop\n")
    package = repository / "dbt_packages" / "tools" / "macros"
    package.mkdir(parents=True)
    (package.parent / "dbt_project.yml").write_text("name: tools\n")
    (package / "cents.sql").write_text("{% macro cents(a) %}{{ a }} / 100{% endmacro %}\n")
    models = repository / "models"
    models.mkdir()
    (models / "m.sql").write_text("select {{ tools.cents('amount') }} as euros from o\n")
    _commit(repository, "dbt")
    assert compare("HEAD", path=repository).changes == ()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["diff", "nowhere", "--no-fetch"], "no commit is called 'nowhere'"),
        (["diff", "HEAD", "--format", "jsn"], "no format is called 'jsn'; did you mean 'json'?"),
        (["diff", "--upload-pack=x"], "no such option"),
    ],
)
def test_misuse_is_one_line(repository, monkeypatch, capsys, words, said) -> None:
    monkeypatch.chdir(repository)
    assert run(words) == 2
    error = capsys.readouterr().err
    assert said in error.lower() or said in error
    assert len(error.strip().splitlines()) == 1


def test_outside_of_git_there_is_one_line(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", os.fspath(tmp_path.parent))
    assert run(["diff", "main"]) == 2
    assert "is in no git repository; compare two lineage documents instead" in capsys.readouterr().err


def test_the_gate(repository, monkeypatch, capsys) -> None:
    monkeypatch.chdir(repository)
    (repository / "t.sql").write_text("create table o (id int);\n")
    assert run(["diff", "HEAD"]) == 0
    assert capsys.readouterr().out.startswith("BREAKING  1 breaking change")
    assert run(["diff", "HEAD", "--fail-on", "breaking", "--format", "json"]) == 1
    told = capsys.readouterr()
    assert '"verdict": "breaking"' in told.out
    assert "o.amount removed: a.x still reads it" in told.err
    (repository / "t.sql").write_text(f'-- lineage: allow-break amount "unused"\n{TABLE.replace(", amount int", "")}')
    assert run(["diff", "HEAD", "--fail-on", "review"]) == 0


@pytest.mark.parametrize("form", ["github", "sarif"])
def test_hosts_find_files_from_the_root_of_the_repository(repository, capsys, form) -> None:
    folder = repository / "transform" / "shop"
    folder.mkdir(parents=True)
    for name in ("t.sql", "v.sql"):
        (repository / name).rename(folder / name)
    _commit(repository, "moved")
    (folder / "t.sql").write_text("create table o (id int);\n")
    assert run(["diff", "HEAD", "--path", str(folder), "--format", form]) == 0
    assert "transform/shop/v.sql" in capsys.readouterr().out
    assert run(["diff", "HEAD", "--path", str(folder), "--format", "json"]) == 0
    assert "transform" not in capsys.readouterr().out


def test_a_repository_of_somebody_else_is_one_line(repository, monkeypatch, capsys) -> None:
    """git refuses to read it unless its owner is trusted (git-config(1), safe.directory), and so do we."""
    monkeypatch.chdir(repository)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert run(["diff", "HEAD"]) == 2
    error = capsys.readouterr().err
    assert len(error.strip().splitlines()) == 1
    assert "safe.directory" in error
