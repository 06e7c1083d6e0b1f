"""What is where in dbt projects whose folders are not the usual ones, and which packages each project sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.discover.project import DiscoverOptions, discover
from sqllineage_scan.domain.source import FileKind, Project
from sqllineage_scan.render.project_settings import reader_of_settings

if TYPE_CHECKING:
    from pathlib import Path


def found(root: Path, files: dict[str, str], env: dict[str, str] | None = None) -> Project:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return discover(root, DiscoverOptions(), reader_of_settings(env or {}, {}))


def kinds(project: Project) -> dict[str, tuple[FileKind, str | None]]:
    return {file.path: (file.kind, file.dbt_project) for file in project.files if file.kind is not FileKind.PROJECT}


LAYOUTS = {
    "old keys": (
        {
            "dbt_project.yml": "name: a\nsource-paths: [src]\ndata-paths: [rows]\nmodules-path: lib\n",
            "src/m.sql": "",
            "rows/s.csv": "id\n",
            "lib/p/dbt_project.yml": "name: p\n",
            "lib/p/macros/x.sql": "",
        },
        {
            "src/m.sql": (FileKind.MODEL, ""),
            "rows/s.csv": (FileKind.SEED, ""),
            "lib/p/macros/x.sql": (FileKind.MACRO, "lib/p"),
        },
    ),
    "the project's own folder": (
        {
            "p/dbt_project.yml": 'name: a\nmodel-paths: ["."]\n',
            "p/m.sql": "",
            "p/deep/er/n.sql": "",
            "p/macros/x.sql": "",
            "p/target/compiled/m.sql": "",
            "p/logs/dbt.sql": "",
            "p/packages.yml": "packages: []",
            "p/sources.yml": "sources: []",
            "p/dbt_packages/u/dbt_project.yml": "name: u",
            "p/dbt_packages/u/models/um.sql": "",
            "outside.sql": "",
        },
        {
            "p/m.sql": (FileKind.MODEL, "p"),
            "p/deep/er/n.sql": (FileKind.MODEL, "p"),
            "p/macros/x.sql": (FileKind.MACRO, "p"),
            "p/sources.yml": (FileKind.PROPERTIES, "p"),
            "p/dbt_packages/u/models/um.sql": (FileKind.MODEL, "p/dbt_packages/u"),
            "outside.sql": (FileKind.SQL, None),
        },
    ),
    "several folders, one inside the other, written in any way": (
        {
            "dbt_project.yml": "name: a\nmodel-paths: [./one/, one/two, three]\ntest-paths: checks\nseed-paths: [one/rows]\n",
            "one/m.sql": "",
            "one/two/n.sql": "",
            "three/o.sql": "",
            "one/rows/s.csv": "",
            "one/rows/ignored.sql": "",
            "checks/t.sql": "",
            "checks/generic/g.sql": "",
            "checks/fixtures/f.sql": "select 1 as id",
        },
        {
            "one/m.sql": (FileKind.MODEL, ""),
            "one/two/n.sql": (FileKind.MODEL, ""),
            "three/o.sql": (FileKind.MODEL, ""),
            "one/rows/s.csv": (FileKind.SEED, ""),
            "one/rows/ignored.sql": (FileKind.SQL, None),
            "checks/t.sql": (FileKind.TEST, ""),
            "checks/generic/g.sql": (FileKind.MACRO, ""),
            "checks/fixtures/f.sql": (FileKind.SQL, None),
        },
    ),
    "folders named by the environment": (
        {
            "dbt_project.yml": "name: a\ntarget-path: \"{{ env_var('OUT', 'out') }}\"\n"
            "packages-install-path: \"{{ env_var('LIB', 'lib') }}\"\nmodel-paths: [\"{{ 'mo' ~ 'dels' }}\"]\n",
            "models/m.sql": "",
            "out/compiled/m.sql": "",
            "lib/p/dbt_project.yml": "name: p\n",
            "lib/p/models/m.sql": "",
        },
        {"models/m.sql": (FileKind.MODEL, ""), "lib/p/models/m.sql": (FileKind.MODEL, "lib/p")},
    ),
    "projects below projects": (
        {
            "dbt_project.yml": "name: pack\n",
            "models/m.sql": "",
            "integration_tests/dbt_project.yml": "name: pack_tests\n",
            "integration_tests/packages.yml": "packages: [{local: ../}]",
            "integration_tests/models/t.sql": "",
            "models/inner/dbt_project.yml": "name: inner\n",
            "models/inner/models/i.sql": "",
            "models/inner/load.sql": "",
        },
        {
            "models/m.sql": (FileKind.MODEL, ""),
            "integration_tests/models/t.sql": (FileKind.MODEL, "integration_tests"),
            "models/inner/models/i.sql": (FileKind.MODEL, "models/inner"),
            "models/inner/load.sql": (FileKind.SQL, None),
        },
    ),
    "left out by .dbtignore": (
        {
            "p/dbt_project.yml": "name: a\n",
            "p/.dbtignore": "# drafts\nmodels/drafts/\n*.tmp.sql\n",
            "p/models/m.sql": "",
            "p/models/drafts/d.sql": "",
            "p/models/x.tmp.sql": "",
            "other.tmp.sql": "",
        },
        {"p/models/m.sql": (FileKind.MODEL, "p"), "other.tmp.sql": (FileKind.SQL, None)},
    ),
    "docs blocks": (
        {
            "dbt_project.yml": "name: a\n",
            "models/orders.md": "{% docs orders %}All orders.{% enddocs %}",
            "models/README.md": "# Read me",
            "README.md": "{% docs x %}{% enddocs %}",
            "p/dbt_project.yml": "name: b\ndocs-paths: [words]\n",
            "p/words/w.md": "{% docs w %}{% enddocs %}",
            "p/models/m.md": "{% docs m %}{% enddocs %}",
        },
        {"models/orders.md": (FileKind.DOCS, ""), "p/words/w.md": (FileKind.DOCS, "p")},
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_file_has_its_kind_and_its_project(tmp_path: Path, layout: str) -> None:
    files, expected = LAYOUTS[layout]
    assert kinds(found(tmp_path, files)) == expected


def sees(project: Project) -> dict[str, tuple[str | None, tuple[str, ...]]]:
    return {each.root: (each.parent, each.packages) for each in project.dbt_projects}


def test_installed_packages_one_folder_each_and_those_inside_of_them(tmp_path: Path) -> None:
    files = {
        "dbt_project.yml": "name: shop\n",
        ".gitignore": "dbt_packages/\n",
        "dbt_packages/a/dbt_project.yml": "name: a\n",
        "dbt_packages/a/integration_tests/dbt_project.yml": "name: a_tests\n",
        "dbt_packages/a/examples/x/dbt_project.yml": "name: x\n",
        "dbt_packages/a/dbt_packages/b/dbt_project.yml": "name: b\n",
        "dbt_packages/a/dbt_packages/c/dbt_project.yml": "name: c\n",
        "dbt_packages/b/dbt_project.yml": "name: b\n",
    }
    assert sees(found(tmp_path, files)) == {
        "": (None, ("dbt_packages/a", "dbt_packages/a/dbt_packages/c", "dbt_packages/b")),
        "dbt_packages/a": ("", ()),
        "dbt_packages/a/dbt_packages/c": ("", ()),
        "dbt_packages/b": ("", ()),
    }


def test_packages_that_are_committed_are_packages_still(tmp_path: Path) -> None:
    files = {"dbt_project.yml": "name: shop\n", "dbt_packages/a/dbt_project.yml": "name: a\n", "dbt_packages/a/models/m.sql": ""}
    project = found(tmp_path, files)
    assert sees(project) == {"": (None, ("dbt_packages/a",)), "dbt_packages/a": ("", ())}
    assert kinds(project) == {"dbt_packages/a/models/m.sql": (FileKind.MODEL, "dbt_packages/a")}


PROFILE = "one: {target: t, outputs: {t: {type: duckdb, schema: one}}}\n"


def test_local_packages_are_seen_with_what_they_see(tmp_path: Path) -> None:
    files = {
        "one/dbt_project.yml": "name: one\n",
        "one/profiles.yml": PROFILE,
        "one/packages.yml": "packages: [{local: ../shared}, {local: \"{{ env_var('TOOLS', '../tools') }}\"}]",
        "shared/dbt_project.yml": "name: shared\n",
        "shared/packages.yml": "packages: [{local: ../base}, {local: ../shared}]",
        "shared/dbt_packages/utils/dbt_project.yml": "name: utils\n",
        "base/dbt_project.yml": "name: base\n",
        "tools/dbt_project.yml": "name: tools\n",
    }
    project = found(tmp_path, files)
    assert sees(project)["one"] == (None, ("shared", "tools", "base", "shared/dbt_packages/utils"))
    assert {root: parent for root, (parent, _) in sees(project).items()} == {
        "one": None,
        "shared": "one",
        "base": "one",
        "tools": "one",
        "shared/dbt_packages/utils": "one",
    }
    assert next(each for each in project.dbt_projects if each.name == "tools").target["schema"] == "one"


def test_a_package_that_tests_itself_or_serves_several_is_its_own(tmp_path: Path) -> None:
    files = {
        "dbt_project.yml": "name: pack\n",
        "integration_tests/dbt_project.yml": "name: tests\n",
        "integration_tests/packages.yml": "packages: [{local: ../}]",
        "a/dbt_project.yml": "name: a\n",
        "a/dependencies.yml": "packages: [{local: ../shared}]\nprojects: [{name: b}]",
        "b/dbt_project.yml": "name: b\n",
        "b/packages.yml": "packages: [{local: ../shared}]",
        "shared/dbt_project.yml": "name: shared\n",
    }
    assert sees(found(tmp_path, files)) == {
        "": (None, ()),
        "integration_tests": (None, ("",)),
        "a": (None, ("shared",)),
        "b": (None, ("shared",)),
        "shared": (None, ()),
    }


MISSING = [
    ("packages: [{package: dbt-labs/dbt_utils, version: 1.0.0}]", [], ["dbt_utils"]),
    ("packages: [{package: dbt-labs/dbt_utils, version: 1.0.0}]", ["dbt_utils"], []),
    ("packages: [{package: a/one, version: 1}, {package: a/two, version: 1}]", ["dbt_utils"], ["one", "two"]),
    ("packages: [{git: 'https://example.com/acme/dbt-audit-helper.git', revision: main}]", ["audit_helper"], []),
    ("packages: [{git: 'https://example.com/acme/tools.git', revision: main}]", ["acme_tools"], []),
    ("packages: [{git: 'https://example.com/acme/tools.git', revision: main}]", [], ["tools"]),
    ("packages: [{git: 'https://example.com/mono.git', subdirectory: dbt/kit}]", ["kit"], []),
    ("packages: [{local: ../gone}]", [], ["gone"]),
    ("packages:\n  - package: \"{{ 'x' }}/y\"\n    version: 1\n", [], ["y"]),
    ("packages: []", [], []),
    ("packages: 5", [], []),
    ("packages: [5, {version: 1}]", [], []),
    ("projects: [{name: other}]", [], []),
]


@pytest.mark.parametrize(("declared", "installed", "missing"), MISSING)
def test_what_is_not_installed_is_one_remark(tmp_path: Path, declared: str, installed: list[str], missing: list[str]) -> None:
    files = {"p/dbt_project.yml": "name: shop\n", "p/packages.yml": declared}
    files |= {f"p/dbt_packages/{name}/dbt_project.yml": f"name: {name}\n" for name in installed}
    remarks = found(tmp_path, files).findings
    assert [remark.name for remark in remarks] == ["discover.packages_missing"] * bool(missing)
    for remark in remarks:
        assert remark.message.startswith("packages " if len(missing) > 1 else "package ")
        assert all(f"`{name}`" in remark.message for name in missing)
        assert remark.span.path == "p/packages.yml"
        assert remark.help.startswith("run `dbt deps` in p;")
