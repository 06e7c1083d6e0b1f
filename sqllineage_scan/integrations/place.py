"""Where a comment goes: which pull request of which repository, as the CI's environment and the command line say.

The report itself is never asked: that of a fork's run is written by whoever made the pull request.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqllineage_scan.errors import HostError, UsageError
from sqllineage_scan.integrations.hosts import github, gitlab
from sqllineage_scan.integrations.http import Connection
from sqllineage_scan.integrations.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqllineage_scan.integrations.hosts import Discussion
    from sqllineage_scan.integrations.hosts.github import GitHub, PullRequest
    from sqllineage_scan.integrations.http import Patience

HOSTS = ("github", "gitlab")


class NoPullRequestError(HostError):
    """What runs here runs for no pull request, or for one that has moved on since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line says; empty for what it leaves to the environment."""

    host: str = ""
    repository: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A pull request's discussion. ``blob``: address of a file, ``{revision}``, ``{path}`` and ``{line}`` to be filled in."""

    discussion: Discussion
    number: int
    head: str
    base: str
    blob: str
    run: str = ""
    """Address of the run, where the summary is read; empty where it is not known."""


@contextmanager
def place(wanted: Wanted, environment: Mapping[str, str], patience: Patience | None = None) -> Iterator[Place]:
    """The discussion, connected. A host that refuses is a ``HostError``, no pull request a ``NoPullRequestError``."""
    host = wanted.host or ("gitlab" if environment.get("GITLAB_CI") else "github")
    if host not in HOSTS:
        raise UsageError(f"no code host is called {host!r}; known are {', '.join(HOSTS)}")
    opened = _github if host == "github" else _gitlab
    with opened(wanted, environment, patience) as found:
        yield found


@contextmanager
def _github(wanted: Wanted, environment: Mapping[str, str], patience: Patience | None) -> Iterator[Place]:
    runner = Runner.of(environment)
    repository = wanted.repository or environment.get("GITHUB_REPOSITORY", "")
    if repository.count("/") != 1:
        raise UsageError("which repository? Give --repository owner/name, or set GITHUB_REPOSITORY")
    token = _token(environment, "GITHUB_TOKEN", "GH_TOKEN")
    api = environment.get("GITHUB_API_URL") or github.API
    server = environment.get("GITHUB_SERVER_URL") or "https://github.com"
    with Connection(api, github.headers(token), patience) as connection:
        host = github.GitHub(connection, repository, environment.get("GITHUB_GRAPHQL_URL") or github.graphql_address(api))
        pull = _pull_request(host, runner, wanted.number)
        yield Place(
            discussion=host.discussion(pull.number),
            number=pull.number,
            head=pull.head,
            base=pull.base,
            blob=f"{server}/{repository}/blob/{{revision}}/{{path}}#L{{line}}",
            run="" if runner is None else runner.run_url,
        )


def _pull_request(host: GitHub, runner: Runner | None, number: int | None) -> PullRequest:
    """From the option, else from the event, else through the API by the commit that the event is about."""
    if number is not None:
        return host.pull_request(number)
    if runner is None:
        raise UsageError("which pull request? Give --pull-request")
    of_event = runner.pull_request()
    if of_event is not None:
        return github.PullRequest(of_event.number, of_event.head, of_event.base)
    finished = runner.finished_run()
    if finished is not None:
        found = host.pull_requests_of(finished.head, finished.owner, finished.branch)
        commit = finished.head
    elif runner.event_name == "push":
        found, commit = host.pull_requests_of(runner.sha), runner.sha
    else:
        raise NoPullRequestError(f"the event {runner.event_name} is about no pull request")
    if not found:
        raise NoPullRequestError(f"no open pull request has the head {commit[:12]} (it may have moved on)")
    if len(found) > 1:
        numbers = ", ".join(f"#{pull.number}" for pull in found)
        raise NoPullRequestError(f"several pull requests have the head {commit[:12]}: {numbers}; say which by --pull-request")
    return found[0]


@contextmanager
def _gitlab(wanted: Wanted, environment: Mapping[str, str], patience: Patience | None) -> Iterator[Place]:
    project = wanted.repository or environment.get("CI_MERGE_REQUEST_PROJECT_PATH") or environment.get("CI_PROJECT_PATH", "")
    number = wanted.number or _number(environment.get("CI_MERGE_REQUEST_IID", ""))
    if not project:
        raise UsageError("which project? Give --repository group/name, or set CI_PROJECT_PATH")
    if number is None:
        if environment.get("GITLAB_CI"):
            raise NoPullRequestError("this pipeline is for no merge request (its job needs `rules: merge_request_event`)")
        raise UsageError("which merge request? Give --pull-request")
    server = environment.get("CI_SERVER_URL") or "https://gitlab.com"
    source = environment.get("CI_MERGE_REQUEST_SOURCE_PROJECT_URL") or f"{server}/{project}"
    api = environment.get("CI_API_V4_URL") or f"{server}/api/v4"
    with Connection(api, gitlab.headers(_token(environment, "GITLAB_TOKEN")), patience) as connection:
        yield Place(
            discussion=gitlab.GitLabDiscussion(connection, project, number, f"{server}/{project}/-/merge_requests/{number}"),
            number=number,
            head=environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environment.get("CI_COMMIT_SHA", ""),
            base=environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", ""),
            blob=f"{source}/-/blob/{{revision}}/{{path}}#L{{line}}",
            run=environment.get("CI_JOB_URL", ""),
        )


def _token(environment: Mapping[str, str], *names: str) -> str:
    """Only from the environment: what stands in a command line everybody on the machine may read."""
    token = next((environment[name].strip() for name in names if environment.get(name, "").strip()), "")
    if not token:
        raise UsageError(f"no token to comment with; set {' or '.join(names)}")
    return token


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
