"""Events on their way to a backend, through openlineage-python's own transports and its own configuration.

A thread sends, so that nothing waits for a backend but the end, and that only for so long. What was not sent by then, or
was refused, goes into the spool: an event is sent at least once, and its run's id says if it comes twice.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections import deque
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqllineage_scan.integrations.openlineage.spool import Spool

PATIENCE = 10.0  # seconds that the end waits for a backend
_LONGEST_REASON = 200


class Sent(NamedTuple):
    sent: int
    spooled: int
    reason: str = ""  # why some were not sent
    transport: str = ""


class Sender:
    """``send`` returns at once; ``close`` says what became of all."""

    def __init__(self, spool: Spool, *, patience: float = PATIENCE) -> None:
        self._spool = spool
        self._patience = patience
        self._waiting: deque[Any] = deque()
        self._changed = threading.Condition()
        self._sent: list[Any] = []
        self._finished = False
        self._reason = ""
        self._client = _client()
        self.transport: str = self._client.transport.kind or type(self._client.transport).__name__
        self._waiting.extend(_read(spool.take()))
        self._thread = threading.Thread(target=self._work, daemon=True, name="openlineage")
        self._thread.start()

    @property
    def spool(self) -> str:
        return str(self._spool.path)

    def send(self, events: Iterable[Any]) -> None:
        with self._changed:
            self._waiting.extend(events)
            self._changed.notify()

    def close(self) -> Sent:
        """Wait for the backend as long as there is patience, then keep the rest."""
        deadline = monotonic() + self._patience
        with self._changed:
            self._finished = True
            self._changed.notify()
        self._thread.join(self._patience)
        with self._changed:
            slow = self._thread.is_alive()
            left = list(self._waiting)
            self._waiting.clear()
        reason = self._reason or (f"no answer within {self._patience:g} seconds" if slow else "")
        sent = self._sent
        if not slow and not self._reason and not self._flushed(deadline - monotonic()):
            # sent in the background, by transports that cannot say which of them arrived
            sent, left, reason = [], [*self._sent, *left], f"not all were delivered within {self._patience:g} seconds"
        self._spool.add(map(_line, left))
        return Sent(len(sent), len(left), reason, self.transport)

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._finished:
                    self._changed.wait()
                if not self._waiting:
                    return
                event = self._waiting[0]
            try:
                self._deliver(event)
            except Exception as error:  # noqa: BLE001 -- whatever a transport raises is its backend's trouble
                self._reason = _told(error)
                return
            with self._changed:
                # close() may have taken it for unsent in the meantime
                if self._waiting and self._waiting[0] is event:
                    self._waiting.popleft()
                    self._sent.append(event)

    def _deliver(self, event: Any) -> None:
        """What comes from the spool is JSON already, which only the transport takes."""
        (self._client.transport if isinstance(event, dict) else self._client).emit(event)

    def _flushed(self, seconds: float) -> bool:
        try:
            return bool(self._client.close(max(seconds, 0.1)) is not False)
        except Exception as error:  # noqa: BLE001 -- as above
            self._reason = _told(error)
            return False


def _client() -> Any:
    try:
        from openlineage.client import OpenLineageClient
    except ImportError as error:
        raise UsageError("OpenLineage needs openlineage-python: pip install 'sqllineage-scan[openlineage]'") from error
    _print_console_events()
    try:
        return OpenLineageClient()
    except Exception as error:
        raise UsageError(f"the configuration of OpenLineage is wrong: {_told(error)}") from error


def _print_console_events() -> None:
    """Its console transport writes to a log, which nobody sees who has not set logging up. Here it is standard output."""
    console = logging.getLogger("openlineage.client.transport.console")
    if not console.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(message)s"))
        console.addHandler(handler)
        console.setLevel(logging.INFO)
        console.propagate = False
    quiet = logging.getLogger("openlineage.client")
    if not quiet.handlers:
        quiet.addHandler(logging.NullHandler())  # its retries and warnings: what matters of them is said once, at the end
        quiet.propagate = False


def _read(rows: Iterable[str]) -> Iterator[Any]:
    """A line that is no JSON is nobody's event any more."""
    for row in rows:
        with suppress(ValueError):
            yield json.loads(row)


def _line(event: Any) -> str:
    from openlineage.client.serde import Serde

    text: str = Serde.to_json(event)
    return text


def _told(error: BaseException) -> str:
    """One line without an address that has a password in it."""
    from sqllineage_scan.discover.host import without_secrets

    words = " ".join(map(without_secrets, str(error).split())) or type(error).__name__
    return words if len(words) <= _LONGEST_REASON else f"{words[:_LONGEST_REASON]}…"
