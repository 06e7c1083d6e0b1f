"""A GitHub Actions runner as its environment variables describe it: the event, and the files that a step may write.

https://docs.github.com/actions/reference/workflows-and-actions/variables
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_SUMMARY = 1024 * 1024
"""Bytes of a step's summary; of a longer one nothing is shown at all."""
_REVISION = re.compile(r"[0-9a-f]{40,64}")
_NO_COMMIT = re.compile(r"0+")  # `before` of a push that makes a branch


@dataclass(frozen=True, slots=True)
class Runner:
    """``event`` is the webhook's payload; ``repository`` is ``owner/name``."""

    event_name: str
    event: Mapping[str, Any]
    repository: str
    server: str
    api: str
    graphql: str
    sha: str
    run: str
    output: Path | None = None
    summary: Path | None = None

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Runner | None:
        """None outside of GitHub Actions."""
        if environment.get("GITHUB_ACTIONS") != "true":
            return None
        return cls(
            event_name=environment.get("GITHUB_EVENT_NAME", ""),
            event=_event(environment.get("GITHUB_EVENT_PATH", "")),
            repository=environment.get("GITHUB_REPOSITORY", ""),
            server=environment.get("GITHUB_SERVER_URL", "https://github.com"),
            api=environment.get("GITHUB_API_URL", ""),
            graphql=environment.get("GITHUB_GRAPHQL_URL", ""),
            sha=environment.get("GITHUB_SHA", ""),
            run=environment.get("GITHUB_RUN_ID", ""),
            output=_path(environment.get("GITHUB_OUTPUT", "")),
            summary=_path(environment.get("GITHUB_STEP_SUMMARY", "")),
        )

    @property
    def run_url(self) -> str:
        return f"{self.server}/{self.repository}/actions/runs/{self.run}" if self.run else ""

    def pull_request(self) -> EventPullRequest | None:
        """The pull request that the event is about; None where it is about none."""
        found = self.event.get("pull_request")
        if not isinstance(found, dict):
            return None
        head, base = found["head"], found["base"]
        return EventPullRequest(found["number"], head["sha"], base["sha"], head.get("ref") or "", base.get("ref") or "")

    def finished_run(self) -> FinishedRun | None:
        """Of the event ``workflow_run``: the run that made the report, if that was about a pull request."""
        found = self.event.get("workflow_run")
        if self.event_name != "workflow_run" or not isinstance(found, dict) or found.get("event") != "pull_request":
            return None
        repository = found.get("head_repository") or {}  # null once the fork is deleted
        owner = (repository.get("owner") or {}).get("login", "")
        return FinishedRun(found["head_sha"], owner, found.get("head_branch") or "")

    def commit_before(self) -> str:
        """Of a push: what the branch was at before; empty where that is not known."""
        before = str(self.event.get("before") or "")
        return before if _REVISION.fullmatch(before) and not _NO_COMMIT.fullmatch(before) else ""

    def set_outputs(self, values: Mapping[str, str]) -> None:
        """Outputs of this step. The delimiter is random, so that no value can end itself and begin another output."""
        if self.output is None:
            return
        with self.output.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as out:
            for name, value in values.items():
                delimiter = f"end_{token_hex(16)}"
                out.write(f"{name}<<{delimiter}\n{value}\n{delimiter}\n")

    def room_for_summary(self) -> int:
        """Bytes that are left in this step's summary."""
        if self.summary is None:
            return 0
        return LONGEST_SUMMARY - (self.summary.stat().st_size if self.summary.exists() else 0)

    def add_summary(self, text: str) -> None:
        if self.summary is not None:
            with self.summary.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as out:
                out.write(text)


@dataclass(frozen=True, slots=True)
class EventPullRequest:
    """``head`` and ``base`` are commits."""

    number: int
    head: str
    base: str
    branch: str
    base_branch: str


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """``head``: the commit that it ran for; ``owner`` and ``branch`` of that commit, in whichever repository."""

    head: str
    owner: str
    branch: str


def _path(name: str) -> Path | None:
    return Path(name) if name else None


def _event(name: str) -> Mapping[str, Any]:
    if not name:
        return {}
    try:
        event = json.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read the event in {name} (GITHUB_EVENT_PATH): {error}") from error
    return event if isinstance(event, dict) else {}
