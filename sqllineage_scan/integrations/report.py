"""The document of a comparison as it comes from somewhere else: another run, a fork's artifact, a pipe. Nobody vouches for it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sqllineage_scan.errors import UsageError
from sqllineage_scan.outputs.changes._decode import from_dict

if TYPE_CHECKING:
    from sqllineage_scan.domain.change import Diff

STANDARD_INPUT = "-"
LARGEST = 64 * 1024 * 1024
"""Bytes. Ten thousand changes with their readers and ways are 20 MB."""


def read_report(name: str) -> Diff:
    """The comparison in the file ``name``, ``-`` for standard input. What is no such document is one clear line."""
    content = _content(name)
    shown = "standard input" if name == STANDARD_INPUT else name
    if len(content) > LARGEST:
        raise UsageError(f"{shown}: more than {LARGEST // 2**20} MB is no report that anybody reads")
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError:
        raise UsageError(f"{shown}: not a report: no UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{shown}: not a report: no JSON ({error})") from None
    try:
        return from_dict(document)
    except UsageError as error:
        raise UsageError(f"{shown}: {error}") from error


def _content(name: str) -> bytes:
    try:
        if name == STANDARD_INPUT:
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(name).open("rb") as file:
            return file.read(LARGEST + 1)
    except FileNotFoundError:
        raise UsageError(f"no such file: {name}") from None
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror or error}") from error


def _refuse(word: str) -> float:
    """Python reads NaN and Infinity, which are no JSON, and which no confidence is."""
    raise ValueError(f"{word} is no number")
