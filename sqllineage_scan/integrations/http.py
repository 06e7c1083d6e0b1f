"""Requests to a code host as it wants them: one at a time, patient with its limits, and silent about the token.

What is asked again, and after how long, follows GitHub's and GitLab's pages on rate limits:
https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api and
https://docs.gitlab.com/security/rate_limits/.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Self

import httpx

from sqllineage_scan.bundled import version
from sqllineage_scan.errors import HostError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_TIMEOUT = httpx.Timeout(30, connect=10)
_LONGEST_ANSWER = 32 * 1024 * 1024  # bytes; a page of a hundred longest comments is 26 MB
_MOST_PAGES = 200
_FORBIDDEN = 403
_NOT_FOUND = 404
_TOO_MANY = 429
_REDIRECTS = (301, 302, 307, 308)
_IN_TROUBLE = (500, 502, 503, 504)
_NO_API = "the host does not answer as its API does; is the API's address right?"
_WORDS_OF_A_LIMIT = ("secondary rate limit", "abuse detection", "rate limit exceeded")


class NotAllowedError(HostError):
    """The token may not do that. Of a pull request from a fork it never may: GitHub gives such runs a read-only one."""


class NotFoundError(HostError):
    """There is no such thing, or the token may not see it, which GitHub does not tell apart."""


class UnclearError(HostError):
    """No answer, or one of a host in trouble: what was asked for may have happened, or not."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to try again. ``longest``: seconds that all waiting together may take."""

    tries: int = 4
    longest: float = 150
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.time


class Connection:
    """To one host. ``headers`` hold the token, so neither they nor requests are ever part of a message."""

    def __init__(self, address: str, headers: Mapping[str, str], patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._left = self._patience.longest
        agent = {"User-Agent": f"sqllineage-scan/{version()}"}
        try:
            self._client = httpx.Client(base_url=address, headers={**agent, **headers}, timeout=_TIMEOUT)
            self.name = self._client.base_url.host
        except (httpx.InvalidURL, UnicodeEncodeError) as error:  # neither shows the header
            raise UsageError(f"{address!r} is no address of an API, or the token is none") from error
        if not self.name:
            raise UsageError(f"{address!r} is no address of an API; it begins with https://")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(self, method: str, path: str, *, body: Any = None, query: Mapping[str, Any] | None = None, again: bool = True) -> Any:
        """The object that the host answers, an empty one where it answers nothing.

        ``again``: whether asking twice does no harm. A request that makes something is not repeated when it is unclear
        whether it has been done (``UnclearError``), only when the host said that it was not.
        """
        return _of_kind(dict, _json(self._answer(method, path, body, query, again=again)))

    def pages(self, path: str, query: Mapping[str, Any]) -> Iterator[Any]:
        """The items of a list, page after page by the Link header, which both hosts send."""
        answer = self._answer("GET", path, None, {**query, "per_page": 100}, again=True)
        for _ in range(_MOST_PAGES):
            yield from _of_kind(list, _json(answer))
            following = answer.links.get("next", {}).get("url")
            if not following:
                return
            answer = self._answer("GET", self._same_host(following), None, None, again=True)

    def _answer(self, method: str, path: str, body: Any, query: Mapping[str, Any] | None, *, again: bool) -> httpx.Response:
        for attempt in range(1, self._patience.tries + 1):
            answer, trouble = self._try(method, path, body, query)
            if answer is not None and answer.status_code not in _IN_TROUBLE and not _limited(answer):
                return self._checked(answer)
            if answer is not None and _limited(answer):
                wait, trouble = self._told(answer, attempt), f"{self.name}: rate limit reached"
            elif again or isinstance(trouble, httpx.ConnectError):
                wait = float(2 ** (attempt - 1))
            else:
                raise UnclearError(self._what_happened(answer, trouble))
            if attempt == self._patience.tries or wait > self._left:
                break
            self._left -= wait
            self._patience.pause(wait)
        if answer is not None and _limited(answer):
            raise HostError(f"{self.name}: rate limit reached; it asks to wait for {wait:.0f} more seconds")
        raise UnclearError(self._what_happened(answer, trouble))

    def _try(
        self, method: str, path: str, body: Any, query: Mapping[str, Any] | None
    ) -> tuple[httpx.Response | None, object | None]:
        """An answer, or what kept it from coming."""
        try:
            for _ in range(3):
                answer = self._read(method, path, body, query)
                if answer.status_code not in _REDIRECTS:
                    return answer, None
                # A repository that was renamed. httpx would follow by GET, as browsers do; the host wants the same again.
                path, query = self._same_host(answer.headers.get("location", "")), None
        except httpx.HTTPError as error:
            return None, error
        raise HostError(f"{self.name} redirects in circles")

    def _read(self, method: str, path: str, body: Any, query: Mapping[str, Any] | None) -> httpx.Response:
        with self._client.stream(method, path, json=body, params=query) as answer:
            size = 0
            content = []
            for piece in answer.iter_bytes():
                size += len(piece)
                if size > _LONGEST_ANSWER:
                    raise HostError(f"{self.name} answers with more than {_LONGEST_ANSWER // 2**20} MB")
                content.append(piece)
        return httpx.Response(answer.status_code, headers=_plain(answer.headers), content=b"".join(content))

    def _same_host(self, address: str) -> str:
        """The token goes to no other host, whoever says so."""
        there, here = self._client.base_url.join(address), self._client.base_url
        if (there.scheme, there.host, there.port) != (here.scheme, here.host, here.port):
            raise HostError(f"{self.name} points to another host, {there.host}; the token stays here")
        return str(there)

    def _told(self, answer: httpx.Response, attempt: int) -> float:
        """Seconds to wait: as the answer says, else a minute, then two, four …"""
        now = self._patience.clock()
        after = answer.headers.get("retry-after", "")
        if after.isdecimal():
            return float(after)
        if after:
            try:
                return max(parsedate_to_datetime(after).timestamp() - now, 1)
            except ValueError:
                pass
        reset = answer.headers.get("x-ratelimit-reset", "")
        if answer.headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
            return max(float(reset) - now, 1)
        return float(60 * 2 ** (attempt - 1))

    def _checked(self, answer: httpx.Response) -> httpx.Response:
        if answer.is_success:
            return answer
        kind = {_FORBIDDEN: NotAllowedError, _NOT_FOUND: NotFoundError}.get(answer.status_code, HostError)
        raise kind(f"{self.name}: {answer.status_code} {_message(answer)}")

    def _what_happened(self, answer: httpx.Response | None, trouble: object) -> str:
        if answer is not None:
            return f"{self.name}: {answer.status_code} {_message(answer)}"
        return f"{self.name} does not answer: {type(trouble).__name__}"


def _limited(answer: httpx.Response) -> bool:
    if answer.status_code == _TOO_MANY:
        return True
    if answer.status_code != _FORBIDDEN:
        return False
    said = _message(answer).lower()
    told = "retry-after" in answer.headers or answer.headers.get("x-ratelimit-remaining") == "0"
    return told or any(words in said for words in _WORDS_OF_A_LIMIT)


def _json(answer: httpx.Response) -> Any:
    if not answer.content:
        return None
    try:
        return answer.json()
    except (ValueError, RecursionError) as error:
        raise HostError(_NO_API) from error


def _of_kind(kind: type, value: Any) -> Any:
    """``value``, or an empty one for none. A proxy's login page, or another service, answers otherwise."""
    if value is None:
        return kind()
    if not isinstance(value, kind):
        raise HostError(_NO_API)
    return value


def _message(answer: httpx.Response) -> str:
    """What the host says in its own words: GitHub in ``message`` and ``errors``, GitLab in ``message`` or ``error``."""
    try:
        said = answer.json()
    except (ValueError, RecursionError):
        return answer.reason_phrase
    if not isinstance(said, dict):
        return answer.reason_phrase
    errors = [item.get("message") or item.get("code") if isinstance(item, dict) else item for item in _listed(said.get("errors"))]
    words = [said.get("message") or said.get("error") or answer.reason_phrase, *errors]
    return " ".join("; ".join(str(word) for word in words if word).split())[:300]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _plain(headers: httpx.Headers) -> list[tuple[str, str]]:
    """Without how the body was packed for the way: it is unpacked."""
    return [(name, value) for name, value in headers.items() if name not in ("content-encoding", "transfer-encoding")]
