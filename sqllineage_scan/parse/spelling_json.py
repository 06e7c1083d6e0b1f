"""JSON_TABLE: what its columns are when a path finds nothing, or too much, is no matter here, and sqlglot cannot read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.parse.token_edits import behind_group

if TYPE_CHECKING:
    from sqlglot.tokens import Token

_PHRASES = tuple(
    phrase.split()
    for phrase in (
        "NULL ON EMPTY,ERROR ON EMPTY,EMPTY ON EMPTY,EMPTY ARRAY ON EMPTY,EMPTY OBJECT ON EMPTY,DEFAULT ? ON EMPTY,"
        "NULL ON ERROR,ERROR ON ERROR,EMPTY ON ERROR,EMPTY ARRAY ON ERROR,EMPTY OBJECT ON ERROR,DEFAULT ? ON ERROR,"
        "TRUE ON ERROR,FALSE ON ERROR,UNKNOWN ON ERROR,"
        "WITH WRAPPER,WITHOUT WRAPPER,WITH ARRAY WRAPPER,WITHOUT ARRAY WRAPPER,WITH CONDITIONAL WRAPPER,"
        "WITH UNCONDITIONAL WRAPPER,KEEP QUOTES,OMIT QUOTES"
    ).split(",")
)


def json_table(tokens: list[Token], sql: str) -> list[Token]:
    """``json_table(t.doc, '$[*]' columns (a int path '$.a' default '0' on empty null on error, b int exists path '$.b'))``"""
    words = [token.text.upper() for token in tokens]
    start = words.index("JSON_TABLE")
    end = behind_group(tokens, start + 1)
    found, index = list(tokens[:start]), start
    while index < len(tokens):
        width = _width(words, index) if index < end else 0
        if not width:
            found.append(tokens[index])
        index += width or 1
        if index == end and "JSON_TABLE" in words[end:]:
            return [*found, *json_table(tokens[end:], sql)]
    return found


def _width(words: list[str], index: int) -> int:
    """How many words there say nothing to us."""
    if words[index] == "EXISTS":
        return int(words[index + 1 : index + 2] == ["PATH"])
    for phrase in _PHRASES:
        ahead = words[index : index + len(phrase)]
        if len(ahead) == len(phrase) and all(wanted in ("?", word) for wanted, word in zip(phrase, ahead, strict=True)):
            return len(phrase)
    return 0
