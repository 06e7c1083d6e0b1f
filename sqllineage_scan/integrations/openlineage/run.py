"""A command, run and told: START before it, COMPLETE, FAIL or ABORT after it. It ends as it would have ended alone."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections import deque
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Any

from sqllineage_scan.integrations.openlineage.context import PARENT, ROOT_PARENT, RunOf, parent_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_TAIL = 40  # lines of standard error that an error message has
_LONGEST = 4000
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Outcome:
    """``code``: the command's exit code, negative for the signal that ended it. ``stderr``: its last lines, made plain."""

    code: int
    stderr: str = ""

    @property
    def aborted(self) -> bool:
        return self.code in (-signal.SIGINT, -signal.SIGTERM, 128 + signal.SIGINT, 128 + signal.SIGTERM)

    @property
    def shell_code(self) -> int:
        """As a shell has it: 128 and the signal."""
        return 128 - self.code if self.code < 0 else self.code


@dataclass(slots=True)
class _Tail:
    """The last lines of a stream that is passed on as it comes."""

    rows: deque[str] = field(default_factory=lambda: deque(maxlen=_TAIL))

    def pass_on(self, stream: IO[bytes], out: IO[bytes]) -> None:
        for row in stream:
            out.write(row)
            out.flush()
            self.rows.append(plain(row.decode("utf-8", "replace")))

    def text(self) -> str:
        return "\n".join(row for row in self.rows if row)[-_LONGEST:]


def plain(text: str) -> str:
    """Without colours and control characters: it goes to other people's screens."""
    return _CONTROL.sub("", _ESCAPES.sub("", text)).rstrip()


def job_name_of(command: Sequence[str]) -> str:
    """``dbt build --select x`` is dbt.build: the program and its first word, since the rest may hold what is secret."""
    program = PurePath(command[0]).name
    word = command[1] if len(command) > 1 and re.fullmatch(r"[A-Za-z][\w-]*", command[1]) else ""
    return f"{program}.{word}" if word else program


def child_environment(environment: Mapping[str, str], run: RunOf) -> dict[str, str]:
    """What runs inside and speaks OpenLineage (dbt-ol, Spark) is our child, and its root is ours."""
    root = parent_of(environment, ROOT_PARENT) or parent_of(environment) or run
    return {**environment, PARENT: str(run), ROOT_PARENT: str(root)}


def execute(command: Sequence[str], environment: Mapping[str, str]) -> Outcome:
    """Run it with our own streams. Standard error is read along only where nobody watches it, since a terminal changes what
    programs write. Signals reach the command and not us: we end when it has.
    """
    watched = sys.stderr.isatty()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    process = subprocess.Popen(  # noqa: S603 -- it is the command that the user gave us to run
        list(command), env=dict(environment), stderr=None if watched else subprocess.PIPE
    )
    tail = _Tail()
    reader = None
    if process.stderr is not None:
        reader = threading.Thread(target=tail.pass_on, args=(process.stderr, _bytes_of(sys.stderr)), daemon=True)
        reader.start()
    restore = _forward(process, before)
    try:
        code = process.wait()
    finally:
        restore()
    if reader is not None:
        reader.join(1.0)  # a grandchild may hold the stream open
    return Outcome(code, tail.text())


def _bytes_of(stream: Any) -> IO[bytes]:
    found: IO[bytes] = getattr(stream, "buffer", None) or os.fdopen(os.dup(2), "wb")
    return found


def _forward(process: subprocess.Popen[bytes], before: Mapping[signal.Signals, Any]) -> Callable[[], None]:
    """Ctrl-C reaches the whole group already; a TERM to us is meant for the command."""
    if threading.current_thread() is not threading.main_thread():
        return lambda: None

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    return restore
