from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.discover.dialect import guess_by_folder
from sqllineage_scan.discover.project import DiscoverOptions, discover
from sqllineage_scan.domain.source import FileKind

if TYPE_CHECKING:
    from pathlib import Path

PECULIAR = {
    "bigquery": "select safe_cast(a as int64) from `project.shop.orders`",
    "snowflake": "select v:id::int from t, lateral flatten(input => t.v)",
    "postgres": "create table t (id bigserial, doc jsonb, at timestamptz);",
    "redshift": "create table t (id int encode az64) distkey (id);",
    "tsql": "select top 10 [a].[b] from [dbo].[t]\ngo\n",
    "mysql": "create table t (id int auto_increment) engine=InnoDB;",
    "clickhouse": "create table t (a LowCardinality(String)) engine = MergeTree order by a",
    "duckdb": "select * from read_parquet('a.parquet')",
    "oracle": "select sysdate, nvl(a, 1) from dual",
    "spark": "create table t using parquet as select 1 as a",
    "hive": "create table t (a int) row format delimited stored as textfile",
    "sqlite": "create table t (id integer primary key autoincrement)",
}


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


@pytest.mark.parametrize("name", PECULIAR)
def test_a_dialect_is_told_by_its_own_words(name: str, tmp_path: Path) -> None:
    write(tmp_path, {"q.sql": PECULIAR[name]})
    guess = guess_by_folder(tmp_path, ["q.sql"])["q.sql"]
    assert guess.dialect == name
    assert guess.signs


def test_nothing_peculiar_is_no_guess(tmp_path: Path) -> None:
    write(tmp_path, {"q.sql": "select a from t where b = 1 -- engine=InnoDB"})
    assert guess_by_folder(tmp_path, ["q.sql"])["q.sql"].dialect == ""


def test_a_file_speaks_as_its_folder_does(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "bq/a.sql": PECULIAR["bigquery"],
            "bq/plain.sql": "select a from t",
            "pg/a.sql": PECULIAR["postgres"],
            "pg/deep/plain.sql": "select a from t",
        },
    )
    guesses = guess_by_folder(tmp_path, ["bq/a.sql", "bq/plain.sql", "pg/a.sql", "pg/deep/plain.sql"])
    assert {path: guess.dialect for path, guess in guesses.items()} == {
        "bq/a.sql": "bigquery",
        "bq/plain.sql": "bigquery",
        "pg/a.sql": "postgres",
        "pg/deep/plain.sql": "postgres",
    }


def test_what_is_configured_comes_before_what_is_found(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "dbt_project.yml": "name: shop\nprofile: shop\n",
            "profiles.yml": "shop:\n  target: dev\n  outputs:\n    dev: {type: snowflake, schema: dev}\n",
            "models/m.sql": PECULIAR["bigquery"],
            "other/.sqlfluff": "[sqlfluff]\ndialect = sparksql\n",
            "other/q.sql": PECULIAR["postgres"],
            "special/q.sql": PECULIAR["postgres"],
            "guess/q.sql": PECULIAR["postgres"],
        },
    )
    project = discover(tmp_path, DiscoverOptions(dialects={"special/**": "trino"}))
    spoken = {file.path: (file.dialect, bool(file.dialect_guess)) for file in project.files if file.path.endswith(".sql")}
    assert spoken == {
        "models/m.sql": ("snowflake", False),
        "other/q.sql": ("spark", False),
        "special/q.sql": ("trino", False),
        "guess/q.sql": ("postgres", True),
    }
    everything = discover(tmp_path, DiscoverOptions(dialect="duckdb"))
    assert {file.dialect for file in everything.files if file.kind is FileKind.SQL} == {"duckdb"}


def test_a_folder_with_few_signs_speaks_as_its_neighbours_do(tmp_path: Path) -> None:
    files = {f"models/mart/m{number}.sql": PECULIAR["bigquery"] for number in range(9)}
    files |= {
        "models/audit/a.sql": "select strftime('%Y', a) as y from t",  # a word that DuckDB has, too
        **{f"models/ticks/t{number}.sql": "select `a` from `t`" for number in range(8)},
        "lake/a.sql": PECULIAR["duckdb"] + " where strptime(a, '%Y') > now()",  # signs enough for a dialect of its own
    }
    write(tmp_path, files)
    guesses = guess_by_folder(tmp_path, files)
    assert {path: guess.dialect for path, guess in guesses.items() if "mart" not in path} == {
        "models/audit/a.sql": "bigquery",
        **{f"models/ticks/t{number}.sql": "bigquery" for number in range(8)},
        "lake/a.sql": "duckdb",
    }
    assert guesses["models/audit/a.sql"].signs == guesses["models/mart/m1.sql"].signs


def test_plain_scripts_beside_a_dbt_project_speak_what_its_profile_says(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "dwh/dbt_project.yml": "name: dwh\n",
            "dwh/profiles.yml": "dwh: {outputs: {default: {type: snowflake}}}",
            "dwh/models/m.sql": "select 1 as id",
            "jobs/load.sql": "select a from t",
            "scripts/app/schema.sql": PECULIAR["postgres"] + " comment on table t is $$x$$",
        },
    )
    spoken = {file.path: (file.dialect, file.dialect_guess) for file in discover(tmp_path, DiscoverOptions()).files}
    assert spoken["dwh/models/m.sql"] == ("snowflake", "")
    assert spoken["jobs/load.sql"] == ("snowflake", "the files nearby speak it")
    assert spoken["scripts/app/schema.sql"][0] == "postgres"
