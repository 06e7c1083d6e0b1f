"""action.yml: its own steps in a shell, with a runner's environment, on a git repository whose pull request was checked out
as actions/checkout does, against an API that answers as GitHub's.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from sqllineage_scan.integrations.sticky import marker
from tests.integrations.actions_runner import Runner
from tests.integrations.github_api import GitHubApi
from tests.integrations.loopback import serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
SCHEMA = json.loads((ROOT / "sqllineage_scan" / "outputs" / "changes" / "diff.schema.json").read_text())
MARK = marker("default")

BASE = {
    "warehouse/ddl.sql": "create table raw.orders (id int, amount decimal(18, 2), status text);\n",
    "warehouse/orders.sql": "create view shop.orders as\nselect id, amount, status from raw.orders;\n",
    "warehouse/revenue.sql": "create view shop.revenue as\nselect id, sum(amount) as revenue from shop.orders group by id;\n",
}
BREAKING = {"warehouse/orders.sql": "create view shop.orders as\nselect id, status from raw.orders;\n"}
COSMETIC = {
    "warehouse/orders.sql": "-- all orders\ncreate view shop.orders as\n  select id, amount, status\n  from raw.orders;\n"
}
PLANTED = {
    "json.py": "raise SystemExit('imported from the pull request')\n",
    "sqllineage_scan/__init__.py": "raise SystemExit('imported from the pull request')\n",
}


def git(folder: Path, *words: str) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@shop.example",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@shop.example",
        "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
        "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
    }
    done = subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True, env=environment)
    return done.stdout.strip()


class Origin:
    """The repository on the host: main, a pull request's head, and GitHub's merge of the two."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        git(folder, "init", "--quiet", "--initial-branch=main")
        git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
        self.base = self.commit(BASE, "base")

    def commit(self, files: Mapping[str, str], message: str) -> str:
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text)
        git(self.folder, "add", "--all")
        git(self.folder, "commit", "--quiet", "--allow-empty", "-m", message)
        return git(self.folder, "rev-parse", "HEAD")

    def pull_request(self, files: Mapping[str, str], meanwhile: Mapping[str, str] | None = None) -> tuple[str, str]:
        """Head and merge commit. ``meanwhile``: what became of main after the branch was made."""
        git(self.folder, "checkout", "--quiet", "-b", "feature")
        head = self.commit(files, "change")
        git(self.folder, "checkout", "--quiet", "main")
        if meanwhile:
            self.base = self.commit(meanwhile, "meanwhile")
        git(self.folder, "checkout", "--quiet", "--detach", "main")
        git(self.folder, "merge", "--quiet", "--no-ff", "-m", "Merge", head)
        merge = git(self.folder, "rev-parse", "HEAD")
        git(self.folder, "update-ref", "refs/pull/7/merge", merge)
        git(self.folder, "checkout", "--quiet", "main")
        return head, merge

    def checked_out(self, commit: str, into: Path, depth: int = 2) -> Path:
        """As actions/checkout with ``fetch-depth``."""
        into.mkdir()
        git(into, "init", "--quiet")
        git(into, "remote", "add", "origin", f"file://{self.folder}")
        git(into, "fetch", "--quiet", "--no-tags", f"--depth={depth}", "origin", commit)
        git(into, "checkout", "--quiet", "--detach", "FETCH_HEAD")
        return into


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    return Origin(tmp_path / "origin")


@pytest.fixture
def api() -> Iterator[GitHubApi]:
    api = GitHubApi()
    api.token("write")
    api.token("read", writes=False)
    with serving(api):
        yield api


def job(api: GitHubApi, workspace: Path, event: str, payload: Mapping[str, Any], token: str = "write", **others: Any) -> Runner:
    temp = workspace.parent / "temp"
    temp.mkdir(exist_ok=True)
    environment = {
        "GITHUB_EVENT_NAME": event,
        "GITHUB_REPOSITORY": api.repository,
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_API_URL": api.address,
        "GITHUB_GRAPHQL_URL": f"{api.address}/graphql",
        "GITHUB_SHA": git(workspace, "rev-parse", "HEAD") if (workspace / ".git").exists() else "f" * 40,
        "GITHUB_RUN_ID": "99",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    return Runner(workspace, temp, environment, token, payload, **others)


def pull_request(head: str, base: str) -> Mapping[str, Any]:
    return {
        "number": 7,
        "pull_request": {"number": 7, "head": {"sha": head, "ref": "feature"}, "base": {"sha": base, "ref": "main"}},
    }


def opened(
    api: GitHubApi, origin: Origin, files: Mapping[str, str], tmp_path: Path, *, token: str = "write", **others: Any
) -> Runner:
    """A pull request with ``files``, checked out in a job."""
    head, merge = origin.pull_request(files, others.pop("meanwhile", None))
    api.pull(7, head=head, base=origin.base, fork=others.pop("fork", ""))
    workspace = origin.checked_out(merge, tmp_path / "workspace")
    return job(api, workspace, "pull_request", pull_request(head, origin.base), token, **others)


def test_a_pull_request_that_breaks_something(api: GitHubApi, origin: Origin, tmp_path: Path) -> None:
    runner = opened(api, origin, BREAKING, tmp_path)
    outputs = runner.use(ACTION, {"path": "warehouse", "fail-on": "breaking"})
    lineage, comment = runner.step("lineage"), runner.step("comment")
    assert (lineage.status, comment.status, runner.failed) == (1, 0, True), lineage.stderr + comment.stderr
    (posted,) = api.discussion(7)
    assert posted.body.startswith(f"{MARK}\n### 🔴 1 breaking")
    assert "`shop.orders.amount` removed" in posted.body.splitlines()[1]
    head = api.pulls[7].head
    assert f"[`shop.revenue.revenue`](https://github.com/shop/warehouse/blob/{head}/warehouse/revenue.sql#L2)" in posted.body
    assert f"Compared `main@{origin.base[:7]}` → `feature@{head[:7]}`" in posted.body
    assert posted.body.split("\n", 1)[1].split("\n")[0] == lineage.summary.split("\n")[0]
    assert comment.summary == "", "it is there already"
    assert "::error file=warehouse/" in lineage.stdout
    assert lineage.stdout.rstrip().splitlines()[-1].startswith("::error title=Lineage gate::the verdict is breaking%3A"[:43])
    assert {name: outputs[name] for name in ("verdict", "breaking", "affected-exposures", "comment-id")} == {
        "verdict": "breaking",
        "breaking": "1",
        "affected-exposures": "0",
        "comment-id": str(posted.id),
    }
    assert int(outputs["affected-columns"]) >= 1
    assert 0 < float(outputs["coverage"]) <= 1
    report = json.loads(Path(outputs["report-json"]).read_text())
    Draft202012Validator(SCHEMA).validate(report)
    assert report["verdict"] == "breaking"
    assert Path(outputs["report-md"]).read_text() == lineage.summary
    assert sorted(outputs) == sorted(yaml.safe_load(ACTION.read_text())["outputs"])


def test_a_cosmetic_change_says_nothing(api: GitHubApi, origin: Origin, tmp_path: Path) -> None:
    runner = opened(api, origin, COSMETIC, tmp_path)
    outputs = runner.use(ACTION, {"fail-on": "review,note"})
    assert not runner.failed, runner.step("lineage").stdout
    assert api.comments == {}
    assert outputs["verdict"] == "safe"
    assert runner.step("lineage").summary.startswith("### ✅ No change of lineage\n")


def test_what_main_became_meanwhile_is_not_the_pull_requests(api: GitHubApi, origin: Origin, tmp_path: Path) -> None:
    meanwhile = {"warehouse/revenue.sql": "create view shop.revenue as\nselect id, count(*) as n from shop.orders group by id;\n"}
    runner = opened(
        api, origin, {"warehouse/new.sql": "create view shop.new as select id from shop.orders;\n"}, tmp_path, meanwhile=meanwhile
    )
    outputs = runner.use(ACTION, {})
    report = json.loads(Path(outputs["report-json"]).read_text())
    assert {change["subject"]["dataset"] for change in report["changes"]} <= {"shop.new"}


def test_a_fork_gets_a_summary_and_another_workflow_comments(api: GitHubApi, origin: Origin, tmp_path: Path) -> None:
    """A fork's token is read-only: the job goes on. The second workflow has the report, no checkout, and its own event."""
    runner = opened(api, origin, BREAKING, tmp_path, token="read", fork="someone/warehouse")
    outputs = runner.use(ACTION, {})
    assert not runner.failed, runner.step("comment").stderr
    assert api.comments == {}
    assert "::warning title=Lineage comment not posted::" in runner.step("comment").stdout
    assert "`shop.orders.amount` removed" in runner.step("lineage").summary
    assert "read" not in outputs["comment-id"]

    (tmp_path / "second").mkdir()
    empty = tmp_path / "second" / "workspace"
    empty.mkdir()
    finished = {
        "event": "pull_request",
        "head_sha": api.pulls[7].head,
        "head_branch": "feature",
        "head_repository": {"owner": {"login": "someone"}, "full_name": "someone/warehouse"},
        "pull_requests": [],
    }
    second = job(api, empty, "workflow_run", {"workflow_run": finished})
    second.use(ACTION, {"report": outputs["report-json"]})
    assert not second.failed, second.step("comment").stderr
    assert second.step("lineage").status is None, "nothing is read but the report"
    assert second.cached == []
    (posted,) = api.discussion(7)
    assert "`shop.orders.amount` removed" in posted.body
    assert posted.body.split("\n")[1] == second.step("comment").summary.split("\n")[0]


def test_a_report_that_somebody_made_up_is_written_anew(api: GitHubApi, origin: Origin, tmp_path: Path) -> None:
    runner = opened(api, origin, BREAKING, tmp_path, token="read", fork="someone/warehouse")
    report = json.loads(Path(runner.use(ACTION, {})["report-json"]).read_text())
    evil = "x` <img src=https://evil.example/x.png> @shop/owners --> [approve](https://evil.example)"
    report["changes"][0]["why"] = evil
    report["changes"][0]["subject"] = {"dataset": evil, "namespace": "", "column": evil}
    report["head"]["label"] = evil
    report["pull_request"], report["number"] = 1, 1
    made_up = tmp_path / "made-up.json"
    made_up.write_text(json.dumps(report))
    api.pull(1, head="1" * 40)
    event = {
        "event": "pull_request",
        "head_sha": api.pulls[7].head,
        "head_branch": "feature",
        "head_repository": {"owner": {"login": "someone"}},
    }
    second = job(api, runner.workspace, "workflow_run", {"workflow_run": event})
    second.use(ACTION, {"report": str(made_up)})
    (posted,) = api.comments.values()
    assert posted.pull == 7
    outside = re.sub(r"<code>.*?</code>|`[^`\n]*`", "", posted.body)
    assert "evil" not in outside
    assert "@shop" not in outside
    (made_up.parent / "broken.json").write_text('{"schema_version": "1.0"}')
    second.use(ACTION, {"report": str(made_up.parent / "broken.json")})
    assert second.failed
    assert "not a diff document" in second.step("comment").stderr


def test_a_later_push_updates_the_comment(api: GitHubApi, origin: Origin, tmp_path: Path) -> None:
    runner = opened(api, origin, BREAKING, tmp_path)
    runner.use(ACTION, {})
    first = api.discussion(7)[0]
    git(origin.folder, "checkout", "--quiet", "feature")
    head = origin.commit({"warehouse/orders.sql": BASE["warehouse/orders.sql"]}, "as it was")
    git(origin.folder, "checkout", "--quiet", "--detach", "main")
    git(origin.folder, "merge", "--quiet", "--no-ff", "-m", "Merge", head)
    merge = git(origin.folder, "rev-parse", "HEAD")
    (tmp_path / "later").mkdir()
    workspace = origin.checked_out(merge, tmp_path / "later" / "workspace")
    job(api, workspace, "pull_request", pull_request(head, origin.base)).use(ACTION, {})
    (posted,) = api.discussion(7)
    assert posted.id == first.id
    assert posted.body.startswith(f"{MARK}\n### ✅ No change of lineage\n")


@pytest.mark.parametrize("depth", [1, 2])
def test_the_head_itself_checked_out(api: GitHubApi, origin: Origin, tmp_path: Path, depth: int) -> None:
    """``ref: head.sha`` instead of the merge commit: the base is fetched where it is missing."""
    head, _ = origin.pull_request(BREAKING)
    api.pull(7, head=head, base=origin.base)
    workspace = origin.checked_out(head, tmp_path / "workspace", depth)
    runner = job(api, workspace, "pull_request", pull_request(head, origin.base))
    outputs = runner.use(ACTION, {"comment": "off"})
    assert outputs["verdict"] == "breaking", runner.step("lineage").stderr
    assert runner.step("comment").status is None
    assert api.comments == {}


def test_a_push_compares_with_what_was_there(api: GitHubApi, origin: Origin, tmp_path: Path) -> None:
    after = origin.commit(BREAKING, "pushed")
    workspace = origin.checked_out(after, tmp_path / "workspace")
    runner = job(api, workspace, "push", {"before": origin.base, "after": after})
    outputs = runner.use(ACTION, {"site-dir": "site", "output": "out/lineage.json", "sarif": "lineage.sarif"})
    assert not runner.failed, runner.step("lineage").stderr
    assert outputs["verdict"] == "breaking"
    assert (Path(outputs["site-path"]) / "index.html").is_file()
    assert json.loads(Path(outputs["document"]).read_text())["column_edges"]
    assert json.loads(Path(outputs["sarif-path"]).read_text())["runs"][0]["results"]
    assert "no open pull request has the head" in runner.step("comment").stderr
    new = job(api, workspace, "push", {"before": "0" * 40, "after": after})
    outputs = new.use(ACTION, {"output": "lineage.json"})
    assert (outputs["verdict"], outputs["report-json"], new.failed) == ("", "", False), new.step("lineage").stderr
    assert outputs["document"] == str(workspace / "lineage.json")
    gone = job(api, workspace, "push", {"before": "e" * 40, "after": after})
    assert gone.use(ACTION, {})["verdict"] == ""
    assert "::notice title=Lineage::nothing to compare with" in gone.step("lineage").stdout
    assert not gone.failed


def test_nothing_of_the_pull_request_is_run(api: GitHubApi, origin: Origin, tmp_path: Path) -> None:
    """A json.py beside the SQL is not imported, hooks and filters of the repository are not run, inputs are no shell."""
    runner = opened(api, origin, {**BREAKING, **PLANTED}, tmp_path)
    hook = runner.workspace / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    runner.use(ACTION, {"comment-key": "a$(touch ran)", "dialect": "postgres"})
    assert runner.step("lineage").status == 0, runner.step("lineage").stderr
    assert "imported from" not in runner.step("lineage").stderr + runner.step("comment").stderr
    assert runner.step("comment").status == 2
    assert "is no key of a comment" in runner.step("comment").stderr
    assert not (tmp_path / "ran").exists()
    assert not (runner.workspace / "ran").exists()


@pytest.mark.parametrize("name", ["::error::planted", "##[error]planted", "::set-output name=verdict::safe", "x<<end"])
def test_a_name_is_no_command_to_the_runner(api: GitHubApi, origin: Origin, tmp_path: Path, name: str) -> None:
    files = {"warehouse/orders.sql": f'create view shop.orders as\nselect id, status, 1 as "{name}" from raw.orders;\n'}
    runner = opened(api, origin, files, tmp_path)
    outputs = runner.use(ACTION, {})
    assert outputs["verdict"] == "breaking"
    listening = True
    stop = ""
    for line in runner.step("lineage").stdout.splitlines():
        if listening and line.lstrip().startswith("::stop-commands::"):
            listening, stop = False, line.strip().removeprefix("::stop-commands::")
        elif line == f"::{stop}::":
            listening = True
        elif listening and ("##[" in line or line.lstrip().startswith("::")):
            assert re.match(r"::(error|warning|notice) (file|title)=", line), line
            assert not line.startswith(("::error::", "::set-output"))
            assert "##[" not in line


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"fail-on": "bad"}, "fail-on is 'bad'; known are never, breaking, review, error, warning, note, several with commas"),
        ({"path": "nowhere"}, "nowhere"),
        ({"base": "nowhere"}, "no commit is called 'nowhere'"),
        ({"dialect": "klingon"}, "klingon"),
    ],
)
def test_misuse_is_one_line(api: GitHubApi, origin: Origin, tmp_path: Path, given: Mapping[str, str], said: str) -> None:
    runner = opened(api, origin, COSMETIC, tmp_path)
    runner.use(ACTION, given)
    assert runner.step("lineage").status == 2
    assert said in runner.step("lineage").stderr
    assert runner.step("lineage").stderr.count("\n") == 1
    assert runner.step("comment").status is None


def test_gates(api: GitHubApi, origin: Origin, tmp_path: Path) -> None:
    runner = opened(api, origin, {"warehouse/bad.sql": "select from where (\n"}, tmp_path)
    for word, failed in (("never", False), ("breaking", False), ("error", True), ("breaking,warning", True)):
        runner.use(ACTION, {"fail-on": word, "comment": "off"})
        assert runner.failed is failed, word


def test_installed_from_its_own_ref(api: GitHubApi, origin: Origin, tmp_path: Path) -> None:
    """With the step that installs it: into a folder of its own, beside the job's Python."""
    runner = opened(api, origin, BREAKING, tmp_path, installs=True)
    pip = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "HTTP", "SSL", "http"))}
    runner.environment = {**runner.environment, **pip}
    outputs = runner.use(ACTION, {})
    assert outputs["verdict"] == "breaking", [(ran.name, ran.stderr) for ran in runner.ran]
    installed = runner.temp / "sqllineage-scan" / "sqllineage_scan"
    assert (installed / "cli" / "action.py").read_bytes() == (ROOT / "sqllineage_scan" / "cli" / "action.py").read_bytes()
    assert (installed / "_bundled" / "templates").is_dir()
    assert (runner.temp / "sqllineage-scan" / "sqlglot").is_dir()


def test_the_cache_goes_by_content(api: GitHubApi, origin: Origin, tmp_path: Path) -> None:
    runner = opened(api, origin, BREAKING, tmp_path)
    runner.use(ACTION, {})
    (runner.workspace / "notes.txt").write_text("no matter")
    runner.use(ACTION, {})
    (runner.workspace / "more.sql").write_text("select 1")
    runner.use(ACTION, {})
    runner.use(ACTION, {"cache": "false"})
    keys = [used["key"] for used in runner.cached]
    assert len(keys) == 3
    assert keys[0] == keys[1] != keys[2]
    assert all(key.startswith(used["restore-keys"]) for key, used in zip(keys, runner.cached, strict=True))
    assert list(Path(runner.cached[0]["path"]).iterdir())
