"""GitHub, and GitHub Enterprise Server: comments on pull requests, and which pull request a commit belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqllineage_scan.errors import HostError
from sqllineage_scan.integrations.hosts import Comment
from sqllineage_scan.integrations.http import NotAllowedError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqllineage_scan.integrations.http import Connection

API = "https://api.github.com"
_NODES_AT_ONCE = 100

# REST knows neither who the token is (an installation's may not ask for /user) nor what is minimised.
_OURS = """query ($ids: [ID!]!) {
  nodes(ids: $ids) { ... on IssueComment { id viewerDidAuthor isMinimized } }
}"""
_HIDE = """mutation ($id: ID!) {
  minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) { minimizedComment { isMinimized } }
}"""


def headers(token: str) -> dict[str, str]:
    return {
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
        "Authorization": f"Bearer {token}",
    }


def graphql_address(api: str) -> str:
    """``https://api.github.com`` -> ``…/graphql``; of a GitHub Enterprise Server ``https://host/api/v3`` -> ``…/api/graphql``."""
    return api.removesuffix("/").removesuffix("/v3") + "/graphql"


@dataclass(frozen=True, slots=True)
class PullRequest:
    number: int
    head: str
    base: str


@dataclass(frozen=True, slots=True)
class GitHub:
    """A repository (``owner/name``) as a token sees it. ``graphql`` is the address that answers GraphQL."""

    connection: Connection
    repository: str
    graphql: str

    def pull_request(self, number: int) -> PullRequest:
        return _pull_request(self.connection.ask("GET", f"/repos/{self.repository}/pulls/{number}"))

    def pull_requests_of(self, head: str, owner: str = "", branch: str = "") -> list[PullRequest]:
        """Open pull requests into this repository whose head is that very commit.

        GitHub does not list a fork's pull request by its commit, since the commit is another repository's: it is found
        by the fork's ``owner`` and ``branch``.
        """
        found = self._listed(f"/repos/{self.repository}/commits/{head}/pulls", {})
        if owner and branch:
            found += self._listed(f"/repos/{self.repository}/pulls", {"head": f"{owner}:{branch}"})
        of_head = {
            item["number"]: _pull_request(item)
            for item in found
            if item["state"] == "open" and item["head"]["sha"] == head and self._is_here(item)
        }
        return [of_head[number] for number in sorted(of_head)]

    def _is_here(self, item: Mapping[str, Any]) -> bool:
        return str(item["base"]["repo"]["full_name"]).lower() == self.repository.lower()

    def _listed(self, path: str, query: Mapping[str, Any]) -> list[Any]:
        try:
            return list(self.connection.pages(path, {"state": "open", **query}))
        except NotFoundError:
            return []
        except HostError as error:
            if "No commit found" in str(error):  # 422: a commit that only the fork has
                return []
            raise

    def discussion(self, number: int) -> GitHubDiscussion:
        return GitHubDiscussion(self, number)

    def ask_graphql(self, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is asked here does no harm when it is asked twice."""
        answer = self.connection.ask("POST", self.graphql, body={"query": query, "variables": dict(variables)})
        errors = answer.get("errors") or []
        for error in errors:  # with status 200
            kind = NotAllowedError if error.get("type") in ("FORBIDDEN", "INSUFFICIENT_SCOPES") else HostError
            raise kind(f"{self.connection.name}: {error.get('message', 'GraphQL error')}")
        data: Mapping[str, Any] = answer.get("data") or {}
        return data


@dataclass(frozen=True, slots=True)
class GitHubDiscussion:
    host: GitHub
    number: int
    longest: int = 65_536
    hides: bool = True

    def own(self, marker: str) -> Sequence[Comment]:
        path = f"/repos/{self.host.repository}/issues/{self.number}/comments"
        marked = {
            item["node_id"]: Comment(str(item["id"]), item["body"], item["html_url"])
            for item in self.host.connection.pages(path, {})
            if (item.get("body") or "").startswith(marker)
        }
        nodes: list[Any] = []
        ids = list(marked)
        for first in range(0, len(ids), _NODES_AT_ONCE):
            asked = self.host.ask_graphql(_OURS, {"ids": ids[first : first + _NODES_AT_ONCE]})
            nodes += asked.get("nodes") or []
        ours = {node["id"] for node in nodes if node and node.get("viewerDidAuthor") and not node.get("isMinimized")}
        return [comment for node, comment in marked.items() if node in ours]

    def create(self, body: str) -> Comment:
        path = f"/repos/{self.host.repository}/issues/{self.number}/comments"
        return _comment(self.host.connection.ask("POST", path, body={"body": body}, again=False))

    def update(self, comment: Comment, body: str) -> Comment:
        return _comment(self.host.connection.ask("PATCH", self._path(comment), body={"body": body}))

    def delete(self, comment: Comment) -> None:
        try:
            self.host.connection.ask("DELETE", self._path(comment))
        except NotFoundError:  # it is gone: by a person, or by a first try whose answer got lost
            return

    def hide(self, comment: Comment) -> None:
        node = self.host.connection.ask("GET", self._path(comment))["node_id"]
        self.host.ask_graphql(_HIDE, {"id": node})

    def _path(self, comment: Comment) -> str:
        return f"/repos/{self.host.repository}/issues/comments/{comment.id}"


def _comment(item: Mapping[str, Any]) -> Comment:
    return Comment(str(item["id"]), item["body"], item["html_url"])


def _pull_request(item: Mapping[str, Any]) -> PullRequest:
    return PullRequest(item["number"], item["head"]["sha"], item["base"]["sha"])
