"""GitLab's API as far as notes of a merge request go: https://docs.gitlab.com/api/notes/."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.integrations.loopback import Answer, Host, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_NOTE = 1_000_000


@dataclass
class Note:
    id: int
    user: int
    body: str
    system: bool = False


class GitLabApi(Host):
    def __init__(self, project: str = "shop/warehouse", merge_request: int = 3) -> None:
        super().__init__()
        self.project = project
        self.merge_request = merge_request
        self.users = {"secret": 7}
        self.job_tokens = {"job"}
        self.notes: dict[int, Note] = {}

    def say(self, user: int, body: str, *, system: bool = False) -> Note:
        number = 100 + len(self.notes)
        self.notes[number] = Note(number, user, body, system)
        return self.notes[number]

    def answer(self, request: Request) -> Answer:
        user = self.users.get(request.headers.get("private-token", ""))
        if user is None:
            return Answer(401, {"message": "401 Unauthorized"})
        path = request.path.removeprefix("/api/v4")
        if path == "/user":
            return Answer(200, {"id": user, "username": f"project_{user}_bot"})
        match = re.fullmatch(r"/projects/([^/]+)/merge_requests/(\d+)/notes(?:/(\d+))?", path)
        if not match or unquote(match[1]) != self.project or int(match[2]) != self.merge_request:
            return Answer(404, {"message": "404 Not found"})
        if match[3] is None:
            return self._list(request) if request.method == "GET" else self._create(request, user)
        return self._change(request, user, int(match[3]))

    def _list(self, request: Request) -> Answer:
        notes = sorted(self.notes.values(), key=lambda note: note.id, reverse=request.query.get("sort", "desc") == "desc")
        size, page = min(int(request.query.get("per_page", 20)), 100), int(request.query.get("page", 1))
        headers = {"X-Next-Page": ""}
        if page * size < len(notes):
            query = "&".join(f"{name}={value}" for name, value in {**request.query, "page": page + 1}.items())
            headers = {"X-Next-Page": str(page + 1), "Link": f'<{self.address}{request.path}?{query}>; rel="next"'}
        return Answer(200, [self._shown(note) for note in notes[(page - 1) * size : page * size]], headers)

    def _create(self, request: Request, user: int) -> Answer:
        return self._checked(request) or Answer(201, self._shown(self.say(user, request.body["body"])))

    def _change(self, request: Request, user: int, number: int) -> Answer:
        note = self.notes.get(number)
        if note is None:
            return Answer(404, {"message": "404 Note Not Found"})
        if note.user != user:
            return Answer(403, {"message": "403 Forbidden"})
        if request.method == "DELETE":
            del self.notes[number]
            return Answer(204)
        refused = self._checked(request)
        if refused is None:
            note.body = request.body["body"]
        return refused or Answer(200, self._shown(note))

    def _checked(self, request: Request) -> Answer | None:
        body = (request.body or {}).get("body")
        if not body:
            return Answer(400, {"error": "body is missing, body is empty"})
        if len(body) > LONGEST_NOTE:
            return Answer(400, {"message": {"note": [f"is too long (maximum is {LONGEST_NOTE} characters)"]}})
        return None

    def _shown(self, note: Note) -> Mapping[str, Any]:
        return {"id": note.id, "body": note.body, "system": note.system, "author": {"id": note.user}}
