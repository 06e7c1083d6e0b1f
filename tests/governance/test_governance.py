"""Owners, stewards, terms and tags: who says so, and along which columns they go."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan import api, load, scan, write
from sqllineage_scan.cli.shell.application import run
from sqllineage_scan.config.governance import governance_rules
from sqllineage_scan.domain.governance import HeldKind
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.errors import ConfigurationError
from sqllineage_scan.graph.governance import governance_of, inherited_marks
from sqllineage_scan.inputs.runs import read_runs

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "dbt_project.yml": "name: shop\nversion: 1.0.0\nprofile: shop\n",
    "profiles.yml": "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: shop.duckdb, schema: main}\n",
    "models/staging/customers.sql": "select id, email, lower(name) as name, md5(email) hashed from {{ source('raw','users') }}",
    "models/marts/mailing.sql": "select id, email as address, email || '!' as loud from {{ ref('customers') }}",
    "models/marts/loose.sql": "select address from {{ ref('mailing') }}",
    "models/schema.yml": """
groups:
  - name: growth
    owner: {name: Growth team, email: growth@example.com}
sources:
  - name: raw
    meta: {owner: platform}
    tables:
      - name: users
        meta: {stewards: [ann, bob], glossary_term: Person}
        columns:
          - {name: id}
          - {name: email, tags: [pii], meta: {terms: [Address]}}
          - {name: name, tags: [pii]}
models:
  - name: customers
    description: Everybody.
    config: {group: growth, access: private}
  - name: mailing
    meta: {owner: marketing}
    config: {group: growth, access: public}
    columns:
      - {name: address, tags: [contact]}
""",
    "CODEOWNERS": "* @everybody\n/models/marts/ @marts-team ann@example.com\n",
    "sqllineage-scan.toml": """
[[governance]]
paths = ["models/marts/"]
owner = "marts"
stewards = ["carol"]
tags = ["mart"]

[[governance]]
datasets = ["loose"]
owner = "loose ends"
terms = ["Mail"]

[[governance]]
columns = ["h*"]
tags = ["derived"]
""",
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SQLLINEAGE_SCAN_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "shop"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def held(graph, dataset: str, column: str = "") -> dict[str, list[str]]:
    """Texts by kind; an inherited one with where it is from."""
    wanted = graph.dataset(dataset).id
    found: dict[str, list[str]] = {}
    for governed in governance_of(graph):
        if (governed.dataset, governed.column) == (wanted, column):
            for item in governed.held:
                said = f"{item.text} < {item.source.column}" if item.source else item.text
                found.setdefault(item.kind.value, []).append(f"{said} ({item.origin})" if item.origin else said)
    return found


def test_who_says_so(root: Path) -> None:
    graph = scan(root)
    assert held(graph, "users") == {
        "owner": ["platform (meta)", "@everybody (CODEOWNERS)"], "steward": ["ann", "bob"], "term": ["Person"],
    }  # fmt: skip
    assert held(graph, "customers") == {
        "owner": ["Growth team (group growth)", "@everybody (CODEOWNERS)"], "access": ["private (dbt)"],
    }  # fmt: skip
    assert held(graph, "mailing") == {
        "owner": ["marketing (meta)", "@marts-team (CODEOWNERS)", "ann@example.com (CODEOWNERS)"],
        "steward": ["carol"],
        "tag": ["mart"],
        "access": ["public (dbt)"],
    }
    assert held(graph, "loose")["owner"][0] == "loose ends (governance[2])"
    assert held(graph, "loose")["term"] == ["Mail"]


def test_values_that_are_passed_on_keep_their_tags(root: Path) -> None:
    graph = scan(root)
    assert held(graph, "users", "email") == {"term": ["Address"], "tag": ["pii"]}
    assert held(graph, "customers", "email") == {"term": ["Address < email"], "tag": ["pii < email"]}
    assert held(graph, "mailing", "address") == {"term": ["Address < email"], "tag": ["contact", "pii < email"]}
    assert held(graph, "loose", "address") == {"term": ["Address < email"], "tag": ["contact < address", "pii < email"]}
    assert held(graph, "mailing", "loud") == {}
    assert held(graph, "customers", "name") == {}  # lower(name) is another value
    assert held(graph, "customers", "hashed") == {"tag": ["derived"]}


def test_a_tag_is_inherited_as_surely_as_the_way_is(root: Path) -> None:
    graph = scan(root)
    here = ColumnId(graph.dataset("loose").id, "address")
    way = graph.paths("users.email", "loose.address")[0]
    pii = next(item for item in inherited_marks(graph)[here] if item.text == "pii")
    assert pii.kind is HeldKind.TAG
    assert pii.confidence == pytest.approx(way.confidence)
    assert pii.source == ColumnId(graph.dataset("users").id, "email")


@pytest.mark.parametrize("form", ["json", "sqlite", "graphml", "openlineage"])
def test_it_is_in_what_is_read_back(root: Path, tmp_path: Path, form: str) -> None:
    graph = scan(root)
    path = tmp_path / f"lineage.{form}"
    write(graph, path, format=form)
    before, after = ({str(item.dataset) + item.column: item.held for item in governance_of(each)} for each in (graph, load(path)))
    assert after == before


def test_warm_and_cold_are_the_same(root: Path, tmp_path: Path) -> None:
    """CODEOWNERS and the configuration are no part of the SQL, and count all the same."""
    out = tmp_path / "lineage.json"

    def scanned() -> dict:
        assert run(["scan", str(root), "-o", str(out), "-q"]) == 0
        return {dataset["name"]: dataset for dataset in json.loads(out.read_text())["datasets"]}

    first = scanned()
    assert scanned() == first
    (root / "CODEOWNERS").write_text("* @somebody-else\n")
    second = scanned()
    assert {name for name, found in second.items() if found.get("code_owners") == ["@somebody-else"]} == {
        name for name, found in first.items() if "code_owners" in found
    }
    (root / "sqllineage-scan.toml").write_text("[[governance]]\nowner = 'all'\n")
    third = scanned()
    assert next(found for name, found in third.items() if name.endswith("loose"))["owner"] == "all"
    assert {name: found["version"] for name, found in third.items()} == {name: found["version"] for name, found in first.items()}


def test_shards_know_it_too(root: Path, tmp_path: Path) -> None:
    shards = [str(tmp_path / f"{number}.shard") for number in (1, 2)]
    for number, shard in enumerate(shards, 1):
        assert run(["scan", str(root), "--shard", f"{number}/2", "-o", shard, "-q"]) == 0
    assert run(["link", *shards, "-o", str(tmp_path / "linked.json"), "-q"]) == 0
    assert run(["scan", str(root), "-o", str(tmp_path / "scanned.json"), "-q"]) == 0
    assert (tmp_path / "linked.json").read_text() == (tmp_path / "scanned.json").read_text()


def test_export(root: Path, capsys) -> None:
    assert run(["export", str(root), "--format", "governance"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    inherited = [row for row in rows if row["dataset"].endswith("loose") and row["inherited_from"]]
    assert [(row["column"], row["kind"], row["value"]) for row in inherited] == [
        ("address", "term", "Address"), ("address", "tag", "contact"), ("address", "tag", "pii"),
    ]  # fmt: skip
    assert inherited[2]["inherited_from"].endswith("users.email")
    owners = {row["value"]: row["origin"] for row in rows if row["kind"] == "owner" and row["dataset"].endswith("mailing")}
    # a spreadsheet would take @… for a formula
    assert owners == {"marketing": "meta", "'@marts-team": "CODEOWNERS", "ann@example.com": "CODEOWNERS"}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"owners": ["x"]}, "unknown key 'owners'"),
        ({"paths": "models"}, r"governance\[1\].paths must be a list"),
        ({"owner": ""}, "owner must be a text"),
        ({"paths": ["a"]}, "says nothing"),
        ({"columns": ["a"], "owner": "x"}, "owner and stewards are of whole datasets"),
    ],
)
def test_misuse(table: dict, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        governance_rules([table])


def test_the_page(root: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    api.write_site(scan(root), site, source=root)
    page = (site / "governance.html").read_text()
    assert "Growth team" in page
    assert "group growth" in page
    assert "Over time" not in page
    assert "@marts-team" in page
    assert page.count('<span class="tag">') >= 4
    assert 'href="governance.html"' in (site / "index.html").read_text()
    [mailing] = (site / "dataset").glob("*mailing*.html")
    text = mailing.read_text()
    assert "inherited from" in text
    assert "users.email" in text
    assert "carol" in text


def test_how_it_has_gone(root: Path, tmp_path: Path, capsys) -> None:
    runs, site = tmp_path / "runs.ndjson", tmp_path / "site"
    for number in range(3):
        (root / "models" / f"m{number}.sql").write_text("select 1 as x")
        assert run(["scan", str(root), "-o", str(tmp_path / "l.json"), "-q", "--run-record", str(runs)]) == 0
    with runs.open("a") as out:
        out.write('{"torn\n[]\n{"project": "another", "scan": {}}\n')
    points = read_runs(runs, "shop")
    assert len(points) == 3
    assert points[0].owned == 1.0
    assert points[0].described > points[-1].described > 0
    assert run(["site", str(root), "-o", str(site), "--runs", str(runs), "-q"]) == 0
    page = (site / "governance.html").read_text()
    assert "3 runs" in page
    assert page.count("<path") == 5
    assert run(["site", str(root), "-o", str(site), "--runs", str(tmp_path / "nothing")]) == 2
    assert "there is no file of run records" in capsys.readouterr().err


def test_nothing_said_is_no_trouble(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "a.sql").write_text("create view v as select x from t;\n")
    graph = scan(folder)
    assert all(not item.held for item in governance_of(graph))
    api.write_site(graph, tmp_path / "site")
    assert "Nothing says who owns anything" in (tmp_path / "site" / "governance.html").read_text()
