"""Lines that a script has for the client that runs it, and that no database ever sees: SQL*Plus, psql, sqlcmd, SnowSQL, mysql."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_SQLPLUS = re.compile(
    r"[ \t]*(?:@|(?:set|whenever|prompt|spool|define|undefine|undef|show|start|column|col|ttitle|btitle|break|compute|accept|rem|"
    r"remark|host|connect|conn|disconnect|timing|clear|pause|variable|var|print|describe|desc|repheader|password|whenever)\b"
    r"|(?:exit|quit)(?=\s*(?:;|$|\d|success|failure|warning|sql\.sqlcode|commit|rollback))).*",
    re.IGNORECASE,
)
_CALLED = re.compile(r"[ \t]*exec(?:ute)?[ \t]+(?!immediate\b)[^;]*$", re.IGNORECASE)
_LINES = re.MULTILINE | re.IGNORECASE
_PSQL = re.compile(r"^[ \t]*\\(?!copy\b).*$", re.MULTILINE)
_PSQL_COPY = re.compile(r"^([ \t]*)\\(copy\b[^\n]*?);?[ \t]*(?:\n|$)", re.MULTILINE | re.IGNORECASE)
_PSQL_DATA = re.compile(r"(^[ \t]*copy\b[^;\n]*\bfrom\s+stdin\b[^;\n]*;[ \t]*\n)(.*?)(^\\\.[ \t]*$|\Z)", _LINES | re.DOTALL)
_WRITTEN = re.compile(r"[^\n]")
_SQLCMD = re.compile(
    r"^[ \t]*:(?:setvar|r|on|connect|out|error|perftrace|list|listvar|reset|exit|quit|xml|ed|help|status|!!)\b.*$",
    re.MULTILINE | re.IGNORECASE,
)
_REPEATED = re.compile(r"^([ \t]*GO)[ \t]+\d+[ \t]*$", re.MULTILINE | re.IGNORECASE)
_BANG = re.compile(r"^[ \t]*!\w.*$", re.MULTILINE)
_DOT = re.compile(r"^\.[a-z]\w*.*$", re.MULTILINE)
_MYSQL = re.compile(r"^[ \t]*source[ \t]+\S+[ \t]*;?[ \t]*$", re.MULTILINE | re.IGNORECASE)
_VERSIONED = re.compile(r"/\*!\d*(.*?)\*/", re.DOTALL)


def without_client_lines(text: str, dialect: str) -> str:
    """``text`` of the same length with such lines blank, so that they are no part of the statement behind them.

    set serveroutput on             SQL*Plus: no semicolon ends it
    create table t as select …;
    """
    rule = _RULES.get(dialect)
    return rule(text) if rule is not None else text


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _sqlplus(text: str) -> str:
    """Only where no statement is under way: in ``update t⏎set a = 1`` the line is the statement's."""
    found: list[str] = []
    between = True  # statements
    for line in text.splitlines(keepends=True):
        bare, end = line.rstrip("\r\n"), line[len(line.rstrip("\r\n")) :]
        if between and _SQLPLUS.fullmatch(bare):
            found.append(" " * len(bare) + end)
            continue
        said = bare.strip()
        if between and _CALLED.fullmatch(bare) and end:
            found.append(f"{bare};{end[1:]}")
            continue
        if said and not said.startswith(("--", "/*", "*")) and not said.endswith("*/"):
            between = said.endswith(";") or said == "/"
        found.append(line)
    return "".join(found)


def _psql(text: str) -> str:
    if "\\" not in text:
        return text
    text = _PSQL_DATA.sub(lambda match: match[1] + _WRITTEN.sub(" ", match[2] + match[3]), text)
    return _PSQL_COPY.sub(_copied, _PSQL.sub(_blank, text))


def _copied(match: re.Match[str]) -> str:
    """psql's own copy, ``copy t from 'x.csv'`` behind a backslash, ends with its line."""
    written = f"{match[1]} {match[2]}"
    return written + ";".ljust(len(match[0]) - len(written)) if len(written) < len(match[0]) else written


def _sqlcmd(text: str) -> str:
    """Also ``GO 5``, a batch that is run five times."""
    return _REPEATED.sub(lambda match: match[1].ljust(len(match[0])), _SQLCMD.sub(_blank, text))


def _mysql(text: str) -> str:
    """``/*!50001 create view v as select … */`` is read by every server that is new enough."""
    plain = _MYSQL.sub(_blank, text)
    return _VERSIONED.sub(lambda match: match[1].rjust(len(match[0]) - 2) + "  ", plain) if "/*!" in plain else plain


def _lines(pattern: re.Pattern[str]) -> Callable[[str], str]:
    return lambda text: pattern.sub(_blank, text)


_RULES: dict[str, Callable[[str], str]] = {
    "oracle": _sqlplus,
    **dict.fromkeys(("postgres", "redshift", "materialize", "risingwave"), _psql),
    **dict.fromkeys(("tsql", "fabric"), _sqlcmd),
    **dict.fromkeys(("snowflake", "hive", "spark", "databricks"), _lines(_BANG)),
    **dict.fromkeys(("sqlite", "duckdb"), _lines(_DOT)),
    **dict.fromkeys(("mysql", "doris", "starrocks", "singlestore"), _mysql),
}
