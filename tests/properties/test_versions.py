"""Same meaning, same version: whoever scans, in however many processes, however often, and however the files are called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan import ScanOptions, scan

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "ddl.sql": "create table raw.orders (id int, amount decimal(10, 2), status text);",
    "a.sql": "create view staging.orders as select id, amount from raw.orders where status = 'paid';",
    "b.sql": "create table marts.total as select sum(amount) as total from staging.orders;",
    "c.sql": "insert into marts.log select id, 1 as kind from raw.orders;",
    "d.sql": "insert into marts.log select id, 2 as kind from staging.orders;",
    "e.sql": "create view marts.both as select l.id, t.total from marts.log l cross join marts.total t;",
}


def written(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def versions(root: Path, options: ScanOptions) -> dict[str, tuple[str, str | None]]:
    found = scan(root, options=options).datasets
    assert len({dataset.id for dataset in found}) == len(found)
    return {str(dataset.id): (str(dataset.id.uuid), dataset.version) for dataset in found}


OPTIONS = ScanOptions(dialect="duckdb")


def test_comments_and_layout(tmp_path: Path) -> None:
    before = versions(written(tmp_path / "one", FILES), OPTIONS)
    noisy = {name: "-- " + name + "\n" + text.replace(" ", "\n  /* here */ ") for name, text in FILES.items()}
    assert versions(written(tmp_path / "other", noisy), OPTIONS) == before


def test_the_order_of_the_files(tmp_path: Path) -> None:
    before = versions(written(tmp_path / "one", FILES), OPTIONS)
    moved = {f"folder/{99 - number}.sql": text for number, text in enumerate(FILES.values())}
    assert versions(written(tmp_path / "other", moved), OPTIONS) == before


@pytest.mark.parametrize("processes", [1, 2])
def test_again_and_by_others(tmp_path: Path, processes: int) -> None:
    """With a cache and without, cold and warm: nothing is there twice, and nothing else than before."""
    root = written(tmp_path / "repository", FILES)
    before = versions(root, OPTIONS)
    options = replace(OPTIONS, processes=processes, cache_dir=tmp_path / "cache")
    assert [versions(root, options) for _ in range(3)] == [before] * 3


def test_a_change_is_a_new_version_of_all_that_reads_it(tmp_path: Path) -> None:
    before = versions(written(tmp_path, FILES), OPTIONS)
    after = versions(written(tmp_path, {"a.sql": FILES["a.sql"].replace("paid", "open")}), OPTIONS)
    assert {name for name in before if before[name] != after[name]} == {
        "staging.orders", "marts.total", "marts.log", "marts.both",
    }  # fmt: skip
    assert {name: found[0] for name, found in before.items()} == {name: found[0] for name, found in after.items()}
    assert versions(written(tmp_path, FILES), OPTIONS) == before
