"""``log`` and ``blame`` as people use them."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.cli.shell.application import run

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Repository


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SQLLINEAGE_SCAN_CACHE_DIR", str(tmp_path / "cache"))


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(words) == 0
    return capsys.readouterr().out


def document(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    return json.loads(told(capsys, *words, "--json"))


def test_a_dataset(shop: Repository, capsys) -> None:
    found = document(capsys, "log", "total", str(shop.folder))
    assert [commit["summary"] for commit in found["commits"]] == ["Open ones", "Another name", "Net amounts", "Totals"]
    assert [commit["author"] for commit in found["commits"]] == ["Bob", "Ann", "Ann", "Bob"]
    assert (found["commits_looked_at"], found["shallow"]) == (7, False)
    newest = found["commits"][0]["datasets"][0]
    assert newest["what"] == ["inputs"]
    assert newest["before"] != newest["after"]
    assert [item["dataset"] for item in newest["inputs"]] == ["staging.paid"]
    assert found["commits"][-1]["datasets"][0]["before"] is None
    chain = [commit["datasets"][0] for commit in found["commits"]]
    assert all(later["before"] == earlier["after"] for later, earlier in pairwise(chain))


def test_a_dataset_under_both_its_names(shop: Repository, capsys) -> None:
    now, then = (document(capsys, "log", name, str(shop.folder)) for name in ("staging.paid", "staging.orders"))
    assert [commit["summary"] for commit in now["commits"]] == ["Open ones", "Another name", "Net amounts", "First"]
    assert then == now
    assert now["commits"][1]["datasets"][0]["was"] == "staging.orders"


def test_a_column_with_all_that_it_is_made_of(shop: Repository, capsys) -> None:
    found = document(capsys, "log", "marts.total.total", str(shop.folder))
    said = [(commit["summary"], [step["dataset"] for step in commit["datasets"]]) for commit in found["commits"]]
    assert said == [
        ("Open ones", ["staging.paid"]),  # other rows
        ("Another name", ["staging.paid"]),
        ("Net amounts", ["staging.orders"]),
        ("Totals", ["marts.total"]),  # before that there was no such column
    ]
    [step] = found["commits"][2]["datasets"]
    [change] = step["changes"]
    assert (change["kind"], change["column"], change["before"], change["after"]) == (
        "redefined", "amount", "amount", "amount - tax",
    )  # fmt: skip


def test_the_chain_is_that_of_then(make, capsys) -> None:
    """Today it is made of b alone; what became of a mattered as long as it was made of a."""
    repository = make("chain")
    repository.commit("Two tables", {"a.sql": "create view a as select x from r", "b.sql": "create view b as select y from r"})
    repository.commit("Made of a", {"c.sql": "create view c as select x as z from a"})
    repository.commit("a is another", {"a.sql": "create view a as select x + 1 as x from r"})
    repository.commit("Made of b", {"c.sql": "create view c as select y as z from b"})
    repository.commit("a does not matter", {"a.sql": "create view a as select x + 2 as x from r"})
    repository.commit("b does", {"b.sql": "create view b as select y + 1 as y from r"})
    found = document(capsys, "log", "c.z", str(repository.folder))
    assert [commit["summary"] for commit in found["commits"]] == [
        "b does",
        "Made of b",
        "a is another",
        "Made of a",
    ]


def test_what_is_gone_is_found(shop: Repository, capsys) -> None:
    shop.commit("No totals", {"b.sql": None})
    found = document(capsys, "log", "marts.total", str(shop.folder))
    assert [commit["summary"] for commit in found["commits"]][:2] == ["No totals", "Open ones"]
    assert found["commits"][0]["datasets"][0]["after"] is None


def test_blame(shop: Repository, capsys) -> None:
    found = document(capsys, "blame", "marts.total.total", str(shop.folder))
    said = [
        (item["dataset"], item["column"], item["distance"], item["commit"]["summary"], item["change"] and item["change"]["kind"])
        for item in found["columns"]
    ]
    assert said == [
        ("marts.total", "total", 0, "Totals", None),
        ("staging.paid", "amount", 1, "Net amounts", "redefined"),
        ("raw.orders", "amount", 2, "First", None),
        ("raw.orders", "tax", 2, "First", None),
    ]
    of_all = document(capsys, "blame", "marts.total", str(shop.folder), "-n", "2")
    assert [(item["column"], item["commit"]) for item in of_all["columns"]] == [("n", None), ("total", None)]


def test_as_text(shop: Repository, capsys) -> None:
    text = told(capsys, "log", "total", str(shop.folder))
    assert "History of marts.total" in text
    assert "Bob  Open ones" in text
    assert "4 of the 7 commits" in text
    assert "reads now staging.paid" in text
    assert "staging.paid.amount" in told(capsys, "blame", "marts.total.total", str(shop.folder))


def test_misuse_is_one_line(make, tmp_path: Path, shop: Repository, capsys) -> None:
    empty = make("empty")
    plain = tmp_path / "plain"
    plain.mkdir()
    for words, said in (
        (("log", "x", str(empty.folder)), "has no commits yet"),
        (("log", "x", str(plain)), "no git repository"),
        (("log", "nobody", str(shop.folder)), "no dataset or column is called 'nobody'"),
        (("blame", "nobody", str(shop.folder)), "no dataset or column is called 'nobody'"),
        (("log", "total", str(shop.folder), "--revision", "--output=x"), "no commit is called"),
        (("log", "total", str(shop.folder), "--format", "xml"), "no format is called 'xml'"),
    ):
        assert run(words) == 2
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1


def test_text_fits_the_page(make, capsys) -> None:
    repository = make("wide")
    long = " || ".join(f"'{number} words that nobody wants to read'" for number in range(9))
    repository.commit("Short", {"a.sql": "create view a as select x as y, z from r where z > 1"})
    repository.commit("Long " * 40, {"a.sql": f"create view a as select {long} || x as y, z from r where z in ({long})"})
    for words in (("log", "a"), ("log", "a.y"), ("blame", "a.y")):
        text = told(capsys, *words, str(repository.folder))
        assert max(map(len, text.splitlines())) <= 80
        assert "y redefined: " in text or words[0] == "blame"
