"""A server on loopback that answers as a code host would: routes, and faults that a test asks for."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    lost: bool = False
    """What was asked for is done, but the answer never arrives."""


class Host:
    """What hosts have in common: what they were asked, the clock that limits go by, faults to come."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.faults: list[Callable[[Request], Answer | None]] = []
        self.now = 1_700_000_000.0
        self.pauses: list[float] = []
        self.address = ""

    def pause(self, seconds: float) -> None:
        """Time passes when the client waits, and only then."""
        self.pauses.append(seconds)
        self.now += seconds

    def clock(self) -> float:
        return self.now

    def fail(self, times: int, answer: Answer, method: str = "", *, afterwards: bool = False) -> None:
        """The next ``times`` requests (of a ``method``) get ``answer``; ``afterwards``: what was asked for is done yet."""
        left = [times]

        def fault(request: Request) -> Answer | None:
            if left[0] == 0 or (method and request.method != method):
                return None
            left[0] -= 1
            if afterwards:
                self.answer(request)
            return answer

        self.faults.append(fault)

    def answer_or_fail(self, request: Request) -> Answer:
        self.asked.append(request)
        for fault in self.faults:
            answer = fault(request)
            if answer is not None:
                return answer
        return self.answer(request)

    def answer(self, request: Request) -> Answer:
        raise NotImplementedError

    def methods(self, path: str = "") -> list[str]:
        return [request.method for request in self.asked if path in request.path]


@contextmanager
def serving(host: Host) -> Iterator[str]:
    """The address of the server, as long as it runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            parts = urlsplit(self.path)
            text = self.rfile.read(int(self.headers.get("content-length") or 0))
            request = Request(
                self.command,
                parts.path,
                {name: values[-1] for name, values in parse_qs(parts.query).items()},
                {name.lower(): value for name, value in self.headers.items()},
                json.loads(text) if text else None,
            )
            answer = host.answer_or_fail(request)
            if answer.lost:
                self.close_connection = True
                return
            payload = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            payload = b"" if answer.body is None else payload
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if payload:
                self.send_header("Content-Type", "application/json; charset=utf-8")
            if answer.status != 204:
                self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _handle  # noqa: N815, what http.server looks for

        def log_message(self, *_: object) -> None:
            """Requests are in ``asked``."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    host.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield host.address
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
