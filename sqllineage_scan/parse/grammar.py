"""The parser and the tokenizer of a dialect, made once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlglot import Dialect as Parser

if TYPE_CHECKING:
    from sqlglot.tokens import Tokenizer


@cache
def dialect_parser(name: str) -> Parser:
    """sqlglot's dialect object."""
    return Parser.get_or_raise(name or None)


@cache
def tokenizer(name: str) -> Tokenizer:
    """The dialect's tokenizer, which hands on CALL, EXECUTE and FETCH as words: sqlglot's own swallows what follows them up
    to the next semicolon, were it inside a string.
    """
    parser = dialect_parser(name)
    words = type(f"{name.title()}Words", (parser.tokenizer_class,), {"COMMANDS": set()})
    found: Tokenizer = words(dialect=parser)
    for engine in ("hive", "trino"):  # Athena's two halves have one each
        if hasattr(found, f"_{engine}_tokenizer"):
            setattr(found, f"_{engine}_tokenizer", tokenizer(engine))
    return found
