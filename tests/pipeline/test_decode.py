from __future__ import annotations

import codecs

import pytest

from sqllineage_scan.pipeline.decode import decode

TEXT = "select 'ä'\nfrom t"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
    ],
)
def test_text_in_any_dress(data: bytes) -> None:
    assert decode("a.sql", data) == (TEXT, ())


def test_latin_1_is_read_and_said() -> None:
    text, findings = decode("a.sql", TEXT.encode("latin-1"))
    assert text == TEXT
    assert [(finding.name, finding.span.path) for finding in findings] == [("read.encoding", "a.sql")]


def test_binary_is_no_text() -> None:
    text, findings = decode("a.sql", b"\x7fELF\0\0\1\xff")
    assert text is None
    assert [finding.name for finding in findings] == ["read.binary"]
    assert decode("a.sql", b"select 1\0").text is None
