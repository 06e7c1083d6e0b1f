"""``contract`` from outside: what it prints where, and how it ends."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.cli.shell.application import run
from tests.cli.test_check_command import git
from tests.linting.repositories import write

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = """version: 1.0.0
kind: DataContract
apiVersion: v3.1.0
id: orders
status: active
schema:
  - name: orders
    properties:
      - {name: id, physicalType: INT64}
      - {name: total}
"""
SQL = "create table shop.orders as select cast(id as varchar) as id, amount from raw.orders;\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, {"orders.sql": SQL, "contracts/orders.yaml": CONTRACT})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(out: str) -> list[tuple[str, str, int]]:
    return [(each["name"], each["span"]["path"], each["span"]["line"]) for each in json.loads(out)["findings"]]


EXPECTED = [
    ("contracts.type", "contracts/orders.yaml", 9),
    ("contracts.missing_column", "contracts/orders.yaml", 10),
    ("contracts.unlisted_column", "orders.sql", 1),
]


def test_check_of_a_file(repository: Path, capsys) -> None:
    assert run(["contract", "check", "contracts/orders.yaml", "--format", "json"]) == 1
    assert found(capsys.readouterr().out) == EXPECTED


def test_check_of_the_configured_ones_and_check_itself_say_the_same(repository: Path, capsys) -> None:
    write(repository, {"sqllineage-scan.toml": 'contracts = ["contracts/*.yaml"]\n'})
    assert run(["contract", "check", "--format", "json"]) == 1
    one = json.loads(capsys.readouterr().out)["findings"]
    assert run(["check", "--format", "json", "--no-notes"]) == 1
    other = [each for each in json.loads(capsys.readouterr().out)["findings"] if each["name"].startswith("contracts.")]
    assert one == other
    assert [each["name"] for each in one] == [name for name, _, _ in EXPECTED]


def test_another_folder(repository: Path, capsys, monkeypatch: pytest.MonkeyPatch, tmp_path_factory) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    file = str(repository / "contracts" / "orders.yaml")
    assert run(["contract", "check", file, "--path", str(repository), "--format", "json"]) == 1
    assert found(capsys.readouterr().out) == EXPECTED


def test_init_then_check_is_clean(repository: Path, capsys) -> None:
    assert run(["contract", "init", "shop.orders", "-o", "contracts/orders.yaml"]) == 0
    assert run(["contract", "check", "contracts/orders.yaml"]) == 0
    assert "of 1 dataset under contract" in capsys.readouterr().out


def test_dbt_contracts_need_no_word(tmp_path: Path, capsys) -> None:
    yaml = "models: [{name: orders, config: {contract: {enforced: true}}, columns: [{name: id, data_type: int}]}]\n"
    write(
        tmp_path,
        {"dbt_project.yml": "name: shop\n", "models/orders.sql": "select 1 as id, 2 as x\n", "models/orders.yml": yaml},
    )
    assert run(["contract", "check", "--path", str(tmp_path), "--format", "json"]) == 1
    assert found(capsys.readouterr().out) == [("contracts.extra_column", "models/orders.sql", 1)]


def test_diff(repository: Path, capsys) -> None:
    git(repository, "init", "-q", "-b", "main")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "first")
    changed = CONTRACT.replace("INT64", "STRING")
    write(repository, {"contracts/orders.yaml": changed})
    words = ["contract", "diff", "main:contracts/orders.yaml", "contracts/orders.yaml", "--format", "json"]
    assert run(words) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["breaking"], document["needed"], document["made"]) == (True, "major", "none")
    assert [(each["kind"], each["subject"], each["line"]) for each in document["changes"]] == [("type", "orders.id", 9)]
    write(repository, {"contracts/orders.yaml": changed.replace("1.0.0", "2.0.0")})
    assert run(words) == 0
    assert run([*words, "--fail-on", "breaking"]) == 1
    write(repository, {"contracts/orders.yaml": CONTRACT})
    assert run([*words[:-1], "text"]) == 0
    assert capsys.readouterr().out.endswith("The two promise the same.\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["check", "nowhere.yaml"], "no such file: nowhere.yaml"),
        (["check"], "there is no contract to check: name files"),
        (["diff", "contracts/orders.yaml", "nowhere.yaml"], "no such file: nowhere.yaml"),
        (["diff", "orders.sql", "orders.sql"], "orders.sql is not read as a contract"),
        (["diff", "nowhere:a.yaml", "contracts/orders.yaml"], "nowhere:a.yaml: "),
        (["diff", "--output=x:a.yaml", "contracts/orders.yaml"], "missing argument 'NEW'"),
        (["diff", "contracts/orders.yaml", "contracts/orders.yaml", "--format", "yml"], "no format is called 'yml'"),
        (["init", "nothing"], "no dataset or column is called 'nothing'"),
        (["init", "raw.orders"], "nothing is known of the columns of raw.orders that a contract could promise"),
        ([], "missing command"),
        (["chek"], "no such command 'chek'"),
    ],
)
def test_misuse_is_one_line(repository: Path, capsys, words: list[str], told: str) -> None:
    assert run(["contract", *words]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert told.casefold() in printed.err.casefold()
    assert printed.err.count("\n") == 1


def test_a_pattern_that_fits_nothing_is_misuse(repository: Path, capsys) -> None:
    write(repository, {"sqllineage-scan.toml": 'contracts = ["contract/*.yml"]\n'})
    assert run(["check"]) == 2
    assert "contracts: no file fits 'contract/*.yml'" in capsys.readouterr().err


def test_without_the_library(repository: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "open_data_contract_standard", None)
    for words in (["check", "contracts/orders.yaml"], ["init", "shop.orders"]):
        assert run(["contract", *words]) == 2
        assert "pip install 'sqllineage-scan[contracts]'" in capsys.readouterr().err


def test_it_can_be_suppressed(repository: Path, capsys) -> None:
    write(repository, {"orders.sql": SQL.replace(";\n", "; -- noqa: CT08\n")})
    run(["contract", "check", "contracts/orders.yaml", "--format", "json"])
    suppressed = [each["name"] for each in json.loads(capsys.readouterr().out)["findings"] if "suppressed" in each]
    assert suppressed == ["contracts.unlisted_column"]
