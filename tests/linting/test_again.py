"""A check that looks again only at what may have changed says what a check of everything says, whatever was changed."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan import ScanOptions, check
from sqllineage_scan.pipeline import again
from tests.linting.repositories import write

if TYPE_CHECKING:
    from sqllineage_scan.domain.report import Reported

ROOT = Path(__file__).parents[2]
TABLES = {
    f"t{number}.sql": f"create table shop.t{number} as select id, a, b from shop.t{number - 1};\n" for number in range(1, 40)
} | {"t0.sql": "create table shop.t0 (id int, a int, b int);\n"}


def checked(root: Path, cache: Path | None) -> tuple[Reported, ...]:
    return check(root, options=replace(ScanOptions(), dialect="duckdb", cache_dir=cache)).findings


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """How many datasets each check looked at; None: all."""
    found: list[int | None] = []
    original = again._Now.plan

    def plan(self: again._Now, before: object) -> object:
        made = original(self, before)  # type: ignore[arg-type]
        found.append(None if made is None else len(made.focus.datasets))
        return made

    monkeypatch.setattr(again._Now, "plan", plan)
    return found


def test_little_is_looked_at(tmp_path: Path, plans: list[int | None]) -> None:
    root, cache = tmp_path / "r", tmp_path / "c"
    write(root, {path: text.replace("shop.t20;", "shop.t0;") for path, text in TABLES.items()})
    before = checked(root, cache)
    assert checked(root, cache) == before
    assert plans == [0]
    write(root, {"t39.sql": TABLES["t39.sql"].replace("a, b", "a, b as c")})
    assert checked(root, cache) == checked(root, None)
    assert plans == [0, 2]  # what is written, and what it reads
    write(root, {"t39.sql": "-- other lines\n\n" + TABLES["t39.sql"]})
    assert checked(root, cache) == checked(root, None)
    write(root, {"t39.sql": TABLES["t39.sql"]})
    assert checked(root, cache) == before


def test_what_concerns_everything_is_all_looked_at(tmp_path: Path, plans: list[int | None]) -> None:
    root, cache = tmp_path / "r", tmp_path / "c"
    write(root, TABLES)
    checked(root, cache)
    for files in (
        {"sqllineage-scan.toml": 'rules = { "columns.never_read" = "warning" }\n'},
        {"u.sql": "create table shop.u as select a from shop.t3;\n"},  # a dataset more
        {"CODEOWNERS": "* @ann\n"},
        {"drop.sql": "alter table shop.t0 drop column b;\n"},
    ):
        write(root, files)
        assert checked(root, cache) == checked(root, None)
    assert plans == [None] * 4


def test_a_cache_that_holds_something_else(tmp_path: Path) -> None:
    from sqllineage_scan.pipeline.cache.store import Store

    root, cache = tmp_path / "r", tmp_path / "c"
    write(root, {"a.sql": "select id from a join b on a.k = b.k\n"})
    before = checked(root, cache)
    assert before
    for data in (b"", b"\x93\x01", b"\xc1"):
        with Store(cache) as store:
            assert store._connection is not None
            keys = [key for (key,) in store._connection.execute("SELECT key FROM entry WHERE namespace = 'checked'")]
            assert len(keys) == 1
            store.write("checked", {keys[0]: data})
        assert checked(root, cache) == before


def _edit(chance: random.Random, root: Path, number: int) -> None:
    """Something that people do to a file, or that happens to it."""
    files = sorted(root.rglob("*.sql")) + sorted(root.rglob("_*.yml"))
    path = chance.choice(files)
    text = path.read_text()
    lines = text.split("\n")
    if path.suffix == ".yml":
        path.write_text(f"# moved\n{text}" if chance.random() < 0.5 else text.replace('["pii"]', '["pii", "finance"]', 1))
        return
    kind = chance.choice(["comment", "moved", "less", "twice", "renamed", "other", "distinct", "gone", "new"])
    names = sorted(set(re.findall(r"\b[a-z]+_[a-z_]+\b", text)))
    place = chance.randrange(len(lines))
    if kind == "gone":
        path.unlink()
        return
    if kind == "new":
        path = path.with_name(f"new_{number}.sql")
    if kind == "renamed" and names:
        name = chance.choice(names)
        text = re.sub(rf"\b{name}\b", f"{name}x", text, count=chance.choice([1, 5]))
    path.write_text(
        {
            "comment": f"{text}\n-- said later\n",
            "moved": f"-- moved\n{text}",
            "less": "\n".join(lines[:place] + lines[place + 1 :]),
            "twice": "\n".join(lines[: place + 1] + lines[place:]),
            "other": chance.choice([each for each in files if each.suffix == ".sql"]).read_text(),
            "distinct": text.replace("select", "select distinct", 1),
        }.get(kind, text)
    )


@pytest.fixture(params=["shop", "generated"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    root = tmp_path / "project"
    if request.param == "shop":
        return shutil.copytree(ROOT / "examples" / "shop", root)
    command = [sys.executable, str(ROOT / "benchmarks" / "generate.py"), str(root), "--models", "60"]
    subprocess.run(command, check=True, capture_output=True)
    return root


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_changed(
    project: Path, tmp_path: Path, seed: int, plans: list[int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(again, "_MOST", 1.0)  # in a small project nearly all of it is near
    chance = random.Random(seed)
    checked(project, tmp_path / "cache")
    for number in range(12):
        _edit(chance, project, number)
        again_, anew = checked(project, tmp_path / "cache"), checked(project, None)
        assert again_ == anew, number
    assert any(plan is not None for plan in plans)


def test_comments_are_asked_anew(tmp_path: Path) -> None:
    root, cache = tmp_path / "r", tmp_path / "c"
    write(root, {"a.sql": "select id from a join b on a.k = b.k\n", "b.sql": "select id from c join d on c.k = d.k\n"})
    first = checked(root, cache)
    write(root, {"a.sql": "select id from a join b on a.k = b.k -- noqa: CL02\n"})
    second = checked(root, cache)
    assert [each.finding.name for each in second if each.suppressed] == ["columns.ambiguous"]
    assert len(second) == len(first)
    assert second == checked(root, None)
