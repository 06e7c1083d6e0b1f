"""Events that could not be sent: kept in a file, one a line, and sent first the next time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAME = "openlineage.spool.ndjson"


@dataclass(frozen=True, slots=True)
class Spool:
    path: Path

    def read(self) -> list[str]:
        """What waits, oldest first; a last line that was cut off (a full disk) is no event."""
        try:
            rows = self.path.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return []
        return [row for row in rows[:-1] if row.strip()]

    def add(self, events: Iterable[str]) -> None:
        """One write at the end of the file, so that two commands at once do not mix their lines. Private: events hold SQL."""
        rows = "".join(f"{event}\n" for event in events)
        if not rows:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        ignored = self.path.parent / ".gitignore"
        if self.path.parent.name == ".sqllineage-scan" and not ignored.exists():
            ignored.write_text("*\n", encoding="utf-8")
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, rows.encode("utf-8", "backslashreplace"))
        finally:
            os.close(descriptor)

    def take(self) -> list[str]:
        """All that waits, out of the file: whoever takes it sends it or adds it again. Nobody else takes the same."""
        taken = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        try:
            self.path.replace(taken)
        except OSError:
            return []
        waiting = Spool(taken).read()
        taken.unlink(missing_ok=True)
        return waiting
