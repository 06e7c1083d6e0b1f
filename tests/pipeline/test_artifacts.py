"""dbt's own artifacts: used where they are fresh and know more, done without where not, and never needed."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from sqllineage_scan.discover import artifacts
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import scan_repository

if TYPE_CHECKING:
    from pathlib import Path

    from sqllineage_scan.graph.model import LineageGraph

PROJECT = {
    "dbt_project.yml": "name: shop\n",
    "profiles.yml": "shop: {outputs: {default: {type: postgres, dbname: db, schema: prod}}}",
    ".gitignore": "target/\n",
    "models/s.yml": "sources: [{name: raw, schema: raw, tables: [{name: pay}]}]",
    "models/pay.sql": "select p.id, p.amount from {{ source('raw', 'pay') }} p",
    "models/holey.sql": "  select {{ nobody_knows() }} from {{ ref(nobody_knows()) }}\n\n",
}
SOURCES = {"source.shop.raw.pay": {"resource_type": "source", "package_name": "shop", "source_name": "raw", "name": "pay"}}


def node(name: str, text: str, parents: tuple[str, ...] = (), kind: str = "model", **more: Any) -> tuple[str, dict[str, Any]]:
    """A node as a manifest has it, with the keys that matter."""
    return f"{kind}.shop.{name}", {
        "resource_type": kind,
        "package_name": "shop",
        "name": name,
        "version": None,
        "database": "db",
        "schema": "prod",
        "alias": name,
        "relation_name": f'"db"."prod"."{name}"',
        "checksum": {"name": "sha256", "checksum": sha256(text.strip().encode()).hexdigest()},
        "config": {},
        "depends_on": {"macros": [], "nodes": list(parents)},
    } | more


PAY = node("pay", PROJECT["models/pay.sql"], ("source.shop.raw.pay",))
COMPILED = '\n\nselect p.amount as total, p.id from "db"."prod"."pay" p'
HOLEY = node("holey", PROJECT["models/holey.sql"], ("model.shop.pay",), compiled_code=COMPILED)


def scanned(root: Path, files: dict[str, str], *nodes: tuple[str, dict[str, Any]], **options: Any) -> LineageGraph:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    if nodes:
        relations = {"source.shop.raw.pay": SOURCES["source.shop.raw.pay"] | {"relation_name": '"db"."raw"."pay"'}}
        document = {"metadata": {"adapter_type": "postgres"}, "nodes": dict(nodes), "sources": relations, "macros": {"m": [1]}}
        (root / "target").mkdir(exist_ok=True)
        (root / "target" / "manifest.json").write_text(json.dumps(document))
    return scan_repository(root, ScanOptions(**options))


def edges(graph: LineageGraph, of: str = "") -> set[tuple[str, str]]:
    return {(str(edge.source), str(edge.target)) for edge in graph.column_edges if str(edge.target).startswith(of)}


def remarks(graph: LineageGraph) -> list[str]:
    return [finding.name for finding in graph.findings if finding.code.startswith("AR")]


def test_compiled_sql_fills_a_hole_where_the_file_is_what_dbt_has_seen(tmp_path: Path) -> None:
    graph = scanned(tmp_path, PROJECT, PAY, HOLEY)
    assert edges(graph, "db.prod.holey") == {
        ("db.prod.pay.amount", "db.prod.holey.total"),
        ("db.prod.pay.id", "db.prod.holey.id"),
    }
    edge = next(edge for edge in graph.column_edges if str(edge.target) == "db.prod.holey.total")
    assert [item.kind for item in edge.evidence] == ["artifact", "qualified"]
    assert edge.span is not None
    assert (edge.span.path, edge.span.line) == ("models/holey.sql", 1)
    assert remarks(graph) == ["artifacts.used"]
    assert graph.findings[-1].message == (
        "of 1 files that could not be rendered in full, target/manifest.json completes 1 by its compiled SQL"
    )
    holey = next(each for each in graph.nodes if each.name == "holey")
    assert holey.depends_on == ("model.shop.pay",)


def test_what_needs_no_help_gets_none(tmp_path: Path) -> None:
    lying = node("pay", PROJECT["models/pay.sql"], compiled_code="select 1 as wrong")
    graph = scanned(tmp_path, PROJECT, lying, HOLEY)
    assert edges(graph, "db.prod.pay") == {("db.raw.pay.id", "db.prod.pay.id"), ("db.raw.pay.amount", "db.prod.pay.amount")}


def test_a_stale_artifact_is_one_remark(tmp_path: Path) -> None:
    old = node("holey", "select 1", ("model.shop.pay",), compiled_code=COMPILED)
    graph = scanned(tmp_path, PROJECT, PAY, old)
    assert remarks(graph) == ["artifacts.stale"]
    assert graph.column_edges == scanned(tmp_path, {}, artifacts=False).column_edges


def test_artifacts_may_be_left_alone(tmp_path: Path) -> None:
    graph = scanned(tmp_path, PROJECT, PAY, HOLEY, artifacts=False)
    assert remarks(graph) == []
    assert not any(item.kind == "artifact" for edge in graph.column_edges for item in edge.evidence)


def test_compiled_for_another_target_its_names_are_still_those_of_the_template(tmp_path: Path) -> None:
    other = {"database": "DEV", "schema": "alice"}
    compiled = 'select p.amount as total from "DEV"."alice"."pay" p'
    pay = node("pay", PROJECT["models/pay.sql"], **other, relation_name='"DEV"."alice"."pay"')
    holey = node("holey", PROJECT["models/holey.sql"], ("model.shop.pay",), compiled_code=compiled, **other)
    graph = scanned(tmp_path, PROJECT, pay, holey)
    assert edges(graph, "db.prod.holey") == {("db.prod.pay.amount", "db.prod.holey.total")}


def test_an_ephemeral_parent_is_read_by_its_name(tmp_path: Path) -> None:
    sql = '__dbt__cte__tax as (\nselect p.amount as tax from "db"."raw"."pay" p\n)'
    compiled = f"with {sql}, own as (select t.tax from __dbt__cte__tax t) select own.tax from own"
    files = PROJECT | {
        "models/tax.sql": "{{ config(materialized='ephemeral') }} select p.amount as tax from {{ source('raw', 'pay') }} p"
    }
    tax = node("tax", files["models/tax.sql"], relation_name=None)
    injected = [{"id": "model.shop.tax", "sql": f" {sql}"}]
    holey = node("holey", PROJECT["models/holey.sql"], ("model.shop.tax",), compiled_code=compiled, extra_ctes=injected)
    graph = scanned(tmp_path, files, PAY, tax, holey)
    assert edges(graph, "db.prod.holey") == {("db.prod.tax.tax", "db.prod.holey.tax")}
    assert {str(edge.source) for edge in graph.dataset_edges if str(edge.target) == "db.prod.holey"} == {"db.prod.tax"}


def test_without_compiled_sql_the_parents_and_the_name_are_known(tmp_path: Path) -> None:
    """As after ``dbt parse``, which compiles nothing."""
    files = PROJECT | {"models/holey.sql": "{{ config(alias=nobody_knows()) }} select x.id from {{ ref(nobody_knows()) }} x"}
    holey = node("holey", files["models/holey.sql"], ("model.shop.pay",), alias="named", relation_name='"db"."prod"."named"')
    graph = scanned(tmp_path, files, PAY, holey)
    found = {
        str(edge.source): [item.kind for item in edge.evidence]
        for edge in graph.dataset_edges
        if str(edge.target) == "db.prod.named"
    }
    assert found["db.prod.pay"] == ["artifact"]
    assert graph.dataset("db.prod.named").unique_id == "model.shop.holey"
    assert remarks(graph) == ["artifacts.used"]


def test_names_of_another_target_are_not_taken(tmp_path: Path) -> None:
    files = PROJECT | {"models/holey.sql": "{{ config(alias=nobody_knows()) }} select x.id from {{ ref('pay') }} x"}
    pay = node("pay", PROJECT["models/pay.sql"], schema="alice")
    holey = node("holey", files["models/holey.sql"], ("model.shop.pay",), alias="named", schema="alice")
    assert scanned(tmp_path, files, pay, holey).dataset("db.prod.holey").unique_id == "model.shop.holey"


def catalog(root: Path, sections: dict[str, Any]) -> None:
    (root / "target").mkdir(exist_ok=True)
    (root / "target" / "catalog.json").write_text(
        json.dumps({"metadata": {}, "nodes": {}, "sources": {}, "errors": None} | sections)
    )


def listed(*names: str) -> dict[str, Any]:
    """Columns as a catalog has them, in any order."""
    columns = {name: {"type": "integer", "index": index, "name": name, "comment": None} for index, name in enumerate(names, 1)}
    return {"metadata": {"name": "x"}, "columns": dict(reversed(columns.items()))}


def test_a_catalog_tells_the_columns_of_sources(tmp_path: Path) -> None:
    files = PROJECT | {"models/holey.sql": "select * from {{ source('raw', 'pay') }}"}
    catalog(tmp_path, {"sources": {"source.shop.raw.pay": listed("id", "amount", "Kind")}})
    graph = scanned(tmp_path, files)
    source = graph.dataset("db.raw.pay")
    assert source.origin == "artifact"
    assert [(column.name, column.type) for column in source.columns] == [
        ("id", "integer"),
        ("amount", "integer"),
        ('"Kind"', "integer"),
    ]
    assert edges(graph, "db.prod.holey") == {
        (f"db.raw.pay.{name}", f"db.prod.holey.{name}") for name in ("id", "amount", '"Kind"')
    }
    assert {edge.confidence for edge in graph.column_edges if str(edge.target).startswith("db.prod.holey")} == {1.0}
    assert remarks(graph) == ["artifacts.used"]
    assert scanned(tmp_path, {}, artifacts=False).dataset("db.raw.pay").origin == "none"


def test_ddl_is_trusted_before_a_catalog(tmp_path: Path) -> None:
    catalog(tmp_path, {"sources": {"source.shop.raw.pay": listed("id", "old")}})
    graph = scanned(tmp_path, PROJECT | {"ddl.sql": "create table db.raw.pay (id int, amount int);"})
    assert [column.name for column in graph.dataset("db.raw.pay").columns] == ["id", "amount"]
    assert graph.dataset("db.raw.pay").origin == "ddl"


def test_a_catalog_tells_the_columns_of_fresh_python_models_only(tmp_path: Path) -> None:
    python = {name: f"def model(dbt, session):\n    return dbt.ref('pay')  # {name}\n" for name in ("fresh", "stale")}
    files = PROJECT | {f"models/{name}.py": text for name, text in python.items()}
    files |= {"models/holey.sql": "select f.a as fa, s.a as sa from {{ ref('fresh') }} f, {{ ref('stale') }} s"}
    catalog(tmp_path, {"nodes": {f"model.shop.{name}": listed("a", "b") for name in ("fresh", "stale", "pay")}})
    graph = scanned(
        tmp_path, files, PAY, node("fresh", python["fresh"], ("model.shop.pay",)), node("stale", "", ("model.shop.pay",))
    )
    origins = {name: graph.dataset(f"db.prod.{name}").origin for name in ("fresh", "stale", "pay")}
    assert origins == {"fresh": "artifact", "stale": "none", "pay": "inferred"}
    assert remarks(graph).count("artifacts.stale") == 1


def test_a_manifest_stands_in_for_a_profile(tmp_path: Path) -> None:
    files = {**PROJECT, "profiles.yml": "other: {}", "models/holey.sql": "select * from {{ ref('pay') }}"}
    own = node("pay", PROJECT["models/pay.sql"], schema="alice", config={"schema": None})
    elsewhere = node("a", "", schema="alice_mart", config={"schema": "mart"})
    graph = scanned(tmp_path, files, elsewhere, own)
    assert graph.dataset("db.alice.pay").unique_id == "model.shop.pay"
    assert {job.dialect for job in graph.jobs} == {"postgres"}
    assert remarks(graph) == ["artifacts.used"]
    assert scanned(tmp_path, {}, artifacts=False).dataset("shop.pay").unique_id == "model.shop.pay"


BROKEN = [
    "",
    "[]",
    "{",
    "null",
    '{"nodes": {"a": {}',
    '{"nodes": [1]}',
    '{"nodes": {"model.shop.holey": 5}, "sources": 7}',
    '{"nodes": {"model.shop.holey": {"checksum": [], "depends_on": {"nodes": [1, {}]}, "extra_ctes": [3, {"sql": 1}]}}}',
    '{"metadata": 3, "nodes": {}, "sources": {}}',
    "\ufeff{}",
    '{"nodes": ' + "[" * 100_000,
    "{'nodes': {}}",
    "\x00\x01",
]


@pytest.mark.parametrize("text", BROKEN)
@pytest.mark.parametrize("name", ["manifest.json", "catalog.json"])
@pytest.mark.parametrize("profile", [True, False])
def test_a_broken_artifact_is_done_without(tmp_path: Path, name: str, text: str, *, profile: bool) -> None:
    files = PROJECT if profile else {path: body for path, body in PROJECT.items() if path != "profiles.yml"}
    graph = scanned(tmp_path, files | {f"target/{name}": text})
    assert graph.column_edges == scanned(tmp_path, {}, artifacts=False).column_edges
    assert set(remarks(graph)) <= {"artifacts.unreadable", "artifacts.stale"}


def test_a_manifest_of_no_text(tmp_path: Path) -> None:
    scanned(tmp_path, PROJECT)
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "manifest.json").write_bytes(b'{"nodes": {"\xff\xfe": 1}}')
    graph = scanned(tmp_path, {})
    assert remarks(graph) == ["artifacts.unreadable"]
    assert graph.findings[-1].span.path == "target/manifest.json"


def test_an_artifact_beyond_all_measure_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifacts, "_MOST", 100)
    graph = scanned(tmp_path, PROJECT, PAY, HOLEY)
    assert remarks(graph) == ["artifacts.unreadable"]
    assert "more than" in graph.findings[-1].message


def test_the_folder_of_artifacts_is_the_projects_own(tmp_path: Path) -> None:
    files = PROJECT | {"dbt_project.yml": "name: shop\ntarget-path: \"{{ env_var('OUT', 'made') }}\"\n"}
    scanned(tmp_path, files, PAY, HOLEY)
    (tmp_path / "target").rename(tmp_path / "made")
    assert "db.prod.holey.total" in {target for _, target in edges(scanned(tmp_path, {}))}


def test_the_other_way_of_rendering_stays(tmp_path: Path) -> None:
    text = "select {{ nobody_knows() }} from {{ ref('pay') }} p {% if is_incremental() %} where p.id > {{ this }}.x {% endif %}"
    compiled = 'select p.id from "db"."prod"."pay" p'
    holey = node("holey", text, ("model.shop.pay",), compiled_code=compiled)
    graph = scanned(tmp_path, PROJECT | {"models/holey.sql": text}, PAY, holey)
    edge = next(edge for edge in graph.column_edges if str(edge.target) == "db.prod.holey.id")
    assert [(item.kind, item.note) for item in edge.evidence if item.kind != "qualified"] == [
        ("artifact", "its SQL is what dbt compiled"),
        ("conditional_render", "only when not is_incremental()"),
    ]
    assert {edge.source.column for edge in graph.row_edges if str(edge.target) == "db.prod.holey"} >= {"id"}
