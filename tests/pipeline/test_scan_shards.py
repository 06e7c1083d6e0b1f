"""Shards: compiled apart, linked to the very document that one scan gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.generate import generate
from sqllineage_scan.cli.shell.application import run
from sqllineage_scan.pipeline.shards import MAGIC, Part, is_shard, part, read_shard

EXAMPLES = Path(__file__).parents[2] / "examples"


def shards(root: Path, folder: Path, count: int, *words: str) -> list[str]:
    made = []
    for number in range(1, count + 1):
        made.append(str(folder / f"{root.name}-{number}.shard"))
        assert run(["scan", str(root), "-q", "--shard", f"{number}/{count}", "-o", made[-1], *words]) == 0
    return made


@pytest.mark.parametrize("example", ["shop", "bakery"])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_document_of_one_scan(example: str, count: int, tmp_path: Path) -> None:
    made = shards(EXAMPLES / example, tmp_path, count)
    assert run(["link", "-q", *reversed(made), "-o", str(tmp_path / "linked.json")]) == 0
    assert run(["scan", "-q", "--no-artifacts", str(EXAMPLES / example), "-o", str(tmp_path / "whole.json")]) == 0
    assert (tmp_path / "linked.json").read_bytes() == (tmp_path / "whole.json").read_bytes()


def test_settings_of_the_link_travel_along(tmp_path: Path) -> None:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "sqllineage-scan.toml").write_text(
        'namespace = "postgres://acme"\ndefault_schema = "public"\ntargets = ["{table}.sql"]\n'
    )
    (root / "a.sql").write_text("select x from t")
    (root / "b.sql").write_text("select x from a")
    made = shards(root, tmp_path, 3)
    assert run(["link", "-q", *made, "-o", str(tmp_path / "linked.json")]) == 0
    assert run(["scan", "-q", str(root), "-o", str(tmp_path / "whole.json")]) == 0
    assert (tmp_path / "linked.json").read_bytes() == (tmp_path / "whole.json").read_bytes()


def test_beside_a_document_of_another_repository(tmp_path: Path) -> None:
    generate(tmp_path / "other", 10)
    assert run(["scan", "-q", str(tmp_path / "other"), "-o", str(tmp_path / "other.json")]) == 0
    made = shards(EXAMPLES / "shop", tmp_path, 2)
    assert run(["link", "-q", *made, str(tmp_path / "other.json"), "-o", str(tmp_path / "all.json")]) == 0
    text = (tmp_path / "all.json").read_text()
    assert '"shop"' in text
    assert '"generated"' in text


def refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert run(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err.replace("\n", " ")


def test_what_does_not_belong_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = shards(EXAMPLES / "shop", tmp_path, 2)
    other, _ = shards(EXAMPLES / "bakery", tmp_path, 2)
    out = ["-o", str(tmp_path / "x.json")]
    assert "shard 2/2 is missing" in refused(["link", first, *out], capsys)
    assert "a shard is there twice" in refused(["link", first, first, second, *out], capsys)
    assert "shards of different scans" in refused(["link", first, other, *out], capsys)
    damaged = Path(second)
    damaged.write_bytes(damaged.read_bytes()[:-40])
    assert "a damaged shard" in refused(["link", first, second, *out], capsys)
    assert not (tmp_path / "x.json").exists()


@pytest.mark.parametrize("text", ["", "0/2", "3/2", "1", "1/0", "a/b", "-1/2"])
def test_misuse(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "write K/N, as in 1/4 to 4/4" in refused(["scan", str(EXAMPLES / "shop"), "--shard", text], capsys)


def test_every_file_is_in_one_shard() -> None:
    paths = [f"models/m{number}.sql" for number in range(1_000)]
    counts = [sum(Part(number, 4).holds(path) for path in paths) for number in range(1, 5)]
    assert sum(counts) == 1_000
    assert min(counts) > 200
    assert part(" 2/8 ") == (2, 8)


def test_told_by_how_it_begins(tmp_path: Path) -> None:
    made, *_ = shards(EXAMPLES / "shop", tmp_path, 1)
    assert Path(made).read_bytes().startswith(MAGIC)
    assert is_shard(Path(made))
    assert read_shard(Path(made)).count == 1
    assert not is_shard(tmp_path / "nothing")
    (tmp_path / "a.json").write_text("{}")
    assert not is_shard(tmp_path / "a.json")
