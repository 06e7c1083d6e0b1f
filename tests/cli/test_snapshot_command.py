"""``snapshot`` and ``drift`` from outside: what they write where, and how they end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from sqllineage_scan import compare, load
from sqllineage_scan.cli.shell.application import run
from sqllineage_scan.graph.document import schema
from tests.linting.repositories import write

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "raw.sql": "create table raw.orders (id int, amount int);\n",
    "orders.sql": "create table shop.orders as select id, amount from raw.orders;\n",
}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "shop"
    write(root, FILES)
    monkeypatch.chdir(root)
    return root


def snapshot(root: Path, day: str, name: str = "shop") -> dict[str, Any]:
    assert run(["snapshot", *([] if name == "shop" else [name]), "--date", day]) == 0
    document: dict[str, Any] = json.loads((root / "snapshots" / f"{name}_{day}.json").read_text())
    return document


def test_the_same_says_the_same_and_a_change_is_told(repository: Path, capsys) -> None:
    first = snapshot(repository, "2026-01-01")
    assert list(Draft202012Validator(schema()).iter_errors(first)) == []
    write(repository, {"orders.sql": "-- a comment, and other lines\n\n" + FILES["orders.sql"].replace(" from", "\n  from")})
    second = snapshot(repository, "2026-01-02")
    assert second["snapshot"] | {"date": ""} == first["snapshot"] | {"date": ""}
    assert "Nothing differs from shop_2026-01-01.json." in capsys.readouterr().out
    write(repository, {"orders.sql": FILES["orders.sql"].replace("amount from", "amount * 2 as amount from")})
    third = snapshot(repository, "2026-01-03")
    told = capsys.readouterr().out
    assert "Lineage and versions differ from shop_2026-01-02.json" in told
    assert third["snapshot"]["schema"] == second["snapshot"]["schema"]
    changed = [key for key, each in third["snapshot"]["datasets"].items() if each != second["snapshot"]["datasets"][key]]
    assert changed == ["shop.orders"]


def test_any_two_can_be_compared(repository: Path) -> None:
    write(repository, {"totals.sql": "create table shop.totals as select sum(amount) as total from shop.orders;\n"})
    snapshot(repository, "2026-01-01")
    write(repository, {"orders.sql": FILES["orders.sql"].replace(", amount", "")})
    snapshot(repository, "2026-01-02")
    before, after = (repository / "snapshots" / f"shop_2026-01-0{day}.json" for day in (1, 2))
    assert [str(change.subject) for change in compare(before, after).changes] == ["shop.orders.amount"]
    assert run(["diff", str(before), str(after), "--fail-on", "breaking"]) == 1
    assert compare(load(before), load(before)).changes == ()


def test_names_and_folders(repository: Path, capsys) -> None:
    assert snapshot(repository, "2026-01-01", "release-4")["snapshot"]["name"] == "release-4"
    assert run(["snapshot", "x", ".", "-o", "elsewhere", "--date", "2026-01-01", "-q"]) == 0
    assert (repository / "elsewhere" / "x_2026-01-01.json").is_file()
    capsys.readouterr()
    for words, told in (
        (["snapshot", "../x"], "a snapshot's name is part of a file's"),
        (["snapshot", "--date", "yesterday"], "--date must be YYYY-MM-DD, not 'yesterday'"),
        (["snapshot", "x", "nowhere"], "no such path: nowhere"),
    ):
        assert run(words) == 2
        assert told in capsys.readouterr().err


def test_snapshots_are_no_part_of_what_they_show(repository: Path) -> None:
    first = snapshot(repository, "2026-01-01")
    assert snapshot(repository, "2026-01-02")["stats"] == first["stats"]


ROWS = "table_schema,table_name,column_name,data_type\nraw,orders,id,int\nraw,orders,amount,text\nshop,orders,id,int\n"


def test_drift(repository: Path, capsys) -> None:
    (repository / "columns.csv").write_text(ROWS)
    assert run(["drift", "columns.csv"]) == 1
    told = capsys.readouterr().out
    assert "Columns that are not there (1)\n  shop.orders.amount: int\n      orders.sql:1:40\n" in told
    assert "Other types (1)\n  raw.orders.amount: int here, text there\n      raw.sql:1:14\n" in told
    assert told.endswith("2 differences from columns.csv (csv): 2 datasets with 3 columns compared.\n")
    assert run(["drift", "columns.csv", "--format", "json", "--fail-on", "never"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [(each["kind"], each["subject"], each["breaking"]) for each in document["drift"]] == [
        ("missing_column", "shop.orders.amount", True),
        ("type", "raw.orders.amount", True),
    ]
    assert run(["drift", "columns.csv", "--format", "markdown", "-o", "drift.md"]) == 1
    assert "| `raw.orders.amount` | `int` | `text` | `raw.sql:1` |" in (repository / "drift.md").read_text()


def test_only_what_breaks_fails(repository: Path, capsys) -> None:
    (repository / "columns.csv").write_text(ROWS.replace("text", "int") + "shop,orders,amount,int\nshop,orders,more,int\n")
    assert run(["drift", "columns.csv", "--fail-on", "breaking"]) == 0
    assert run(["drift", "columns.csv"]) == 1
    (repository / "columns.csv").write_text(ROWS.replace("text", "int") + "shop,orders,amount,int\n")
    assert run(["drift", "columns.csv"]) == 0
    assert capsys.readouterr().out.endswith("Nothing differs from columns.csv (csv): 2 datasets with 4 columns compared.\n")


def test_misuse_of_drift(repository: Path, capsys) -> None:
    for words, told in (
        (["nowhere.csv"], "no such file: nowhere.csv"),
        (["raw.sql"], "raw.sql: nobody knows what it is"),
        (["raw.sql", "--kind", "xml"], "nothing is read as 'xml'"),
        (["raw.sql", "--format", "xml"], "no format is called 'xml'"),
    ):
        assert run(["drift", *words]) == 2
        assert told in capsys.readouterr().err
