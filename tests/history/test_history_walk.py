"""What is told of a commit is what scans of it and of its parent differ in, however the walk went."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan import ScanOptions, scan
from sqllineage_scan.discover.revision import GitRepository
from sqllineage_scan.domain.history import What
from sqllineage_scan.pipeline.history import walk as walk_module
from sqllineage_scan.pipeline.history.walk import Range, walked

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Repository

    from sqllineage_scan.domain.history import Past

OPTIONS = ScanOptions(dialect="duckdb", artifacts=False)


def pasts(root: Path, options: ScanOptions = OPTIONS, **wanted: object) -> list[Past]:
    git = GitRepository(root)
    with walked(git, Range(git.commit("HEAD", fetch=False), **wanted), options) as walk:
        return list(walk.pasts())


def versions(repository: Repository, revision: str, options: ScanOptions = OPTIONS) -> dict[str, str | None]:
    """Of what the repository makes, by a scan of a checkout."""
    repository.git("checkout", "-q", revision)
    graph = scan(repository.folder, options=options)
    written = {edge.target for edge in graph.dataset_edges}
    return {str(found.id): found.version for found in graph.datasets if found.span is not None or found.id in written}


def replayed(found: list[Past], newest: dict[str, str | None]) -> list[dict[str, str | None]]:
    """The versions of every commit, worked out from those of the newest and from what each commit did."""
    states = [dict(newest)]
    for _, record in found:
        state = dict(states[-1])
        for step in record.steps:
            assert state.pop(str(step.dataset), None) == step.after
            if step.before is not None:
                state[str(step.was or step.dataset)] = step.before
        states.append(state)
    return states


def test_the_versions_are_those_of_scans(shop: Repository) -> None:
    found = pasts(shop.folder)
    assert [past.commit.summary for past in found] == [
        "A README", "Open ones", "Another name", "Layout", "Net amounts", "Totals", "First",
    ]  # fmt: skip
    hashes = [past.commit.hash for past in found]
    scanned = [versions(shop, commit) for commit in hashes]
    assert replayed(found, scanned[0])[:-1] == scanned
    assert replayed(found, scanned[0])[-1] == {}


def test_what_is_said_of_each_commit(shop: Repository) -> None:
    said = {
        past.commit.summary: {str(step.dataset): [what.value for what in step.what] for step in past.record.steps}
        for past in pasts(shop.folder)
    }
    assert said == {
        "First": {"raw.orders": ["added"], "staging.orders": ["added"]},
        "Totals": {"marts.total": ["added"]},
        "Net amounts": {"staging.orders": ["definition"], "marts.total": ["inputs"]},
        "Layout": {},
        "Another name": {"staging.paid": ["renamed", "definition"], "marts.total": ["definition", "inputs"]},
        "Open ones": {"staging.paid": ["definition", "rows"], "marts.total": ["inputs"]},
        "A README": {},
    }


def test_the_inputs_are_those_of_then(shop: Repository) -> None:
    found = pasts(shop.folder)
    step = next(
        step for past in found if past.commit.summary == "Open ones" for step in past.record.steps if What.INPUTS in step.what
    )
    paid = versions(shop, "HEAD")["staging.paid"]
    assert [(str(state.dataset), state.version) for state in step.inputs] == [("staging.paid", paid)]
    assert [str(state.dataset) for state in step.former_inputs] == ["staging.paid"]
    assert step.former_inputs[0].version != paid


NAMES = ["t0", "t1", "t2", "t3", "t4"]
BODIES = [
    "create view {self} as select * from {other}",
    "create view {self} as select id, {column} from {other} where id > {number}",
    "create view {self} as select id, sum({column}) as total from {other} group by id",
    "create table {self} (id int, a int, b int)",
    "insert into {other} select id, a, b from raw.source{number}",
    "create view {self} as select x.id, y.a from {other} x join {another} y on x.id = y.id",
    "-- nothing",
]


def _random_history(repository: Repository, seed: int, count: int) -> None:
    chance = random.Random(seed)
    here: set[str] = set()
    for number in range(count):
        files: dict[str, str | None] = {}
        for _ in range(chance.randint(0, 2)):
            name = chance.choice(NAMES)
            path = f"{chance.choice(['', 'sql/'])}{name}.sql"
            if path in here and chance.random() < 0.3:
                files[path] = None
                here.discard(path)
                continue
            files[path] = chance.choice(BODIES).format(
                self=name, other=chance.choice(NAMES), another=chance.choice(NAMES), column=chance.choice("ab"), number=number % 3
            )
            here.add(path)
        repository.commit(f"commit {number}", files)


@pytest.mark.parametrize("seed", range(6))
def test_made_up_histories(make, tmp_path: Path, seed: int) -> None:
    """With a cache, without one, in two processes, and a second time: the same; and it is what scans of every commit say."""
    repository = make(f"made{seed}")
    _random_history(repository, seed, 14)
    found = pasts(repository.folder)
    cached = replace(OPTIONS, cache_dir=tmp_path / "cache")
    assert pasts(repository.folder, cached) == found
    assert pasts(repository.folder, cached) == found
    scanned = [versions(repository, past.commit.hash) for past in found]
    assert replayed(found, scanned[0])[:-1] == scanned


def test_processes_find_the_same(make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk_module, "_WORTH_PROCESSES", 4)
    monkeypatch.setattr(walk_module, "_BLOCK", 5)
    repository = make("many")
    _random_history(repository, 7, 13)
    alone = pasts(repository.folder)
    together = pasts(repository.folder, replace(OPTIONS, processes=2, cache_dir=tmp_path / "cache"))
    assert together == alone


def test_an_interrupted_walk_goes_on(shop: Repository, tmp_path: Path) -> None:
    options = replace(OPTIONS, cache_dir=tmp_path / "cache")
    git = GitRepository(shop.folder)
    wanted = Range(git.commit("HEAD", fetch=False))
    with walked(git, wanted, options) as walk:
        assert walk.to_do == 7
        steps = walk.pasts()
        for _ in range(3):
            next(steps)
        steps.close()
    with walked(git, wanted, options) as walk:
        assert walk.to_do == 4
        assert list(walk.pasts()) == pasts(shop.folder)
    with walked(git, wanted, options) as walk:
        assert walk.to_do == 0
    with walked(git, wanted, replace(options, default_schema="other")) as walk:
        assert walk.to_do == 7


def test_a_merge_is_what_it_brought(shop: Repository) -> None:
    shop.git("checkout", "-qb", "feature")
    shop.commit("One", {"d.sql": "create view d as select id from raw.orders"})
    shop.commit("Two", {"d.sql": "create view d as select id, tax from raw.orders"})
    shop.git("checkout", "-q", "main")
    shop.commit("Beside", {"e.sql": "create view e as select id from raw.orders"})
    shop.git("merge", "-q", "--no-ff", "-m", "Merge", "feature")
    newest = [(past.commit.summary, [str(step.dataset) for step in past.record.steps]) for past in pasts(shop.folder)][:2]
    assert newest == [("Merge", ["d"]), ("Beside", ["e"])]


def test_a_shallow_clone_does_not_make_up_a_beginning(shop: Repository, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    shop.git("clone", "-q", "--depth=3", f"file://{shop.folder}", str(clone))
    git = GitRepository(clone)
    with walked(git, Range(git.commit("HEAD", fetch=False)), OPTIONS) as walk:
        assert walk.is_cut
        assert [past.commit.summary for past in walk.pasts()] == ["A README", "Open ones"]


def test_a_part_of_it(shop: Repository) -> None:
    assert [past.commit.summary for past in pasts(shop.folder, most=2)] == ["A README", "Open ones"]
    since = pasts(shop.folder, since="2024-01-05T00:00:00Z")
    assert [past.commit.summary for past in since] == ["A README", "Open ones", "Another name"]
    assert since == pasts(shop.folder)[:3]


def test_a_folder_of_the_repository(make) -> None:
    repository = make("whole")
    repository.commit(
        "First", {"warehouse/a.sql": "create view a as select 1 as x", "other/b.sql": "create view b as select 1 as y"}
    )
    repository.commit("Other", {"other/b.sql": "create view b as select 2 as y"})
    repository.commit("Here", {"warehouse/a.sql": "create view a as select 2 as x"})
    said = [
        (past.commit.summary, [str(step.dataset) for step in past.record.steps])
        for past in pasts(repository.folder / "warehouse")
    ]
    assert said == [("Here", ["a"]), ("Other", []), ("First", ["a"])]


def test_the_work_tree_is_left_alone(make) -> None:
    """A commit of old has files where the work tree has installed packages, which are only linked to."""
    repository = make("packages")
    project = {"dbt_project.yml": "name: shop\nversion: 1.0.0\n", "models/a.sql": "select 1 as x"}
    package = {
        "dbt_packages/utils/dbt_project.yml": "name: utils\n",
        "dbt_packages/utils/macros/m.sql": "{% macro m() %}1{% endmacro %}",
    }
    repository.commit("With the package", {**project, **package})
    repository.commit("Without", {**dict.fromkeys(package), ".gitignore": "dbt_packages\n", "models/a.sql": "select 2 as x"})
    installed = repository.folder / "dbt_packages" / "utils"
    installed.mkdir(parents=True, exist_ok=True)
    (installed / "dbt_project.yml").write_text("name: utils\nversion: 9.9.9\n")
    before = {path: path.read_bytes() for path in sorted((repository.folder / "dbt_packages").rglob("*")) if path.is_file()}
    found = pasts(repository.folder)
    assert [[str(step.dataset) for step in past.record.steps] for past in found] == [["shop.a"], ["shop.a"]]
    assert {
        path: path.read_bytes() for path in sorted((repository.folder / "dbt_packages").rglob("*")) if path.is_file()
    } == before
