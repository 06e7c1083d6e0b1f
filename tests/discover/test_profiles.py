"""Which output of which profiles.yml a project runs with, and what that says: as dbt would choose, whatever is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sqllineage_scan.discover.project import DiscoverOptions, discover
from sqllineage_scan.errors import UsageError
from sqllineage_scan.render.project_settings import reader_of_settings

if TYPE_CHECKING:
    from pathlib import Path


def target(tmp_path: Path, files: dict[str, str], env: dict[str, str] | None = None, **options: Any) -> dict[str, Any]:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    project = discover(tmp_path, DiscoverOptions(**options), reader_of_settings(env or {}, {"region": "eu"}))
    return dict(next(found for found in project.dbt_projects if found.name == "shop").target)


def profiles(output: str, name: str = "shop") -> str:
    return f"{name}:\n  target: dev\n  outputs:\n    dev: {{{output}}}\n"


SHOP = {"dbt/shop/dbt_project.yml": "name: shop\nprofile: shop\n"}
PLACES = [
    "dbt/shop/profiles.yml",
    "dbt/shop/ci/profiles.yml",
    "dbt/profiles.yml",
    "dbt/other/profiles.yml",
    "profiles.yml",
    "far/away/from/here/profiles.yml",
]


@pytest.mark.parametrize("nearest", range(len(PLACES)))
def test_the_projects_own_folder_then_the_nearest(tmp_path: Path, nearest: int) -> None:
    files = {place: profiles(f"type: duckdb, schema: s{number}") for number, place in enumerate(PLACES) if number >= nearest}
    assert target(tmp_path, SHOP | files)["schema"] == f"s{nearest}"


def test_the_projects_own_is_found_though_git_ignores_it(tmp_path: Path) -> None:
    files = SHOP | {".gitignore": "profiles.yml\n", "profiles.yml": profiles("type: duckdb")}
    assert target(tmp_path, files) == {}
    assert target(tmp_path, {"dbt/shop/profiles.yml": profiles("type: trino, catalog: c, schema: s")})["database"] == "c"


def test_a_folder_that_is_named_is_the_only_one(tmp_path: Path) -> None:
    files = SHOP | {"dbt/shop/profiles.yml": profiles("type: duckdb"), "ci/profiles.yml": profiles("type: postgres")}
    assert target(tmp_path, files, profiles_dir="ci")["type"] == "postgres"
    assert target(tmp_path, files, profiles_dir=str(tmp_path / "ci"))["type"] == "postgres"
    with pytest.raises(UsageError, match=r"^there is no profiles\.yml in nowhere$"):
        target(tmp_path, files, profiles_dir="nowhere")


CHOICE = {
    "profiles.yml": """
shop:
  target: "{{ env_var('DBT_TARGET', 'ci') }}"
  outputs:
    dev: {type: duckdb}
    ci: {type: postgres, dbname: ci_db, schema: "{{ env_var('CI_SCHEMA') }}", port: "{{ env_var('PORT', '5432') | as_number }}"}
    prod: {type: snowflake, database: "{{ 'lake_' ~ var('region') }}", schema: mart, role: "{{ env_var('ROLE', 'reader') }}"}
other:
  outputs:
    default: {type: bigquery, project: p, dataset: d}
"""
}


@pytest.mark.parametrize(
    ("env", "options", "known"),
    [
        ({}, {}, {"name": "ci", "type": "postgres", "database": "ci_db", "port": 5432, "profile_name": "shop"}),
        ({"CI_SCHEMA": "s"}, {}, {"name": "ci", "schema": "s"}),
        ({"DBT_TARGET": "prod"}, {}, {"name": "prod", "database": "lake_eu", "schema": "mart", "role": "reader"}),
        ({"DBT_TARGET": "prod"}, {"target": "dev"}, {"name": "dev", "database": "memory", "schema": "main"}),
        ({"DBT_TARGET": "nowhere"}, {}, {"name": "dev", "type": "duckdb"}),
        ({}, {"profile": "other"}, {"name": "default", "database": "p", "schema": "d", "profile_name": "other"}),
    ],
)
def test_the_target_is_chosen_as_dbt_does(tmp_path: Path, env: dict[str, str], options: dict[str, str], known: Any) -> None:
    found = target(tmp_path, SHOP | CHOICE, env, **options)
    assert {key: found.get(key) for key in known} == known
    assert env or options or "schema" not in found  # nobody may read CI_SCHEMA


def test_a_choice_that_nothing_has_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^no profile is called 'shap'; known are other, shop$"):
        target(tmp_path, SHOP | CHOICE, profile="shap")
    with pytest.raises(UsageError, match=r"^no profile has a target called 'pord'; known are ci, dev, prod$"):
        target(tmp_path, SHOP | CHOICE, target="pord")


def test_without_a_profile_the_caller_may_still_name_the_target(tmp_path: Path) -> None:
    assert target(tmp_path, SHOP) == {}
    assert target(tmp_path, SHOP, target="prod") == {"name": "prod", "target_name": "prod"}


@pytest.mark.parametrize(
    ("output", "database", "schema"),
    [
        ("type: bigquery, project: p, dataset: d", "p", "d"),
        ("type: bigquery, database: p, schema: d", "p", "d"),
        ("type: postgres, dbname: db, schema: s", "db", "s"),
        ("type: redshift, database: db, schema: s", "db", "s"),
        ("type: snowflake, database: DB, schema: S", "DB", "S"),
        ("type: sqlserver, database: db, schema: dbo", "db", "dbo"),
        ("type: databricks, catalog: unity, schema: s", "unity", "s"),
        ("type: databricks, schema: s", "hive_metastore", "s"),
        ("type: spark, schema: s", None, "s"),
        ("type: athena, schema: s", "awsdatacatalog", "s"),
        ("type: athena, database: lake, schema: s", "lake", "s"),
        ("type: trino, catalog: hive, schema: s", "hive", "s"),
        ("type: clickhouse, schema: s", None, "s"),
        ("type: clickhouse", None, "default"),
        ("type: duckdb", "memory", "main"),
        ("type: duckdb, path: ':memory:', schema: s", "memory", "s"),
        ("type: duckdb, path: data/shop.duckdb", "shop", "main"),
        ("type: duckdb, path: /tmp/shop.v2.duckdb", "shop", "main"),
        ("type: duckdb, path: 'md:sales'", "sales", "main"),
        ("type: duckdb, path: 'md:'", "my_db", "main"),
        ("type: duckdb, path: x.duckdb, database: lake", "lake", "main"),
    ],
)
def test_what_adapters_call_their_parts(tmp_path: Path, output: str, database: str | None, schema: str) -> None:
    found = target(tmp_path, SHOP | {"profiles.yml": profiles(output)})
    assert (found.get("database"), found.get("schema")) == (database, schema)


def test_what_opens_doors_is_left_out(tmp_path: Path) -> None:
    output = "type: postgres, user: u, password: hunter2, private_key_passphrase: x, keyfile: k, dbname: d, schema: s"
    assert set(target(tmp_path, SHOP | {"profiles.yml": profiles(output)})) == {
        *("type", "user", "dbname", "database", "schema"),
        *("name", "target_name", "profile_name"),
    }


@pytest.mark.parametrize(
    "text", ["shop: []", "shop: {outputs: [1]}", "shop: {outputs: {dev: 1}}", "[1]", "shop: {target: {a: b}}"]
)
def test_any_profile_is_survived(tmp_path: Path, text: str) -> None:
    assert target(tmp_path, SHOP | {"profiles.yml": text}) == {}
