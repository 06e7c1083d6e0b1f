"""Commands are the modules of ``cli/``: listed from their docstrings, imported when called.

A command module has ``command``, a function as typer likes it, and a docstring whose first line is its short help. One of several
commands (``contract check``) has ``COMMANDS`` instead, their functions by name, each with a docstring of its own.
"""

from __future__ import annotations

import ast
import copy
import errno
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

import sqllineage_scan.cli
from sqllineage_scan.cli.shell import recording
from sqllineage_scan.errors import UsageError
from sqllineage_scan.pipeline.limits import is_lost

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType

SHARED_OPTIONS = ("quiet", "no_color")  # may stand before the command or after it
BROKEN_PIPE = 141  # as a shell reports SIGPIPE
INTERRUPTED = 130  # as a shell reports SIGINT
TERMINATED = 143  # and SIGTERM: a CI job that is cancelled
_SOON = 0.05  # seconds


def names() -> list[str]:
    return sorted(module.name for module in iter_modules(sqllineage_scan.cli.__path__) if not module.ispkg)


def short_help(name: str) -> str:
    """The first line of a command's docstring, read without importing it."""
    source = Path(sqllineage_scan.cli.__path__[0], f"{name}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]


class Commands(TyperGroup):
    """The group of all commands."""

    _listing = False

    def list_commands(self, ctx: Any) -> list[str]:
        del ctx
        return names()

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        del ctx
        if cmd_name not in names():
            return None
        if self._listing:
            return _click_command(cmd_name, short_help(cmd_name), lambda: None)
        module = import_module(f"sqllineage_scan.cli.{cmd_name}")
        given = (*SHARED_OPTIONS, *(recording.OPTIONS if getattr(module, recording.MARK, False) else ()))
        shared = [option for option in self.params if option.name in given]
        parts = getattr(module, "COMMANDS", None)
        command = _click_command(cmd_name, module.__doc__ or "", module.command) if parts is None else _group(module, parts)
        for each in (command, *getattr(command, "commands", {}).values()):
            each.params += [_hidden_from_function(option) for option in shared]
        return command

    def format_help(self, ctx: Any, formatter: Any) -> None:
        listing = copy.copy(self)
        listing._listing = True  # noqa: SLF001, it is a copy of ourselves
        super(Commands, listing).format_help(ctx, formatter)

    def invoke(self, ctx: Any) -> Any:
        """Being cut off is no error: ``sqllineage-scan show x | head -1``."""
        try:
            with recording.recorded(ctx):
                result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _discard_output()
            raise typer.Exit(BROKEN_PIPE) from None
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            _discard_output()
            raise UsageError(f"cannot write standard output: {error.strerror}") from error
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
        return result


def _click_command(name: str, text: str, function: Callable[..., Any]) -> Any:
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name=name, help=text)(function)
    return typer.main.get_command(app)


def _group(module: Any, parts: Mapping[str, Callable[..., Any]]) -> Any:
    """A command of several: ``sqllineage-scan contract diff``."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, help=module.__doc__)
    for name, function in parts.items():
        app.command(name=name, help=function.__doc__)(function)
    return typer.main.get_command(app)


def _hidden_from_function(option: Any) -> Any:
    """An option of the group, also understood after the command; its callback does all that it does."""
    own = copy.copy(option)
    own.expose_value = False
    return own


class Leaving:
    """SIGTERM ends the program as Ctrl-C does: workers are ended, files half written are removed, the cache is closed."""

    def __init__(self) -> None:
        self.told = False

    def listen(self) -> None:
        signal.signal(signal.SIGTERM, self._leave)

    def _leave(self, number: int, frame: FrameType | None) -> None:
        del number
        self.told = True
        if is_lost(frame) and hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, self._leave)
            signal.setitimer(signal.ITIMER_REAL, _SOON)
            return
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a second one means now
        raise SystemExit(TERMINATED)

    def code(self, otherwise: int) -> int:
        """What to exit with: somebody on the way may have taken what was raised for trouble of its own."""
        return TERMINATED if self.told else otherwise


def _discard_output() -> None:
    """Python flushes standard output once more at exit and must not fail then."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
