"""How commands that answer a question print the answer: text for the terminal as wide as it is, any other format as data."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqllineage_scan.outputs.formats import writer

if TYPE_CHECKING:
    from sqllineage_scan.cli.shell.terminal import Terminal


def check_form(thing: str, form: str) -> None:
    """Say so before a scan, not after it."""
    writer(thing, form)


def show_answer(thing: str, form: str, answer: Any, terminal: Terminal) -> None:
    if form == "text":
        describe = import_module(f"sqllineage_scan.outputs.{thing}.text").describe
        terminal.show(describe(answer, terminal.width(sys.stdout)), sys.stdout)
    else:
        terminal.as_data(sys.stdout)
        writer(thing, form)(answer, sys.stdout)
