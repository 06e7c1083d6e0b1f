"""Syntax that sqlglot cannot read, spelled in a way that it can. Only tokens change; the text and its places stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.tokens import Token, TokenType

from sqllineage_scan.parse.binds import binds_as_one
from sqllineage_scan.parse.from_first import respell_from_first
from sqllineage_scan.parse.model_clause import respell_model
from sqllineage_scan.parse.pipes import respell_pipes
from sqllineage_scan.parse.spelling_bigquery import BIGQUERY
from sqllineage_scan.parse.spelling_clickhouse import CLICKHOUSE
from sqllineage_scan.parse.spelling_hive import HIVE
from sqllineage_scan.parse.spelling_json import json_table
from sqllineage_scan.parse.spelling_teradata import TERADATA
from sqllineage_scan.parse.spelling_tsql import TSQL
from sqllineage_scan.parse.token_edits import behind_group, is_word, made

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Tokens = list[Token]


def respelled(tokens: Sequence[Token], sql: str, dialect: str) -> Tokens:
    """``tokens`` as the parser of ``dialect`` can read them."""
    found = _without_comments(binds_as_one(list(tokens), sql), sql)
    text = sql[found[0].start : found[-1].end + 1].upper() if found else ""
    changes = [change for change in _CHANGES.get(dialect, ()) if change[0].partition(" ")[0] in text]  # a look before the words
    written = {token.text.upper() for token in found} if changes else ()
    for word, change in changes:
        if word in written:
            found = change(found, sql)
    return found


def _without_comments(tokens: Tokens, sql: str) -> Tokens:
    """A comment before a hint, as in ``select /* nightly */ /*+ parallel */ a``, is more than the parser can take."""
    if not tokens or sql.find("/*+", tokens[0].start, tokens[-1].end + 1) < 0:
        return tokens
    if not any(token.token_type is TokenType.HINT for token in tokens):
        return tokens
    return [Token(token.token_type, token.text, token.line, token.col, token.start, token.end, []) for token in tokens]


def _directed(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """Snowflake: ``a inner directed join b`` says in which order to join."""
    after = [*tokens[1:], tokens[-1]]
    return [
        token for token, then in zip(tokens, after, strict=True) if not (is_word(token, "DIRECTED") and is_word(then, "JOIN"))
    ]


def _join_alias(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """Postgres: ``a join b using (id) as k`` gives the merged columns a name of their own; k.id is what id is."""
    names: set[str] = set()
    found: Tokens = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if is_word(token, "USING") and index + 1 < len(tokens) and tokens[index + 1].token_type is TokenType.L_PAREN:
            end = behind_group(tokens, index + 1)
            found.extend(tokens[index:end])
            index = end
            if index + 1 < len(tokens) and tokens[index].token_type is TokenType.ALIAS:
                names.add(tokens[index + 1].text.lower())
                index += 2
            continue
        found.append(token)
        index += 1
    after = [*found[1:], found[-1]]
    gone = {
        place + step
        for place, (token, then) in enumerate(zip(found, after, strict=True))
        if then.token_type is TokenType.DOT and token.text.lower() in names
        for step in (0, 1)
    }
    return [token for place, token in enumerate(found) if place not in gone]


def _set_is_no_alias(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """Teradata: in ``update t from s set a = s.b`` SET would be taken for the alias of s; so s gets its own name as one."""
    if not is_word(tokens[0], "UPDATE"):
        return tokens
    for index in range(len(tokens) - 1, 2, -1):
        name = tokens[index - 1]
        bare = is_word(tokens[index - 2], "FROM") or tokens[index - 2].token_type in (TokenType.COMMA, TokenType.DOT)
        if is_word(tokens[index], "SET") and bare and name.token_type is not TokenType.R_PAREN:
            return [*tokens[:index], made(TokenType.ALIAS, "as", name), name, *tokens[index:]]
    return tokens


def _partitioned_join(tokens: Tokens, sql: str) -> Tokens:
    """Oracle: ``a partition by (a.k) right outer join b`` joins once for every k."""
    for index, token in enumerate(tokens[:-1]):
        if token.token_type is TokenType.PARTITION_BY and tokens[index + 1].token_type is TokenType.L_PAREN:
            end = behind_group(tokens, index + 1)
            if end < len(tokens) and tokens[end].text.upper() in ("RIGHT", "LEFT", "FULL", "ON"):
                return _partitioned_join([*tokens[:index], *tokens[end:]], sql)
    return tokens


def _pivot_xml(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """Oracle: of ``pivot xml (… in (any))`` the list without values says as much."""
    pairs = zip(tokens[:1] + tokens[:-1], tokens, strict=True)
    return [token for before, token in pairs if not (is_word(token, "XML") and is_word(before, "PIVOT"))]


def _created_pivot(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """DuckDB: ``create table p as pivot t on …`` is read where the statement stands in parentheses."""
    for index, token in enumerate(tokens):
        if token.text.upper() in ("PIVOT", "UNPIVOT") and index and tokens[index - 1].token_type is TokenType.ALIAS:
            opened = [*tokens[:index], made(TokenType.L_PAREN, "(", token), *tokens[index:]]
            return [*opened, made(TokenType.R_PAREN, ")", tokens[-1])]
    return tokens


def _unpivot_nulls(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """DuckDB: ``unpivot t include nulls on a, b``; ``include_nulls`` finds the words again."""
    found = list(tokens)
    for index in range(len(tokens) - 3, 0, -1):
        words = [token.text.upper() for token in tokens[index : index + 3]]
        if words[0] in ("INCLUDE", "EXCLUDE") and words[1:] == ["NULLS", "ON"]:
            del found[index : index + 2]
    return found


def _bulk(tokens: Tokens, sql: str) -> Tokens:
    """T-SQL: ``openrowset(bulk 'path', …)`` as a function of the path alone."""
    for index, token in enumerate(tokens[:-1]):
        if is_word(token, "BULK") and index > 1 and is_word(tokens[index - 2], "OPENROWSET"):
            end = behind_group(tokens, index - 1)
            call = [made(TokenType.VAR, "read_bulk", token), tokens[index - 1], tokens[index + 1], tokens[end - 1]]
            if end + 1 < len(tokens) and is_word(tokens[end], "WITH") and tokens[end + 1].token_type is TokenType.L_PAREN:
                end = behind_group(tokens, end + 1)  # with (a int, b varchar(10)): names that r.a uses anyway
            return _bulk([*tokens[: index - 2], *call, *tokens[end:]], sql)
    return tokens


def _prior(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """Snowflake: ``connect_by_root name as root`` and ``prior name as boss`` are read as calls."""
    found: Tokens = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        found.append(token)
        word = token.text.upper()
        if word not in ("CONNECT_BY_ROOT", "PRIOR") or index >= len(tokens) or tokens[index].token_type is TokenType.L_PAREN:
            continue
        if word == "PRIOR" and any(is_word(before, "CONNECT") or is_word(before, "CONNECT BY") for before in tokens[:index]):
            continue
        end = index + 1
        while end + 1 < len(tokens) and tokens[end].token_type is TokenType.DOT:
            end += 2
        found[-1] = made(TokenType.VAR, token.text, token)
        found += [made(TokenType.L_PAREN, "(", token), *tokens[index:end], made(TokenType.R_PAREN, ")", tokens[end - 1])]
        index = end
    return found


def _from_first(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """``nth_value(a, 2) from first over (…)``."""
    after = [*tokens[1:], tokens[-1]]
    gone = {
        place + step
        for place, (token, then) in enumerate(zip(tokens, after, strict=True))
        if token.token_type is TokenType.FROM and then.text.upper() in ("FIRST", "LAST")
        if place and tokens[place - 1].token_type is TokenType.R_PAREN and place + 2 < len(tokens)
        if tokens[place + 2].text.upper() in ("OVER", "RESPECT", "IGNORE")
        for step in (0, 1)
    }
    return [token for place, token in enumerate(tokens) if place not in gone]


def _whole_tables(tokens: Tokens, sql: str) -> Tokens:
    """Trino: ``f(input => table(t) partition by a order by b prune when empty, n => 5)``: how a function is handed its table."""
    for index, token in enumerate(tokens[1:-1], 1):
        if is_word(token, "TABLE") and is_word(tokens[index - 1], "=>") and tokens[index + 1].token_type is TokenType.L_PAREN:
            start = end = behind_group(tokens, index + 1)
            while end < len(tokens) and tokens[end].token_type not in (TokenType.COMMA, TokenType.R_PAREN):
                end = behind_group(tokens, end) if tokens[end].token_type is TokenType.L_PAREN else end + 1
            if end > start:
                return _whole_tables([*tokens[:start], *tokens[end:]], sql)
    return tokens


def _table_argument(tokens: Tokens, sql: str) -> Tokens:
    """BigQuery: ``appends(table ds.t, null, null)`` is ``appends(table(ds.t), …)``, as sqlglot has it of its own."""
    for index, token in enumerate(tokens[2:-1], 2):
        name = tokens[index - 2]
        call = name.token_type is TokenType.VAR and tokens[index - 1].token_type is TokenType.L_PAREN
        if not call or not is_word(token, "TABLE") or tokens[index + 1].token_type is TokenType.L_PAREN:
            continue
        owners = [part.text.upper() for part in tokens[max(index - 4, 0) : index - 2]]
        if name.text.upper() in exp.FUNCTION_BY_NAME or owners in (["ML", "."], ["AI", "."]):
            continue
        end = next((at for at in range(index, len(tokens)) if tokens[at].token_type in _ENDS), len(tokens))
        opened, closed = made(TokenType.L_PAREN, "(", token), made(TokenType.R_PAREN, ")", token)
        found = [*tokens[: index + 1], opened, *tokens[index + 1 : end], closed, *tokens[end:]]
        return _table_argument(found, sql)
    return tokens


_ENDS = (TokenType.COMMA, TokenType.R_PAREN)


def _using_language(tokens: Tokens, sql: str) -> Tokens:
    """T-SQL: ``try_parse(a as date using 'en')``; Oracle: ``translate(a using nchar_cs)``. Which language, is no matter here."""
    for index, token in enumerate(tokens):
        if token.text.upper() in ("PARSE", "TRY_PARSE", "TRANSLATE") and index + 1 < len(tokens):
            end = behind_group(tokens, index + 1)
            words = [place for place in range(index + 1, end) if is_word(tokens[place], "USING")]
            if words and tokens[index + 1].token_type is TokenType.L_PAREN:
                name = made(TokenType.VAR, "translate_using", token) if is_word(token, "TRANSLATE") else token
                return _using_language([*tokens[:index], name, *tokens[index + 1 : words[0]], *tokens[end - 1 :]], sql)
    return tokens


def _at_local(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """Oracle: ``a at local`` is a in the session's time zone."""
    after = [*tokens[1:], tokens[-1]]
    before = [tokens[0], *tokens[:-1]]
    every = zip(before, tokens, after, strict=True)
    return [
        token
        for last, token, then in every
        if not (is_word(token, "AT") and is_word(then, "LOCAL")) and not (is_word(token, "LOCAL") and is_word(last, "AT"))
    ]


def _found_rows(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """MySQL: ``select sql_calc_found_rows distinct a``."""
    return [token for token in tokens if not is_word(token, "SQL_CALC_FOUND_ROWS")]


def _computed_columns(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """Snowflake: ``create external table t (d date as to_date(metadata$filename))`` needs no parentheses behind AS."""
    if not is_word(tokens[0], "CREATE") or not any(is_word(token, "EXTERNAL") for token in tokens[:4]):
        return tokens
    opened = next((index for index, token in enumerate(tokens) if token.token_type is TokenType.L_PAREN), len(tokens))
    end = behind_group(tokens, opened)
    found = tokens[: opened + 1]
    depth, closes = 0, False  # closes: behind an AS that was given its parenthesis
    for index in range(opened + 1, end):
        token = tokens[index]
        last = depth == 0 and (index == end - 1 or token.token_type is TokenType.COMMA or token.text.upper() in _BEHIND_VALUE)
        if closes and last:
            found.append(made(TokenType.R_PAREN, ")", tokens[index - 1]))
            closes = False
        found.append(token)
        depth += (token.token_type is TokenType.L_PAREN) - (token.token_type is TokenType.R_PAREN)
        if depth == 0 and is_word(token, "AS") and index + 1 < end and tokens[index + 1].token_type is not TokenType.L_PAREN:
            found.append(made(TokenType.L_PAREN, "(", tokens[index + 1]))
            closes = True
    return [*found, *tokens[end:]]


_BEHIND_VALUE = frozenset(("NOT", "NULL", "CONSTRAINT", "UNIQUE", "PRIMARY KEY", "PRIMARY", "COMMENT", "TAG", "WITH"))


def _identified(tokens: Tokens, sql: str) -> Tokens:
    """Databricks: ``insert into identifier(tbl) …``: what names the target becomes one word, which ``relation_name`` reads."""
    for index, token in enumerate(tokens[1:-1], 1):
        if not is_word(token, "IDENTIFIER") or tokens[index + 1].token_type is not TokenType.L_PAREN:
            continue
        if tokens[index - 1].text.upper() in _BEFORE_TARGET:
            end = behind_group(tokens, index + 1)
            name = Token(
                TokenType.IDENTIFIER, sql[token.start : tokens[end - 1].end + 1], token.line, token.col, token.start, token.end
            )
            return _identified([*tokens[:index], name, *tokens[end:]], sql)
    return tokens


_BEFORE_TARGET = frozenset(("INTO", "TABLE", "VIEW", "UPDATE", "EXISTS", "OVERWRITE"))


def _generated(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """``b int generated always as (a * 2) virtual`` is ``b int as (a * 2)``, wherever it is kept."""
    found: Tokens = []
    for index, token in enumerate(tokens):
        ahead = [part.text.upper() for part in tokens[index : index + 4]]
        always = ahead == ["GENERATED", "ALWAYS", "AS", "("] or ahead[:3] == ["ALWAYS", "AS", "("]
        where = ahead[0] in ("VIRTUAL", "STORED") and index > 0 and tokens[index - 1].token_type is TokenType.R_PAREN
        if not always and not where:
            found.append(token)
    return found


_CHANGES: dict[str, tuple[tuple[str, Callable[[Tokens, str], Tokens]], ...]] = {
    "": (("GENERATED", _generated),),
    "sqlite": (("GENERATED", _generated),),
    "bigquery": (*BIGQUERY, ("|>", respell_pipes), ("TABLE", _table_argument)),
    "teradata": (("FROM", _set_is_no_alias), *TERADATA),
    "databricks": (("|>", respell_pipes), ("IDENTIFIER", _identified)),
    "spark": (("|>", respell_pipes), ("IDENTIFIER", _identified)),
    "hive": HIVE,
    "snowflake": (("EXTERNAL", _computed_columns), ("DIRECTED", _directed), ("CONNECT_BY_ROOT", _prior), ("PRIOR", _prior)),
    "postgres": (("USING", _join_alias), ("GENERATED", _generated), ("JSON_TABLE", json_table)),
    "mysql": (("SQL_CALC_FOUND_ROWS", _found_rows), ("JSON_TABLE", json_table)),
    "trino": (("FIRST", _from_first), ("LAST", _from_first), ("PARTITION BY", _whole_tables), ("JSON_TABLE", json_table)),
    "athena": (("FIRST", _from_first), ("LAST", _from_first)),
    "oracle": (
        ("PARTITION BY", _partitioned_join),
        ("XML", _pivot_xml),
        ("MODEL", respell_model),
        ("USING", _using_language),
        ("LOCAL", _at_local),
        ("GENERATED", _generated),
        ("JSON_TABLE", json_table),
    ),
    "duckdb": (
        ("PIVOT", _created_pivot),
        ("UNPIVOT", _created_pivot),
        ("NULLS", _unpivot_nulls),
        ("GENERATED", _generated),
        ("VALUES", respell_from_first),
        ("UNNEST", respell_from_first),
    ),
    "clickhouse": CLICKHOUSE,
    "tsql": (("BULK", _bulk), ("USING", _using_language), *TSQL),
    "fabric": (("BULK", _bulk), ("USING", _using_language)),
}
