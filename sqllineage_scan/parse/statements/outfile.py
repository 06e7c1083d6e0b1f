"""``select … into outfile 'x.csv'``: a query whose rows go to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.parse.files import unload
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError
from sqllineage_scan.parse.words import STRINGS, find_at_top

if TYPE_CHECKING:
    from sqllineage_scan.parse.reader import Reader

RESCUES = ("select", "with", "(")


def compile_words(reader: Reader) -> Statement:
    """MySQL writes the clause before FROM or at the end, ClickHouse at the end; how the file is made stands behind its name."""
    words = reader.words
    at = find_at_top(words, ("INTO",))
    if at < 0 or words[at + 1 : at + 2] not in (["OUTFILE"], ["DUMPFILE"]) or reader.tokens[at + 2].token_type not in STRINGS:
        raise UnsupportedSyntaxError("SELECT of this form")
    behind = find_at_top(words, ("FROM",), at)
    rest = reader.tokens[behind:] if behind >= 0 else ()
    path = reader.tokens[at + 2].text
    tree = reader.parse(tokens=[*reader.tokens[:at], *rest])
    return Statement(JobKind.COPY, (unload(reader.scope.query(tree), path, reader.span()),))
