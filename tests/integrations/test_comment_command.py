"""``comment``: the report is anybody's, the place is the CI's, and the job is never failed by the host."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.cli.shell.application import run
from sqllineage_scan.integrations.sticky import marker
from tests.integrations.actions_runner import environment_file
from tests.integrations.github_api import GitHubApi
from tests.integrations.gitlab_api import GitLabApi
from tests.integrations.loopback import Answer, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

REPORT = Path(__file__).parents[1] / "outputs" / "changes" / "sample.diff.json"
HEAD, BASE = "a" * 40, "b" * 40
MARK = marker("default")


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubApi]:
    api = GitHubApi()
    api.pull(7, head=HEAD, base=BASE)
    api.token("ours")
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITLAB_TOKEN", "GITLAB_CI", "GITHUB_ACTIONS", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    with serving(api) as address:
        monkeypatch.setenv("GITHUB_API_URL", address)
        yield api


@pytest.fixture
def job(api: GitHubApi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A job of GitHub Actions for an event."""

    def of(name: str, event: dict, token: str = "ours") -> Path:
        variables = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_TOKEN": token,
            "GITHUB_REPOSITORY": api.repository,
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": tmp_path / "event.json",
            "GITHUB_OUTPUT": tmp_path / "output",
            "GITHUB_STEP_SUMMARY": tmp_path / "summary.md",
            "GITHUB_RUN_ID": "99",
            "GITHUB_SHA": HEAD,
        }
        (tmp_path / "event.json").write_text(json.dumps(event))
        for variable, value in variables.items():
            monkeypatch.setenv(variable, str(value))
        return tmp_path

    return of


PULL = {"pull_request": {"number": 7, "head": {"sha": HEAD}, "base": {"sha": BASE}}}


def finished(head: str = HEAD, owner: str = "shop", event: str = "pull_request") -> dict:
    repository = {"owner": {"login": owner}, "full_name": f"{owner}/warehouse"}
    found = {"event": event, "head_sha": head, "head_branch": "feature", "head_repository": repository, "pull_requests": []}
    return {"workflow_run": found}


def test_the_comment_of_a_pull_request(api: GitHubApi, job, capsys) -> None:
    files = job("pull_request", PULL)
    assert run(["comment", str(REPORT)]) == 0
    (comment,) = api.discussion(7)
    assert comment.body.startswith(MARK)
    assert "dw.stg_orders.amount" in comment.body
    assert f"https://github.com/shop/warehouse/blob/{HEAD}/models/fct_revenue.sql#L31" in comment.body
    assert f"https://github.com/shop/warehouse/blob/{BASE}/models/stg_orders.sql#L14" in comment.body, "a column that is gone"
    assert dict(environment_file((files / "output").read_text())) == {"comment-id": str(comment.id)}
    assert "dw.stg_orders.amount" in (files / "summary.md").read_text()
    printed = capsys.readouterr()
    assert printed.err == f"comment created: https://github.com/shop/warehouse/pull/7#issuecomment-{comment.id}\n"
    assert run(["comment", str(REPORT), "--no-step-summary", "--quiet"]) == 0
    assert len(api.discussion(7)) == 1
    assert capsys.readouterr().err == ""


def test_a_fork_fails_nothing(api: GitHubApi, job, capsys) -> None:
    api.token("fork", writes=False)
    files = job("pull_request", PULL, token="fork")
    assert run(["comment", str(REPORT)]) == 0
    assert api.discussion(7) == []
    printed = capsys.readouterr()
    assert printed.out.startswith(
        "::warning title=Lineage comment not posted::127.0.0.1: 403 Resource not accessible by integration"
    )
    assert "dw.stg_orders.amount" in (files / "summary.md").read_text()
    assert not (files / "output").exists()
    assert run(["comment", str(REPORT), "--strict"]) == 1


@pytest.mark.parametrize("status", [401, 404, 410, 422])
def test_whatever_the_host_says_the_job_goes_on(api: GitHubApi, job, capsys, status: int) -> None:
    job("pull_request", PULL)
    api.fail(9, Answer(status, {"message": "not today\n::error::planted"}))
    assert run(["comment", str(REPORT)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line == f"::warning title=Lineage comment not posted::127.0.0.1: {status} not today ::error::planted"


def test_another_workflow_finds_the_pull_request_by_its_head(api: GitHubApi, job, capsys) -> None:
    """Not by the artifact, which whoever made the pull request has written."""
    api.pull(8, head="c" * 40, base=BASE, fork="someone/warehouse")
    job("workflow_run", finished("c" * 40, "someone"))
    assert run(["comment", str(REPORT)]) == 0
    assert [comment.pull for comment in api.comments.values()] == [8]
    assert "/blob/" + "c" * 40 in api.discussion(8)[0].body


@pytest.mark.parametrize(
    ("name", "event", "said"),
    [
        ("workflow_run", finished("d" * 40, "someone"), "no open pull request has the head dddddddddddd (it may have moved on)"),
        ("workflow_run", finished(event="push"), "the event workflow_run is about no pull request"),
        ("schedule", {}, "the event schedule is about no pull request"),
    ],
)
def test_no_pull_request_is_no_trouble(api: GitHubApi, job, capsys, *, name: str, event: dict, said: str) -> None:
    job(name, event)
    assert run(["comment", str(REPORT), "--strict"]) == 0
    assert api.comments == {}
    assert capsys.readouterr().err == f"no comment: {said}\n"


def test_two_pull_requests_of_one_head(api: GitHubApi, job, capsys) -> None:
    api.pull(8, head=HEAD, base=BASE)
    job("workflow_run", finished())
    assert run(["comment", str(REPORT)]) == 0
    assert "several pull requests have the head aaaaaaaaaaaa: #7, #8; say which by --pull-request" in capsys.readouterr().err
    assert run(["comment", str(REPORT), "--pull-request", "8"]) == 0
    assert [comment.pull for comment in api.comments.values()] == [8]


def test_a_push_comments_on_its_branchs_pull_request(api: GitHubApi, job) -> None:
    job("push", {"before": "0" * 40, "after": HEAD})
    assert run(["comment", str(REPORT)]) == 0
    assert [comment.pull for comment in api.comments.values()] == [7]


def test_by_hand(api: GitHubApi, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("GH_TOKEN", "ours")
    assert run(["comment", str(REPORT), "--repository", "shop/warehouse", "--pull-request", "7", "--key", "nightly/2"]) == 0
    assert api.discussion(7)[0].body.startswith("<!-- sqllineage-scan comment=nightly/2 -->\n")


def test_a_dry_run_prints_and_asks_nobody(api: GitHubApi, job, capsys) -> None:
    files = job("pull_request", PULL)
    assert run(["comment", str(REPORT), "--dry-run"]) == 0
    assert "dw.stg_orders.amount" in capsys.readouterr().out
    assert api.asked == []
    assert not (files / "summary.md").exists()


def test_nothing_changed(api: GitHubApi, job, tmp_path: Path, capsys) -> None:
    job("pull_request", PULL)
    document = {**json.loads(REPORT.read_text()), "changes": [], "findings": [], "verdict": "safe", "stale_acknowledgements": []}
    quiet = tmp_path / "quiet.json"
    quiet.write_text(json.dumps(document))
    assert run(["comment", str(quiet)]) == 0
    assert api.comments == {}
    assert capsys.readouterr().err == "nothing changed, and there is no comment on #7\n"
    run(["comment", str(REPORT)])
    run(["comment", str(quiet)])
    (comment,) = api.discussion(7)
    assert "dw.stg_orders.amount" not in comment.body


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a report: no JSON (Expecting value"),
        (b"\xff\xfe", "not a report: no UTF-8 text"),
        (b"[" * 100_000, "not a report: no JSON"),
        (b"9" * 5000, "not a report: no JSON"),
        (b"[]", "not a diff document"),
        (b'{"schema_version": "9.0"}', "schema_version is '9.0'; this version of sqllineage-scan reads 1.x"),
        (b'{"confidence": NaN}', "not a report: no JSON (NaN is no number)"),
    ],
)
def test_what_is_no_report_is_misuse(api: GitHubApi, job, tmp_path: Path, capsys, *, content: bytes, said: str) -> None:
    job("pull_request", PULL)
    (tmp_path / "report.json").write_bytes(content)
    assert run(["comment", str(tmp_path / "report.json")]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.err.count("\n") == 1
    assert api.asked == []


def test_a_report_that_is_too_large(api: GitHubApi, job, tmp_path: Path, capsys) -> None:
    job("pull_request", PULL)
    with (tmp_path / "report.json").open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    assert run(["comment", str(tmp_path / "report.json")]) == 2
    assert "more than 64 MB is no report" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "which repository? Give --repository owner/name, or set GITHUB_REPOSITORY"),
        (["--repository", "shop/warehouse"], "no token to comment with; set GITHUB_TOKEN or GH_TOKEN"),
        (["--host", "gitea"], "no code host is called 'gitea'; known are github, gitlab"),
        (["--host", "gitlab"], "which project? Give --repository group/name, or set CI_PROJECT_PATH"),
        (["--key", "a -->"], "'a -->' is no key of a comment"),
    ],
)
def test_misuse(api: GitHubApi, capsys, arguments: list[str], said: str) -> None:
    assert run(["comment", str(REPORT), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_token_is_never_printed(api: GitHubApi, job, capsys) -> None:
    for token in ("wrong-secret", "wrong-\x00secret", "wrong-sécret"):
        job("pull_request", PULL, token=token.replace("\x00", "\x01"))
        run(["comment", str(REPORT)])
        printed = capsys.readouterr()
        assert printed.out + printed.err
        assert "secret" not in printed.out + printed.err
        assert "cret" not in printed.out + printed.err


def test_a_merge_request_of_gitlab(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    api = GitLabApi()
    with serving(api) as address:
        for name, value in {
            "GITLAB_CI": "true",
            "GITLAB_TOKEN": "secret",
            "CI_API_V4_URL": f"{address}/api/v4",
            "CI_SERVER_URL": "https://gitlab.com",
            "CI_PROJECT_PATH": "shop/warehouse",
            "CI_MERGE_REQUEST_IID": "3",
            "CI_COMMIT_SHA": HEAD,
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": BASE,
        }.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
        assert run(["comment", str(REPORT)]) == 0
        (note,) = api.notes.values()
        assert f"https://gitlab.com/shop/warehouse/-/blob/{HEAD}/models/fct_revenue.sql#L31" in note.body
        assert capsys.readouterr().err == (
            f"comment created: https://gitlab.com/shop/warehouse/-/merge_requests/3#note_{note.id}\n"
        )
        monkeypatch.delenv("CI_MERGE_REQUEST_IID")
        assert run(["comment", str(REPORT)]) == 0
        assert "this pipeline is for no merge request" in capsys.readouterr().err


def test_other_commands_load_no_client(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("create table t (id int)")
    for words in (["scan", "-o", "-"], ["show", "t"], ["diff", "--help"]):
        script = (
            f"import sys; from sqllineage_scan.cli.shell.application import run; run({words!r}); sys.exit('httpx' in sys.modules)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=tmp_path, check=False, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, words
