"""A progress bar for work that takes long, where somebody is watching."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

    from sqllineage_scan.cli.shell.terminal import Terminal

_PATIENCE = 0.5  # seconds before anything is shown


class ProgressBar:
    """Call it with a stage, how much of it is done, and of how much: ``progress("read", 3, 14)``."""

    def __init__(self, terminal: Terminal) -> None:
        self._wanted = sys.stderr.isatty() and not terminal.quiet
        self._colored = terminal.colored(sys.stderr)
        self._since = monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if not self._wanted or monotonic() - self._since < _PATIENCE:
            return
        if self._bar is None:
            self._start()
        self._bar.update(self._task, description=stage, completed=done, total=total or None)

    def clear(self) -> None:
        """Take the bar away, since something is to be shown; the next call brings it back."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True, no_color=not self._colored)
        columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=console, transient=True)
        self._task = self._bar.add_task("", total=None)
        self._bar.start()
