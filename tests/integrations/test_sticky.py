"""One comment a pull request, on a host that answers as GitHub does; and the same on GitLab."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.errors import HostError, UsageError
from sqllineage_scan.integrations.hosts import github, gitlab
from sqllineage_scan.integrations.http import Connection, NotAllowedError, NotFoundError, Patience, UnclearError
from sqllineage_scan.integrations.sticky import Done, Mode, marker, post
from tests.integrations.github_api import LONGEST_BODY, GitHubApi
from tests.integrations.gitlab_api import GitLabApi
from tests.integrations.loopback import Answer, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.integrations.hosts import Discussion

US = "github-actions[bot]"
MARK = marker("default")


@pytest.fixture
def api() -> Iterator[GitHubApi]:
    api = GitHubApi()
    api.pull(7, head="a" * 40)
    api.token("ours")
    with serving(api):
        yield api


@contextmanager
def github_host(api: GitHubApi, token: str = "ours", **patience: float) -> Iterator[github.GitHub]:
    patient = Patience(pause=api.pause, clock=api.clock, **patience)
    with Connection(api.address, github.headers(token), patient) as connection:
        yield github.GitHub(connection, api.repository, github.graphql_address(api.address))


def say(api: GitHubApi, body: str, mode: Mode = Mode.UPDATE, *, token: str = "ours", worth_saying: bool = True):
    with github_host(api, token) as host:
        return post(host.discussion(7), body, "default", mode, worth_saying=worth_saying)


def bodies(api: GitHubApi) -> list[str]:
    return [comment.body for comment in api.discussion(7)]


def test_first_created_then_updated_then_left_alone(api: GitHubApi) -> None:
    first = say(api, "one")
    assert (first.done, bodies(api)) == (Done.CREATED, [f"{MARK}\none"])
    second = say(api, "two")
    assert (second.done, bodies(api)) == (Done.UPDATED, [f"{MARK}\ntwo"])
    assert first.comment is not None
    assert second.comment is not None
    assert first.comment.id == second.comment.id
    api.asked.clear()
    assert say(api, "two").done is Done.UNCHANGED
    assert "PATCH" not in api.methods()


def test_recreate_makes_a_new_one_and_deletes_the_old(api: GitHubApi) -> None:
    say(api, "one")
    api.say(7, "reviewer", "looks odd")
    assert say(api, "two", Mode.RECREATE).done is Done.RECREATED
    assert bodies(api) == ["looks odd", f"{MARK}\ntwo"]


def test_hide_keeps_the_old_one_folded_and_never_touches_it_again(api: GitHubApi) -> None:
    say(api, "one")
    say(api, "two", Mode.HIDE)
    say(api, "three", Mode.HIDE)
    assert [(comment.body, comment.minimized) for comment in api.discussion(7)] == [
        (f"{MARK}\none", True),
        (f"{MARK}\ntwo", True),
        (f"{MARK}\nthree", False),
    ]
    say(api, "four", Mode.UPDATE)
    assert bodies(api) == [f"{MARK}\none", f"{MARK}\ntwo", f"{MARK}\nfour"]


def test_a_marker_that_somebody_else_wrote_is_not_ours(api: GitHubApi) -> None:
    """The author of a pull request could plant it, to have our text appear under their name or not at all."""
    planted = api.say(7, "attacker", f"{MARK}\nall is well")
    quoted = api.say(7, US, f"> {MARK}\nanother workflow of this bot quotes us")
    other = api.say(7, US, f"{marker('other')}\nour comment of another key")
    assert say(api, "two breaking changes").done is Done.CREATED
    assert [planted.body, quoted.body, other.body] == bodies(api)[:3]
    assert say(api, "three").done is Done.UPDATED
    assert bodies(api)[3:] == [f"{MARK}\nthree"]


def test_among_hundreds_of_comments(api: GitHubApi) -> None:
    for number in range(250):
        api.say(7, "reviewer", f"{MARK if number % 2 else ''} {number}")
    say(api, "ours")
    for number in range(80):
        api.say(7, "reviewer", f"later {number}")
    api.asked.clear()
    assert say(api, "ours again").done is Done.UPDATED
    assert len(api.discussion(7)) == 331
    assert [request.query["page"] for request in api.asked if request.path.endswith("/comments") and "page" in request.query] == [
        "2",
        "3",
        "4",
    ]
    assert api.methods("/graphql") == ["POST", "POST"], "126 nodes are asked for a hundred at once"


def test_several_of_ours_become_one(api: GitHubApi) -> None:
    """Two runs at the same time may each have made one."""
    api.say(7, US, f"{MARK}\none")
    api.say(7, US, f"{MARK}\ntwo")
    say(api, "three")
    assert bodies(api) == [f"{MARK}\nthree"]


def test_nothing_to_say(api: GitHubApi) -> None:
    assert say(api, "nothing changed", worth_saying=False).done is Done.NOTHING
    say(api, "2 breaking")
    assert say(api, "nothing changed", worth_saying=False).done is Done.UPDATED
    assert bodies(api) == [f"{MARK}\nnothing changed"]


def test_a_read_only_token_is_refused_at_once(api: GitHubApi) -> None:
    api.token("fork", writes=False)
    with pytest.raises(NotAllowedError, match="403 Resource not accessible by integration"):
        say(api, "one", token="fork")
    assert api.pauses == []
    say(api, "one")
    with pytest.raises(NotAllowedError, match="Resource not accessible"):
        say(api, "two", Mode.HIDE, token="fork")


@pytest.mark.parametrize(
    ("token", "pull", "kind", "said"),
    [
        ("wrong", 7, HostError, "127.0.0.1: 401 Bad credentials"),
        ("ours", 8, NotFoundError, "127.0.0.1: 404 Not Found"),
    ],
)
def test_other_refusals(api: GitHubApi, token: str, pull: int, kind: type[Exception], said: str) -> None:
    with github_host(api, token) as host, pytest.raises(kind, match=said) as caught:
        post(host.discussion(pull), "text", "default", Mode.UPDATE)
    assert str(caught.value) == said
    assert len(api.asked) == 1


def test_a_body_that_is_too_long_is_what_the_host_says(api: GitHubApi) -> None:
    with pytest.raises(HostError, match=r"422 Validation Failed; Body is too long \(maximum is 65536 characters\)"):
        say(api, "x" * LONGEST_BODY)
    say(api, "🔴" * (LONGEST_BODY - len(MARK) - 1))
    assert [len(body) for body in bodies(api)] == [LONGEST_BODY]


def test_the_secondary_limit_is_waited_for(api: GitHubApi) -> None:
    api.made = [api.now - 50] * 80
    assert say(api, "one").done is Done.CREATED
    assert api.pauses == [11.0]
    assert len(bodies(api)) == 1


def test_a_limit_that_does_not_say_how_long(api: GitHubApi) -> None:
    api.fail(2, Answer(403, {"message": "You have exceeded a secondary rate limit. Please wait a few minutes"}), "GET")
    with pytest.raises(HostError, match="rate limit reached; it asks to wait for 120 more seconds"):
        say(api, "one")
    assert api.pauses == [60.0], "two minutes more is over the 150 seconds that a job is held up"


@pytest.mark.parametrize("status", [403, 429])
def test_the_primary_limit(api: GitHubApi, status: int) -> None:
    soon = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(api.now) + 40)}
    api.fail(1, Answer(status, {"message": "API rate limit exceeded"}, soon), "GET")
    assert say(api, "one").done is Done.CREATED
    assert api.pauses == [40.0]
    api.spent = {"Bearer ours": 1000}
    with pytest.raises(HostError, match=r"it asks to wait for 35\d\d more seconds"):
        say(api, "two")


def test_a_date_to_retry_after(api: GitHubApi) -> None:
    api.now = 1_700_000_000.0  # Tue, 14 Nov 2023 22:13:20 GMT
    api.fail(1, Answer(429, {}, {"Retry-After": "Tue, 14 Nov 2023 22:13:50 GMT"}), "GET")
    say(api, "one")
    assert api.pauses == [30.0]


@pytest.mark.parametrize("fault", [Answer(502, {"message": "Server Error"}), Answer(503), Answer(200, lost=True)])
def test_a_host_in_trouble_is_asked_again(api: GitHubApi, fault: Answer) -> None:
    api.fail(2, fault, "GET")
    assert say(api, "one").done is Done.CREATED
    assert api.pauses == [1.0, 2.0]
    api.fail(1, fault, "PATCH", afterwards=True)
    assert say(api, "two").done is Done.UPDATED
    assert bodies(api) == [f"{MARK}\ntwo"]
    api.fail(1, fault, "DELETE", afterwards=True)
    say(api, "three", Mode.RECREATE)
    assert bodies(api) == [f"{MARK}\nthree"]


@pytest.mark.parametrize("fault", [Answer(502, {"message": "Server Error"}), Answer(201, lost=True)])
@pytest.mark.parametrize("afterwards", [True, False])
def test_an_unclear_creation_is_looked_for_before_it_is_tried_again(api: GitHubApi, fault: Answer, *, afterwards: bool) -> None:
    api.fail(1, fault, "POST", afterwards=afterwards)
    assert say(api, "one").done is Done.CREATED
    assert bodies(api) == [f"{MARK}\none"]


def test_a_host_that_stays_in_trouble(api: GitHubApi) -> None:
    api.fail(99, Answer(500, {"message": "Server Error"}))
    with pytest.raises(UnclearError, match=r"127\.0\.0\.1: 500 Server Error"):
        say(api, "one")
    assert api.pauses == [1.0, 2.0, 4.0]


def test_nobody_there() -> None:
    pauses: list[float] = []
    with Connection("http://127.0.0.1:9", github.headers("ours"), Patience(pause=pauses.append)) as connection:
        host = github.GitHub(connection, "shop/warehouse", "http://127.0.0.1:9/graphql")
        with pytest.raises(UnclearError, match=r"^127\.0\.0\.1 does not answer: ConnectError$"):
            post(host.discussion(7), "text", "default", Mode.UPDATE)
    assert pauses == [1.0, 2.0, 4.0]


def test_the_token_goes_nowhere_else(api: GitHubApi) -> None:
    thief = GitHubApi()
    with serving(thief):
        for answer in (
            Answer(301, {}, {"Location": f"{thief.address}/repos/shop/warehouse/issues/7/comments"}),
            Answer(200, [], {"Link": f'<{thief.address}/repos/shop/warehouse/issues/7/comments?page=2>; rel="next"'}),
        ):
            api.fail(1, answer, "GET")
            with pytest.raises(HostError, match="points to another host"):
                say(api, "one")
    assert thief.asked == []


def test_a_renamed_repository_is_followed_by_the_same_method(api: GitHubApi) -> None:
    there = f"{api.address}/repos/shop/warehouse/issues/7/comments"
    api.fail(1, Answer(307, {"message": "Moved"}, {"Location": there}), "POST")
    assert say(api, "one").done is Done.CREATED
    assert bodies(api) == [f"{MARK}\none"]


@pytest.mark.parametrize("body", [b"<html>login</html>", {"login": "first"}, "[]", b"[" * 100_000])
def test_an_address_that_is_no_api(api: GitHubApi, body: object) -> None:
    api.fail(1, Answer(200, body), "GET")
    with pytest.raises(HostError, match="does not answer as its API does"):
        say(api, "one")


@pytest.mark.parametrize("token", ["se\ncret", "secret\x00", "sécret"])
def test_a_token_that_is_none_is_not_shown(api: GitHubApi, token: str) -> None:
    with pytest.raises((HostError, UsageError)) as caught:
        say(api, "one", token=token)
    assert "cret" not in str(caught.value)


@pytest.mark.parametrize("key", ["", "a b", "-->", "a--b", "x" * 81, "@someone"])
def test_keys_that_would_break_the_marker(key: str) -> None:
    with pytest.raises(UsageError, match="no key of a comment"):
        marker(key)


def test_which_pull_request_a_commit_belongs_to(api: GitHubApi) -> None:
    api.pull(8, head="c" * 40, fork="someone/warehouse", branch="patch-1")
    api.pull(9, head="d" * 40, fork="someone/warehouse", branch="patch-2")
    api.pull(10, head="e" * 40).state = "closed"
    with github_host(api) as host:
        assert [found.number for found in host.pull_requests_of("a" * 40)] == [7]
        assert [found.number for found in host.pull_requests_of("c" * 40, "someone", "patch-1")] == [8]
        assert host.pull_requests_of("c" * 40) == [], "GitHub knows no commit of a fork"
        assert host.pull_requests_of("c" * 40, "someone", "patch-2") == [], "the branch has moved on"
        assert host.pull_requests_of("e" * 40) == []


def test_graphql_of_an_enterprise_server() -> None:
    assert github.graphql_address("https://api.github.com") == "https://api.github.com/graphql"
    assert github.graphql_address("https://git.shop.example/api/v3") == "https://git.shop.example/api/graphql"


# GitLab


@pytest.fixture
def gitlab_api() -> Iterator[GitLabApi]:
    api = GitLabApi()
    with serving(api):
        yield api


@contextmanager
def merge_request(api: GitLabApi, token: str = "secret") -> Iterator[Discussion]:
    with Connection(f"{api.address}/api/v4", gitlab.headers(token), Patience(pause=api.pause, clock=api.clock)) as connection:
        yield gitlab.GitLabDiscussion(
            connection, api.project, api.merge_request, "https://gitlab.com/shop/warehouse/-/merge_requests/3"
        )


def test_gitlab_notes(gitlab_api: GitLabApi) -> None:
    gitlab_api.say(99, f"{MARK}\nplanted")
    for number in range(120):
        gitlab_api.say(99, f"talk {number}", system=bool(number % 2))
    with merge_request(gitlab_api) as discussion:
        first = post(discussion, "one", "default", Mode.UPDATE)
        assert first.comment is not None
        assert first.comment.url == f"https://gitlab.com/shop/warehouse/-/merge_requests/3#note_{first.comment.id}"
        gitlab_api.fail(1, Answer(429, {"message": "Too Many Requests"}, {"Retry-After": "5"}), "PUT")
        assert post(discussion, "two", "default", Mode.UPDATE).done is Done.UPDATED
        assert gitlab_api.pauses == [5.0]
        assert post(discussion, "three", "default", Mode.RECREATE).done is Done.RECREATED
        with pytest.raises(UsageError, match="cannot hide"):
            post(discussion, "four", "default", Mode.HIDE)
    assert [note.body for note in gitlab_api.notes.values() if note.body.startswith(MARK)] == [
        f"{MARK}\nplanted",
        f"{MARK}\nthree",
    ]


def test_gitlab_refuses(gitlab_api: GitLabApi) -> None:
    with merge_request(gitlab_api, "job") as discussion, pytest.raises(HostError, match="401 Unauthorized"):
        post(discussion, "one", "default", Mode.UPDATE)
    with merge_request(gitlab_api) as discussion, pytest.raises(HostError, match=r"note.*is too long \(maximum is 1000000"):
        post(discussion, "x" * 1_000_001, "default", Mode.UPDATE)
