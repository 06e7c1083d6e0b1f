"""GitLab: notes of a merge request. It cannot hide a note, so a note is updated or made anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqllineage_scan.errors import HostError
from sqllineage_scan.integrations.hosts import Comment
from sqllineage_scan.integrations.http import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqllineage_scan.integrations.http import Connection


def headers(token: str) -> dict[str, str]:
    """Of a personal, project or group access token. A job's own token may not write notes."""
    return {"PRIVATE-TOKEN": token}


@dataclass(frozen=True, slots=True)
class GitLabDiscussion:
    """The notes of merge request ``number`` (its ``iid``) in ``project``, an id or a path (``group/name``)."""

    connection: Connection
    project: str
    number: int
    page: str = ""
    """Address of the merge request for people; notes have none of their own in the API."""
    longest: int = 1_000_000
    hides: bool = field(default=False, init=False)

    def own(self, marker: str) -> Sequence[Comment]:
        marked = [
            item
            for item in self.connection.pages(self._notes(), {"sort": "asc", "order_by": "created_at"})
            if not item.get("system") and (item.get("body") or "").startswith(marker)
        ]
        if not marked:
            return []
        we = self.connection.ask("GET", "user")["id"]
        return [self._comment(item) for item in marked if item["author"]["id"] == we]

    def create(self, body: str) -> Comment:
        return self._comment(self.connection.ask("POST", self._notes(), body={"body": body}, again=False))

    def update(self, comment: Comment, body: str) -> Comment:
        return self._comment(self.connection.ask("PUT", f"{self._notes()}/{comment.id}", body={"body": body}))

    def delete(self, comment: Comment) -> None:
        try:
            self.connection.ask("DELETE", f"{self._notes()}/{comment.id}")
        except NotFoundError:
            return

    def hide(self, comment: Comment) -> None:
        raise HostError(f"GitLab cannot hide note {comment.id}")

    def _notes(self) -> str:
        return f"projects/{quote(self.project, safe='')}/merge_requests/{self.number}/notes"

    def _comment(self, item: Mapping[str, Any]) -> Comment:
        return Comment(str(item["id"]), item["body"], f"{self.page}#note_{item['id']}" if self.page else "")
