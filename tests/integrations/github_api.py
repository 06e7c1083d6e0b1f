"""GitHub's API as far as comments go, with its limits: what it refuses, it refuses here in the same words.

REST: https://docs.github.com/rest/issues/comments, …/rest/pulls/pulls, …/rest/commits/commits. GraphQL runs on graphql-core
over an excerpt of the public schema, so that a query that GitHub would not understand is not understood here either.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import build_schema, graphql_sync

from tests.integrations.loopback import Answer, Host, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_BODY = 65_536  # characters
CONTENT_A_MINUTE = 80  # requests that make content, before the secondary limit
REQUESTS_AN_HOUR = 1000  # of an Actions token in a repository

SCHEMA = build_schema("""
interface Node { id: ID! }
interface Actor { login: String! }
interface Minimizable { isMinimized: Boolean! minimizedReason: String viewerCanMinimize: Boolean! }
type User implements Node & Actor { id: ID! login: String! }
type IssueComment implements Node & Minimizable {
  id: ID! databaseId: Int body: String! author: Actor viewerDidAuthor: Boolean!
  isMinimized: Boolean! minimizedReason: String viewerCanMinimize: Boolean!
}
enum ReportedContentClassifiers { ABUSE DUPLICATE OFF_TOPIC OUTDATED RESOLVED SPAM }
input MinimizeCommentInput { classifier: ReportedContentClassifiers! clientMutationId: String subjectId: ID! }
type MinimizeCommentPayload { clientMutationId: String minimizedComment: Minimizable }
type Query { viewer: User! node(id: ID!): Node nodes(ids: [ID!]!): [Node]! }
type Mutation { minimizeComment(input: MinimizeCommentInput!): MinimizeCommentPayload }
""")


@dataclass
class Token:
    login: str
    writes: bool = True
    installation: bool = True  # of an app, GITHUB_TOKEN for one: may not ask who it is


@dataclass
class StoredComment:
    id: int
    pull: int
    login: str
    body: str
    minimized: bool = False

    @property
    def node_id(self) -> str:
        return "IC_" + base64.b64encode(str(self.id).encode()).decode().rstrip("=")


@dataclass
class Pull:
    number: int
    head: str
    base: str
    head_repository: str
    branch: str = "feature"
    state: str = "open"


class Refused(Exception):  # noqa: N818, it is an answer
    def __init__(
        self, status: int, message: str, errors: list[Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        body: dict[str, Any] = {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(status)}
        if errors:
            body["errors"] = errors
        self.answer = Answer(status, body, headers or {})


class GitHubApi(Host):
    def __init__(self, repository: str = "shop/warehouse") -> None:
        super().__init__()
        self.repository = repository
        self.tokens: dict[str, Token] = {}
        self.comments: dict[int, StoredComment] = {}
        self.pulls: dict[int, Pull] = {}
        self.made: list[float] = []
        self.spent: dict[str, int] = {}
        self.hour = self.now
        self._last = 1000

    # what tests put there and look at

    def token(self, name: str, login: str = "github-actions[bot]", *, writes: bool = True) -> str:
        self.tokens[name] = Token(login, writes=writes, installation=login.endswith("[bot]"))
        return name

    def pull(self, number: int, head: str, base: str = "b" * 40, fork: str = "", branch: str = "feature") -> Pull:
        self.pulls[number] = Pull(number, head, base, fork or self.repository, branch)
        return self.pulls[number]

    def say(self, pull: int, login: str, body: str, *, minimized: bool = False) -> StoredComment:
        self._last += 1
        self.comments[self._last] = StoredComment(self._last, pull, login, body, minimized)
        return self.comments[self._last]

    def discussion(self, pull: int) -> list[StoredComment]:
        return [comment for comment in self.comments.values() if comment.pull == pull]

    # how it answers

    def answer(self, request: Request) -> Answer:
        try:
            token = self._authenticated(request)
            self._spend(request.headers["authorization"])
            if request.path == "/graphql":
                return self._graphql(request.body, token)
            return self._rest(request, token)
        except Refused as refused:
            return refused.answer

    def _authenticated(self, request: Request) -> Token:
        if not request.headers.get("user-agent"):
            raise Refused(403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header")
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        if not secret:
            raise Refused(401, "Requires authentication")
        token = self.tokens.get(secret)
        if scheme.lower() not in ("bearer", "token") or token is None:
            raise Refused(401, "Bad credentials")
        return token

    def _spend(self, secret: str) -> None:
        if self.now - self.hour >= 3600:
            self.hour, self.spent = self.now, {}
        self.spent[secret] = self.spent.get(secret, 0) + 1
        if self.spent[secret] > REQUESTS_AN_HOUR:
            headers = {"x-ratelimit-limit": "1000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(self.hour) + 3600)}
            raise Refused(403, "API rate limit exceeded for installation.", headers=headers)

    def _rest(self, request: Request, token: Token) -> Answer:
        prefix = f"/repos/{self.repository}"
        if not request.path.lower().startswith(prefix.lower() + "/"):
            raise Refused(404, "Not Found")
        path = request.path[len(prefix) :]
        routes = {
            ("GET", r"/issues/(\d+)/comments"): self._list,
            ("POST", r"/issues/(\d+)/comments"): self._create,
            ("GET", r"/issues/comments/(\d+)"): self._get,
            ("PATCH", r"/issues/comments/(\d+)"): self._update,
            ("DELETE", r"/issues/comments/(\d+)"): self._delete,
            ("GET", r"/pulls"): self._pulls,
            ("GET", r"/pulls/(\d+)"): self._pull,
            ("GET", r"/commits/([0-9a-f]+)/pulls"): self._pulls_of_commit,
        }
        for (method, pattern), handle in routes.items():
            match = re.fullmatch(pattern, path)
            if match and method == request.method:
                return handle(request, token, *match.groups())
        raise Refused(404, "Not Found")

    def _list(self, request: Request, token: Token, number: str) -> Answer:
        self._existing(number)
        return self._page(request, [self._shown(comment) for comment in self.discussion(int(number))])

    def _create(self, request: Request, token: Token, number: str) -> Answer:
        self._existing(number)
        self._may_write(token)
        body = self._body(request)
        self._limit_content()
        comment = self.say(int(number), token.login, body)
        return Answer(
            201, self._shown(comment), {"Location": f"{self.address}/repos/{self.repository}/issues/comments/{comment.id}"}
        )

    def _get(self, request: Request, token: Token, number: str) -> Answer:
        return Answer(200, self._shown(self._comment(number)))

    def _update(self, request: Request, token: Token, number: str) -> Answer:
        comment = self._comment(number)
        self._may_write(token)
        comment.body = self._body(request)
        self._limit_content()
        return Answer(200, self._shown(comment))

    def _delete(self, request: Request, token: Token, number: str) -> Answer:
        comment = self._comment(number)
        self._may_write(token)
        del self.comments[comment.id]
        return Answer(204)

    def _pull(self, request: Request, token: Token, number: str) -> Answer:
        self._existing(number)
        return Answer(200, self._shown_pull(self.pulls[int(number)]))

    def _pulls(self, request: Request, token: Token) -> Answer:
        state = request.query.get("state", "open")
        owner, _, branch = request.query.get("head", "").partition(":")
        found = [
            pull
            for pull in self.pulls.values()
            if state in ("all", pull.state)
            and (not owner or (pull.head_repository.partition("/")[0] == owner and pull.branch == branch))
        ]
        return self._page(request, [self._shown_pull(pull) for pull in found])

    def _pulls_of_commit(self, request: Request, token: Token, commit: str) -> Answer:
        """Pull requests whose commit this repository has; of a fork's commits it knows nothing."""
        ours = [pull for pull in self.pulls.values() if pull.head_repository == self.repository]
        if not any(commit == pull.head for pull in ours):
            raise Refused(422, f"No commit found for SHA: {commit}")
        return self._page(request, [self._shown_pull(pull) for pull in ours if pull.head == commit])

    def _page(self, request: Request, items: list[Any]) -> Answer:
        size = min(int(request.query.get("per_page", 30)), 100)
        page = int(request.query.get("page", 1))
        last = max(-(-len(items) // size), 1)

        def link(number: int, relation: str) -> str:
            query = "&".join(f"{name}={value}" for name, value in {**request.query, "page": number}.items())
            return f'<{self.address}{request.path}?{query}>; rel="{relation}"'

        links = [link(page - 1, "prev"), link(1, "first")] if page > 1 else []
        links += [link(page + 1, "next"), link(last, "last")] if page < last else []
        return Answer(200, items[(page - 1) * size : page * size], {"Link": ", ".join(links)} if links else {})

    def _existing(self, number: str) -> None:
        if int(number) not in self.pulls:
            raise Refused(404, "Not Found")

    def _comment(self, number: str) -> StoredComment:
        if int(number) not in self.comments:
            raise Refused(404, "Not Found")
        return self.comments[int(number)]

    def _may_write(self, token: Token) -> None:
        if not token.writes:
            raise Refused(403, "Resource not accessible by integration")

    def _body(self, request: Request) -> str:
        body = (request.body or {}).get("body")
        if not isinstance(body, str):
            raise Refused(422, 'Invalid request.\n\n"body" wasn\'t supplied.')
        if not body.strip():
            raise Refused(422, "Validation Failed", [self._fault("Body can't be blank")])
        if len(body) > LONGEST_BODY:
            raise Refused(422, "Validation Failed", [self._fault(f"Body is too long (maximum is {LONGEST_BODY} characters)")])
        return body

    def _fault(self, message: str) -> Mapping[str, str]:
        return {"resource": "IssueComment", "code": "unprocessable", "field": "data", "message": message}

    def _limit_content(self) -> None:
        self.made = [*(moment for moment in self.made if self.now - moment < 60), self.now]
        if len(self.made) > CONTENT_A_MINUTE:
            self.made.pop()
            wait = int(60 - (self.now - self.made[0])) + 1
            said = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
            raise Refused(403, said, headers={"Retry-After": str(wait)})

    def _shown(self, comment: StoredComment) -> Mapping[str, Any]:
        return {
            "id": comment.id,
            "node_id": comment.node_id,
            "html_url": f"https://github.com/{self.repository}/pull/{comment.pull}#issuecomment-{comment.id}",
            "body": comment.body,
            "user": {"login": comment.login, "type": "Bot" if comment.login.endswith("[bot]") else "User"},
        }

    def _shown_pull(self, pull: Pull) -> Mapping[str, Any]:
        return {
            "number": pull.number,
            "state": pull.state,
            "head": {
                "sha": pull.head,
                "ref": pull.branch,
                "label": f"{pull.head_repository.partition('/')[0]}:{pull.branch}",
                "repo": {"full_name": pull.head_repository},
            },
            "base": {"sha": pull.base, "ref": "main", "repo": {"full_name": self.repository}},
        }

    def _graphql(self, body: Any, token: Token) -> Answer:
        by_node = {comment.node_id: comment for comment in self.comments.values()}

        def shown(comment: StoredComment) -> Mapping[str, Any]:
            return {
                "__typename": "IssueComment",
                "id": comment.node_id,
                "databaseId": comment.id,
                "body": comment.body,
                "viewerDidAuthor": comment.login == token.login,
                "isMinimized": comment.minimized,
                "viewerCanMinimize": token.writes,
            }

        class Root:
            def nodes(self, _info: Any, ids: list[str]) -> list[Any]:
                return [shown(by_node[each]) if each in by_node else None for each in ids]

            def minimizeComment(self, _info: Any, input: Mapping[str, Any]) -> Any:  # noqa: N802, A002, the schema's words
                if not token.writes:
                    raise PermissionError("Resource not accessible by integration")
                comment = by_node[input["subjectId"]]
                comment.minimized = True
                return {"minimizedComment": shown(comment)}

        result = graphql_sync(SCHEMA, body["query"], Root(), variable_values=body.get("variables"))
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [
                {
                    "message": error.message,
                    "type": "FORBIDDEN" if isinstance(error.original_error, PermissionError) else "INVALID",
                }
                for error in result.errors
            ]
        return Answer(200, answer)
