"""Bytes to text. Any file is text in the end, or a finding says why not."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.span import whole_file

if TYPE_CHECKING:
    from pathlib import Path

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Decoded(NamedTuple):
    """``text`` is None when the file is no text at all. Every line ends in a line feed, however it ended before."""

    text: str | None
    findings: tuple[Finding, ...] = ()


def read_text(root: Path, path: str) -> Decoded:
    """The text of a file below ``root``."""
    try:
        data = (root / path).read_bytes()
    except OSError as error:
        return Decoded(None, unreadable(path, error))
    return decode(path, data)


def unreadable(path: str, error: OSError) -> tuple[Finding, ...]:
    return (_finding(path, "read.failed", Severity.ERROR, f"{path} cannot be read: {error.strerror or error}"),)


def decode(path: str, data: bytes) -> Decoded:
    """UTF-8, or what its byte order mark says, or else Latin-1 with a finding, since names are ASCII nearly always."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    findings: tuple[Finding, ...] = ()
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if b"\0" in data[:8192]:
            return Decoded(None, (_finding(path, "read.binary", Severity.WARNING, f"{path} is no text: it holds NUL bytes"),))
        line = data.count(b"\n", 0, error.start) + 1
        message = f"{path} is not UTF-8 (line {line}, byte {error.start}); it is read as Latin-1"
        findings = (_finding(path, "read.encoding", Severity.WARNING, message, "save the file as UTF-8"),)
        text = data.decode("latin-1")
    if "\0" in text:
        return Decoded(None, (_finding(path, "read.binary", Severity.WARNING, f"{path} is no text: it holds NUL characters"),))
    if "\ufeff" in text:  # of files that somebody put together: a space, so that places stay
        text = text.replace("\ufeff", " ")
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), findings)


def _finding(path: str, name: str, severity: Severity, message: str, fix: str = "") -> Finding:
    return Finding("RD01", name, severity, message, whole_file(path), subject=path, help=fix)
