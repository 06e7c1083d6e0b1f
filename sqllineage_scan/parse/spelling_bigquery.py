"""BigQuery's syntax that sqlglot cannot read, spelled in a way that it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot.tokens import Token, TokenType

from sqllineage_scan.parse.token_edits import behind_group, is_word, made

if TYPE_CHECKING:
    from collections.abc import Callable

Tokens = list[Token]

_LIKE_PREDICT = frozenset("EXPLAIN_PREDICT DETECT_ANOMALIES RECOMMEND ANNOTATE_IMAGE UNDERSTAND_TEXT PROCESS_DOCUMENT".split())
"""They show the rows they are given, and more columns of the model's making."""

_KNOWN = frozenset("PREDICT FORECAST TRANSLATE GENERATE_TEXT GENERATE_TABLE GENERATE_EMBEDDING GENERATE_TEXT_EMBEDDING".split())


_SETTINGS = (  # that the parser wants behind a model
    (TokenType.COMMA, ","),
    (TokenType.STRUCT, "struct"),
    (TokenType.L_PAREN, "("),
    (TokenType.NUMBER, "1"),
    (TokenType.R_PAREN, ")"),
)


def _model_function(tokens: Tokens, sql: str) -> Tokens:
    """``ml.explain_predict(model m, table t)`` is read as ``ml.predict``; what ``ml.evaluate(model m, table t)`` finds out about
    a model is made of t; ``ml.weights(model m)`` shows columns of the model, as ``ml.forecast`` does.
    """
    for index in range(len(tokens) - 5):
        ml, dot, name, opened, model = tokens[index : index + 5]
        call = dot.token_type is TokenType.DOT and opened.token_type is TokenType.L_PAREN
        if not (call and is_word(ml, "ML") and is_word(model, "MODEL")) or name.text.upper() in _KNOWN:
            continue
        end = behind_group(tokens, index + 3) - 1
        comma = next((at for at in range(index + 5, end) if tokens[at].token_type is TokenType.COMMA), end)
        data = tokens[comma + 1 : end]
        if name.text.upper() in _LIKE_PREDICT:
            fresh = [*tokens[: index + 2], made(TokenType.VAR, "predict", name), *tokens[index + 3 :]]
        elif data and (data[0].token_type is TokenType.L_PAREN or is_word(data[0], "TABLE")):
            fresh = [*tokens[:index], name, opened, *_whole(data), *tokens[end:]]
        else:
            settings = [made(kind, text, name) for kind, text in _SETTINGS]
            fresh = [
                *tokens[: index + 2],
                made(TokenType.VAR, "forecast", name),
                *tokens[index + 3 : comma],
                *settings,
                *tokens[end:],
            ]
        return _model_function(fresh, sql)
    return tokens


def _whole(data: Tokens) -> Tokens:
    """``table ds.t, struct(…)`` as an argument that functions over tables take: ``table(ds.t), struct(…)``."""
    if not is_word(data[0], "TABLE"):
        return data
    end = next((at for at, token in enumerate(data) if token.token_type is TokenType.COMMA), len(data))
    opened, closed = made(TokenType.L_PAREN, "(", data[0]), made(TokenType.R_PAREN, ")", data[0])
    return [data[0], opened, *data[1:end], closed, *data[end:]]


BIGQUERY: tuple[tuple[str, Callable[[Tokens, str], Tokens]], ...] = (("MODEL", _model_function),)
