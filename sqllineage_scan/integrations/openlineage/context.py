"""Whose run a run is part of: what orchestrators and CI leave in the environment.

OPENLINEAGE_PARENT_ID     namespace/name/run id, as dbt-ol and Airflow's provider have it
TRACEPARENT               W3C Trace Context: 00-<trace id>-<span id>-<flags>
GITHUB_RUN_ID, CI_PIPELINE_ID, BUILD_TAG      the run of GitHub Actions, GitLab CI, Jenkins
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

if TYPE_CHECKING:
    from collections.abc import Mapping

PARENT = "OPENLINEAGE_PARENT_ID"
ROOT_PARENT = "OPENLINEAGE_ROOT_PARENT_ID"
_TRACE = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?P<trace>(?!0{32})[0-9a-f]{32})-(?P<span>(?!0{16})[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})(-.*)?"
)


class RunOf(NamedTuple):
    namespace: str
    name: str
    run_id: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}/{self.run_id}"


class Trace(NamedTuple):
    trace_id: str
    span_id: str
    flags: str


def parent_of(environment: Mapping[str, str], key: str = PARENT) -> RunOf | None:
    """The parent that is named, else the run of the CI, whose id is made of what the CI calls it."""
    named = _read(environment.get(key, ""))
    return named or (_ci(environment) if key == PARENT else None)


def _read(text: str) -> RunOf | None:
    """A namespace may have slashes: postgres://host."""
    head, _, run = text.strip().rpartition("/")
    namespace, _, name = head.rpartition("/")
    try:
        return RunOf(namespace, name, str(UUID(run))) if namespace and name else None
    except ValueError:
        return None


def _ci(environment: Mapping[str, str]) -> RunOf | None:
    def said(*keys: str) -> str:
        return "/".join(value for key in keys if (value := environment.get(key, "")))

    if said("GITHUB_RUN_ID"):
        run = said("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT")
        return RunOf(said("GITHUB_REPOSITORY") or "github", said("GITHUB_WORKFLOW") or "workflow", _id(run))
    if said("CI_PIPELINE_ID"):
        run = said("CI_SERVER_URL", "CI_PROJECT_PATH", "CI_PIPELINE_ID")
        return RunOf(said("CI_PROJECT_PATH") or "gitlab", said("CI_PIPELINE_NAME") or "pipeline", _id(run))
    if said("BUILD_TAG", "JENKINS_URL"):
        return RunOf("jenkins", said("JOB_NAME") or "job", _id(said("JENKINS_URL", "BUILD_TAG")))
    return None


def _id(text: str) -> str:
    return str(uuid5(NAMESPACE_URL, text))


def trace_of(environment: Mapping[str, str]) -> Trace | None:
    """None where there is none, or none that the standard calls valid (w3.org/TR/trace-context, 3.2)."""
    found = _TRACE.fullmatch(environment.get("TRACEPARENT", "").strip())
    return Trace(found["trace"], found["span"], found["flags"]) if found else None
