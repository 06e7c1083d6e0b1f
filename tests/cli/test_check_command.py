"""``check``, ``rules`` and ``init`` from outside: what they print where, and how they end."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from sqllineage_scan.cli.shell.application import run
from tests.linting.repositories import AMBIGUOUS, write

MISSING = {
    "dbt_project.yml": "name: shop\nversion: '1'\n",
    "models/stg_orders.sql": "select id, total as amount from raw.orders\n",
    "models/orders.sql": "select id, amount from {{ ref('stg_orders') }}\n",
    "models/other.sql": "select id, amout from {{ ref('stg_orders') }}\n",
}


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=Ann", "-c", "user.email=ann@example.com", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Committed: a model whose reader has a slip of the pen."""
    write(tmp_path, MISSING)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path


@pytest.fixture(autouse=True)
def no_hook(monkeypatch) -> None:
    monkeypatch.delenv("PRE_COMMIT_FROM_REF", raising=False)


def found(capsys, *arguments: str) -> tuple[int, list[str]]:
    """The exit code, and the places of what is found."""
    code = run(["check", *arguments, "--format", "json", "--no-notes"])
    document = json.loads(capsys.readouterr().out)
    open_ = [each for each in document["findings"] if "suppressed" not in each]
    return code, [f"{each['name']} {each['span']['path']}:{each['span']['line']}" for each in open_]


def test_exit_codes(repository: Path, capsys) -> None:
    assert found(capsys, str(repository)) == (1, ["columns.missing models/other.sql:1"])
    assert found(capsys, str(repository), "--fail-on", "never")[0] == 0
    write(repository, {"models/other.sql": "select id from {{ ref('stg_orders') }}", "a.sql": AMBIGUOUS})
    assert found(capsys, str(repository)) == (0, ["columns.ambiguous a.sql:1"])
    assert found(capsys, str(repository), "--fail-on", "warning")[0] == 1


def test_misuse(repository: Path, capsys) -> None:
    for arguments in (
        ["check", "nowhere"],
        ["check", str(repository), "--format", "sarf"],
        ["check", str(repository), "--changed-since", "nothing"],
        ["check", str(repository), "--baseline", "none.json"],
        ["rules", "explain"],
        ["rules", "explain", "CL99"],
        ["init", "nowhere"],
    ):
        assert run(arguments) == 2, arguments
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.startswith("sqllineage-scan: error: ")
        assert printed.err.count("\n") == 1


def test_changed_since_shows_what_the_change_broke(repository: Path, capsys) -> None:
    """A column renamed here breaks a reader there; what was wrong before and elsewhere is not told."""
    assert found(capsys, str(repository), "--changed-since", "HEAD") == (0, [])
    write(repository, {"models/stg_orders.sql": "select id, total as value from raw.orders\n"})
    code, places = found(capsys, str(repository), "--changed-since", "HEAD")
    assert (code, "columns.missing models/orders.sql:1" in places) == (1, True)
    write(repository, {"models/stg_orders.sql": MISSING["models/stg_orders.sql"], "models/new.sql": AMBIGUOUS})
    git(repository, "add", ".")
    assert found(capsys, str(repository), "--changed-since", "HEAD") == (
        0,
        ["columns.ambiguous models/new.sql:1"],
    )


def test_changed_since_counts_from_the_merge_base(repository: Path, capsys) -> None:
    git(repository, "checkout", "-q", "-b", "topic")
    write(repository, {"a.sql": AMBIGUOUS})
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "mine")
    git(repository, "checkout", "-q", "main")
    write(repository, {"b.sql": AMBIGUOUS})
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "theirs")
    git(repository, "checkout", "-q", "topic")
    assert found(capsys, str(repository), "--changed-since", "main")[1] == ["columns.ambiguous a.sql:1"]


def test_changed_since_sees_what_is_gone(repository: Path, capsys) -> None:
    write(repository, {"models/other.sql": "select id, amount from {{ ref('stg_orders') }}\n"})
    git(repository, "commit", "-q", "-a", "-m", "mended")
    (repository / "models" / "stg_orders.sql").unlink()
    _, places = found(capsys, str(repository), "--changed-since", "HEAD")
    assert places == ["dbt.unknown_ref models/orders.sql:1", "dbt.unknown_ref models/other.sql:1"]


def test_changed_in_a_folder_of_the_repository(repository: Path, capsys) -> None:
    write(repository, {"sub/a.sql": AMBIGUOUS})
    git(repository, "add", ".")
    assert found(capsys, str(repository / "sub"), "--changed-since", "HEAD")[1] == ["columns.ambiguous a.sql:1"]


def test_changed_without_any_change_is_everything(repository: Path, capsys) -> None:
    assert found(capsys, str(repository), "--changed")[1] == ["columns.missing models/other.sql:1"]
    write(repository, {"a.sql": AMBIGUOUS})
    git(repository, "add", "a.sql")
    assert found(capsys, str(repository), "--changed")[1] == ["columns.ambiguous a.sql:1"]


def test_a_baseline_written_and_read(repository: Path, capsys) -> None:
    assert run(["check", str(repository), "--write-baseline"]) == 0
    out = capsys.readouterr().out
    assert "1 finding written to " in out
    assert 'baseline = "sqllineage-scan-baseline.json"' in out
    write(repository, {"sqllineage-scan.toml": 'baseline = "sqllineage-scan-baseline.json"'})
    assert found(capsys, str(repository)) == (0, [])
    assert run(["check", str(repository)]) == 0
    assert "1 suppressed" in capsys.readouterr().out
    write(repository, {"models/third.sql": "select id, amuont from {{ ref('stg_orders') }}\n"})
    assert found(capsys, str(repository)) == (1, ["columns.missing models/third.sql:1"])
    assert run(["check", str(repository), "--write-baseline", "-q"]) == 0
    assert found(capsys, str(repository)) == (0, [])


def test_to_a_file(repository: Path, tmp_path_factory, capsys) -> None:
    place = tmp_path_factory.mktemp("out") / "out.sarif"
    assert run(["check", str(repository), "--format", "sarif", "-o", str(place)]) == 1
    assert capsys.readouterr().out == ""
    assert json.loads(place.read_text())["version"] == "2.1.0"


def test_of_a_document_what_it_can_say(repository: Path, tmp_path: Path, capsys) -> None:
    document = tmp_path / "lineage.json"
    assert run(["scan", str(repository), "-q", "-o", str(document)]) == 0
    assert run(["check", str(document)]) == 1
    out = capsys.readouterr().out
    assert "CL01 columns.missing" in out
    assert "graph.hard_coded did not run: a lineage document does not say what it asks for" in out


def test_nothing_found_says_so(tmp_path: Path, capsys) -> None:
    write(tmp_path, {"a.sql": "select 1"})
    assert run(["check", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("Nothing found in 1 file, by ")
    assert run(["check", str(tmp_path), "-q"]) == 0
    assert capsys.readouterr().out == ""


def test_rules(repository: Path, capsys) -> None:
    write(repository, {"sqllineage-scan.toml": '[rules]\ncolumns.renamed = "error"\n'})
    assert run(["rules", "list", "--path", str(repository)]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) > 80
    assert next(row for row in rows if "columns.renamed" in row).split()[:3] == ["CL08", "columns.renamed", "error"]
    assert run(["rules", "explain", "cl02"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("CL02 columns.ambiguous  warning")
    assert "1. Bad" in text
    assert "-- noqa: CL02" in text
    assert run(["rules", "test", "unions"]) == 0
    assert capsys.readouterr().out == "6 examples of 2 rules hold.\n"


def test_rules_test_fails_for_an_example_that_does_not_hold(tmp_path: Path, capsys) -> None:
    ours = Path(__file__).parents[2] / "rules" / "unions" / "count.yml"
    text = ours.read_text().replace("code: UN01", "code: AC01").replace("flags: 0", "flags: 3", 1)
    write(tmp_path, {"lint/acme/count.yml": text, "sqllineage-scan.toml": 'rule_folders = ["lint"]'})
    assert run(["rules", "test", "acme.count", "--path", str(tmp_path)]) == 1
    assert capsys.readouterr().out.splitlines() == ["acme.count, example 2: expected 3, found 0", "1 example failed of 3."]


def test_init_writes_what_fits_and_leaves_the_rest(tmp_path: Path, capsys) -> None:
    root = shutil.copytree(Path(__file__).parents[2] / "examples" / "shop", tmp_path / "shop")
    (root / "sqllineage-scan.toml").unlink()
    assert run(["init", str(root), "--dry-run"]) == 0
    assert not (root / "sqllineage-scan.toml").exists()
    assert "dbt project shop" in capsys.readouterr().out
    assert run(["init", str(root)]) == 0
    assert capsys.readouterr().out.count("Written: ") == 3
    text = (root / "sqllineage-scan.toml").read_text()
    assert (
        '# layers = ["path:warehouse/models/staging", "path:warehouse/models/intermediate", "path:warehouse/models/marts"]'
        in text
    )
    assert run(["check", str(root)]) in (0, 1)
    capsys.readouterr()
    uncommented = text.replace("\n# [[b", "\n[[b").replace("\n# name", "\nname").replace("\n# type", "\ntype")
    uncommented = (
        uncommented.replace("\n# layers", "\nlayers").replace("\n# datasets", "\ndatasets").replace("\n# readers", "\nreaders")
    )
    (root / "sqllineage-scan.toml").write_text(uncommented)
    assert run(["check", str(root), "--fail-on", "never"]) == 0
    assert "error" not in capsys.readouterr().err
    (root / ".gitlab-ci.yml").write_text("stages: [test]\n")
    shutil.rmtree(root / ".github")
    assert run(["init", str(root)]) == 0
    out = capsys.readouterr().out
    assert "There already: sqllineage-scan.toml" in out
    assert "# add it to `repos:` of .pre-commit-config.yaml" in out
    assert "# add it to .gitlab-ci.yml" in out
    assert (root / "sqllineage-scan.toml").read_text() == uncommented


def test_changed_since_runs_the_rules_about_changes(repository: Path, capsys) -> None:
    write(
        repository,
        {"models/other.sql": "select 1 as one", "models/all.yml": "models: [{name: orders, config: {access: public}}]"},
    )
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "public")
    write(repository, {"models/orders.sql": "select id from {{ ref('stg_orders') }}\n"})
    code, places = found(capsys, str(repository), "--changed-since", "HEAD")
    assert code == 1
    assert places == ["contracts.public_without_contract models/orders.sql:1", "contracts.breaking models/orders.sql:1"]
    assert run(["check", str(repository), "--fail-on", "never"]) == 0
    assert "contracts.breaking did not run: it compares with an earlier state: --changed-since REV" in capsys.readouterr().out


def test_comments_count_where_a_branch_is_checked(repository: Path, capsys) -> None:
    """Rules about changes compare with another state, and everything is looked at then."""
    broken = "select id, amout from {{ ref('stg_orders') }}"
    write(repository, {"models/other.sql": f"{broken} -- noqa: CL01\n"})
    assert found(capsys, "--changed-since", "HEAD", str(repository)) == (0, [])
    write(repository, {"models/other.sql": f"{broken} -- changed\n"})
    assert found(capsys, "--changed-since", "HEAD", str(repository)) == (1, ["columns.missing models/other.sql:1"])
