from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.discover.project import DiscoverOptions, discover
from sqllineage_scan.domain.source import FileKind

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "one/dbt_project.yml": "name: one\nmodel-paths: [sql]\n",
    "one/sql/a.sql": "select 1",
    "one/sql/a.yml": "models: []",
    "one/sql/p.py": "",
    "one/sql/notes.md": "",
    "one/seeds/s.csv": "id\n1\n",
    "one/tests/t.sql": "select 1",
    "one/tests/generic/g.sql": "{% test g(model) %}select 1{% endtest %}",
    "one/macros/m.sql": "{% macro m() %}1{% endmacro %}",
    "one/snapshots/n.sql": "",
    "one/analyses/y.sql": "select 1",
    "one/target/compiled/a.sql": "select 1",
    "one/scripts/load.sql": "select 1",
    "one/.gitignore": "target/\ndbt_packages/\n",
    "one/dbt_packages/pack/dbt_project.yml": "name: pack\n",
    "one/dbt_packages/pack/macros/x.sql": "",
    "one/dbt_packages/pack/models/x.sql": "select 1",
    "one/dbt_packages/pack/integration_tests/dbt_project.yml": "name: pack_tests\n",
    "two/dbt_project.yml": "name: two\n",
    "two/models/a.sql": "select 1",
    "broken/dbt_project.yml": "name: [broken\n",
    "plain.sql": "select 1",
}


def test_every_file_has_its_kind(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    project = discover(tmp_path, DiscoverOptions())
    assert {file.path: (file.kind, file.dbt_project) for file in project.files} == {
        "one/dbt_project.yml": (FileKind.PROJECT, "one"),
        "one/sql/a.sql": (FileKind.MODEL, "one"),
        "one/sql/a.yml": (FileKind.PROPERTIES, "one"),
        "one/sql/p.py": (FileKind.PYTHON_MODEL, "one"),
        "one/seeds/s.csv": (FileKind.SEED, "one"),
        "one/tests/t.sql": (FileKind.TEST, "one"),
        "one/tests/generic/g.sql": (FileKind.MACRO, "one"),
        "one/macros/m.sql": (FileKind.MACRO, "one"),
        "one/snapshots/n.sql": (FileKind.SNAPSHOT, "one"),
        "one/analyses/y.sql": (FileKind.ANALYSIS, "one"),
        "one/scripts/load.sql": (FileKind.SQL, None),
        "one/dbt_packages/pack/dbt_project.yml": (FileKind.PROJECT, "one/dbt_packages/pack"),
        "one/dbt_packages/pack/macros/x.sql": (FileKind.MACRO, "one/dbt_packages/pack"),
        "one/dbt_packages/pack/models/x.sql": (FileKind.MODEL, "one/dbt_packages/pack"),
        "two/dbt_project.yml": (FileKind.PROJECT, "two"),
        "two/models/a.sql": (FileKind.MODEL, "two"),
        "plain.sql": (FileKind.SQL, None),
    }
    assert {(found.name, found.parent) for found in project.dbt_projects} == {("one", None), ("two", None), ("pack", "one")}
    assert [(finding.name, finding.span.path, finding.span.line) for finding in project.findings] == [
        ("discover.unreadable_project", "broken/dbt_project.yml", 2)
    ]


def test_the_nearest_profile_is_taken(tmp_path: Path) -> None:
    files = {
        "shop/dbt_project.yml": "name: shop\nprofile: warehouse\n",
        "shop/config/profiles.yml": (
            "warehouse:\n  target: prod\n  outputs:\n    dev: {type: duckdb}\n    prod: {type: postgres, schema: mart}\n"
        ),
        "profiles.yml": "warehouse:\n  target: x\n  outputs:\n    x: {type: bigquery}\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    target = discover(tmp_path, DiscoverOptions()).dbt_projects[0].target
    assert (target["type"], target["schema"], target["name"]) == ("postgres", "mart", "prod")


def test_a_profile_that_git_ignores_counts_without_its_secrets(tmp_path: Path) -> None:
    files = {
        ".gitignore": "profiles.yml\n",
        "dbt_project.yml": "name: shop\nprofile: shop\n",
        "profiles.yml": "shop: {outputs: {dev: {type: snowflake, schema: core, password: hunter2}}}\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    (project,) = discover(tmp_path, DiscoverOptions()).dbt_projects
    assert (project.target["type"], project.target["schema"], project.target["name"]) == ("snowflake", "core", "dev")
    assert "hunter2" not in project.target.values()


def test_a_package_in_a_folder_of_the_repository_belongs_to_who_installs_it(tmp_path: Path) -> None:
    files = {
        "warehouse/dbt_project.yml": "name: warehouse\n",
        "warehouse/packages.yml": "packages:\n  - local: ../shared\n",
        "shared/dbt_project.yml": "name: shared\n",
        "shared/packages.yml": "packages:\n  - local: ../words\n  - git: https://example.com/far.git\n",
        "words/dbt_project.yml": "name: words\n",
        "pack/dbt_project.yml": "name: pack\n",
        "pack/integration_tests/dbt_project.yml": "name: pack_tests\n",
        "pack/integration_tests/packages.yml": "packages:\n  - local: ../\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    parents = {project.name: project.parent for project in discover(tmp_path, DiscoverOptions()).dbt_projects}
    assert parents == {"warehouse": None, "shared": "warehouse", "words": "warehouse", "pack": None, "pack_tests": None}
