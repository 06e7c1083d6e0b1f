"""A scan of which nothing has changed says and leaves what it did before; anything that changes, it notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.generate import generate
from sqllineage_scan.cli.shell.application import run
from sqllineage_scan.pipeline import scan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    generate(tmp_path / "repo", 12)
    (tmp_path / "repo" / "models" / "broken.sql").write_text("select from where")
    return tmp_path / "repo"


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One for every time that something was linked."""
    found: list[str] = []
    real = scan.link_all

    def counted(name: str, *arguments: object) -> object:
        found.append(name)
        return real(name, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(scan, "link_all", counted)
    return found


def test_it_says_the_same_again(root: Path, scans: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.json"
    command = ["scan", str(root), "-o", str(out), "--cache-dir", str(tmp_path / "cache"), "--fail-on", "error"]
    codes, texts, talks, documents = set(), set(), set(), set()
    for _ in range(3):
        codes.add(run(command))
        said = capsys.readouterr()
        texts.add(said.out)
        talks.add(said.err)
        documents.add(out.read_bytes())
    assert (codes, len(texts), len(talks), len(documents)) == ({1}, 1, 1, 1)
    assert "broken.sql" in talks.pop()
    assert len(scans) == 1


CHANGES: dict[str, Callable[[Path, Path], object]] = {
    "a model": lambda root, _: next(root.rglob("stg_*.sql")).write_text("select 1 as one"),
    "a new file": lambda root, _: (root / "models" / "new.sql").write_text("select 1 as one"),
    "one less": lambda root, _: (root / "models" / "broken.sql").unlink(),
    "a macro": lambda root, _: (root / "macros" / "cents.sql").write_text("{% macro cents(c) %}{{ c }}{% endmacro %}"),
    "the profile": lambda root, _: (root / "profiles.yml").write_text("generated: {outputs: {prod: {type: duckdb, schema: x}}}"),
    "YAML": lambda root, _: (root / "models" / "more.yml").write_text("models: [{name: broken, description: so what}]"),
    "the configuration": lambda root, _: (root / "sqllineage-scan.toml").write_text('namespace = "snowflake://acme"'),
    "the document": lambda _, out: out.write_text("{}"),
    "no document": lambda _, out: out.unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_looks_again(change: str, root: Path, scans: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, other = tmp_path / "out.json", tmp_path / "other.json"
    command = ["scan", str(root), "--cache-dir", str(tmp_path / "cache"), "-o"]
    assert run([*command, str(out)]) == run([*command, str(out)]) == 0
    assert len(scans) == 1
    CHANGES[change](root, out)
    assert run([*command, str(out)]) == 0
    assert len(scans) == 2
    assert run(["scan", str(root), "--no-cache", "-o", str(other)]) == 0
    assert out.read_bytes() == other.read_bytes()
    capsys.readouterr()


@pytest.mark.parametrize("more", [["--dialect", "postgres"], ["--vars", "{a: 1}"], ["--exclude", "broken.sql"]])
def test_other_options(more: list[str], root: Path, scans: list[str], tmp_path: Path) -> None:
    command = ["scan", str(root), "-q", "--cache-dir", str(tmp_path / "cache"), "-o", str(tmp_path / "out.json")]
    assert run(command) == 0
    assert run([*command, *more]) == 0
    assert len(scans) == 2
