"""A line by which a step of a workflow speaks to GitHub's runner: ``::error file=a.sql,line=3::message``.

Source: docs.github.com, "Workflow commands for GitHub Actions"; the escapes are those of its toolkit (core/src/command.ts).
"""

from __future__ import annotations

from sqllineage_scan.outputs.harmless import without_commands, without_unseen


def command(name: str, message: str, **properties: object) -> str:
    said = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name}{' ' if said else ''}{said}::{_data(message)}"


def _data(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return without_commands(without_unseen(escaped))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
