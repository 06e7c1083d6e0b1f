"""Which columns a star takes by their names: ``* like '%_id'``, ``columns('^x_')``, ``columns(c -> c like 'x%')``.

Whichever way a database offers, it becomes one regular expression that looks ahead from the first letter of a name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.dialects.ansi import Folding

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

_LIKE = (exp.Like, exp.ILike)
COMPARISONS = (*_LIKE, exp.SimilarTo, exp.Glob, exp.RegexpLike)


def taken(node: exp.Expr, scope: Scope) -> tuple[tuple[str, ...], str]:
    """Of ``*``, ``t.*`` or what ``columns(…)`` holds: the columns that it leaves out, and the pattern of those that it takes."""
    star = node.this if isinstance(node, exp.Column) else node
    if not isinstance(star, exp.Star):
        return (), pattern_of(node, scope)
    left_out = star.args.get("except_") or ()
    excluded = tuple(scope.alias_name(part) for part in left_out if not isinstance(part, exp.Literal))
    like = star.args.get("ilike")
    wanted = [_like(like.name)] if like is not None else []
    wanted += [f"(?!.*?(?:{part.name}))" for part in left_out if isinstance(part, exp.Literal)]  # ClickHouse: except ('^x_')
    return excluded, _compiled("".join(wanted), scope)


def pattern_of(node: exp.Expr, scope: Scope) -> str:
    """What ``columns(…)`` asks of a name, by regular expression, list of names or lambda; "" where it takes all."""
    if isinstance(node, exp.Literal) and node.is_string:
        return _compiled(f"(?=.*?(?:{node.this}))", scope)
    if isinstance(node, (exp.Array, exp.Tuple)):
        names = [scope.dialect.column(part.name) for part in node.expressions if part.name]
        return _compiled(_one_of(names), scope)
    if isinstance(node, exp.Lambda) and len(node.expressions) == 1:
        return _compiled(_condition(node.this) or "", scope)
    return ""


def comparison(node: exp.Expr, scope: Scope) -> str:
    """What ``* like '%_id'`` and ``* not similar to '.*_id'`` ask of a name."""
    return _compiled(_condition(node) or "", scope)


def _compiled(pattern: str, scope: Scope) -> str:
    """The pattern if it is one; where the case of names is folded away, it may not matter here either."""
    if scope.dialect.column_folding is not Folding.SENSITIVE and pattern:
        pattern = f"(?i:{pattern})"
    try:
        re.compile(pattern)
    except re.error:  # RE2 knows what re does not: \pL
        return ""
    return pattern


def _condition(node: exp.Expr) -> str | None:
    """A condition on a name as a group that takes nothing; None where it cannot be told."""
    if isinstance(node, exp.Paren):
        return _condition(node.this)
    if isinstance(node, exp.Not):
        inner = _condition(node.this)
        return inner and f"(?!{inner})"
    if isinstance(node, (exp.And, exp.Or)):
        left, right = _condition(node.this), _condition(node.expression)
        if left is None or right is None:
            return None
        return left + right if isinstance(node, exp.And) else f"(?:{left}|{right})"
    found = _test(node)
    return f"(?!{found})" if found and node.args.get("negate") else found


def _test(node: exp.Expr) -> str | None:
    """``c like 'x%'``, ``starts_with(c, 'x')``, ``c in ('x', 'y')``."""
    if isinstance(node, exp.In):
        return _one_of([part.name for part in node.expressions])
    literal = node.args.get("expression")
    if not isinstance(literal, exp.Literal):
        return None
    text = str(literal.this)
    for kinds, pattern in (
        (_LIKE, _like(text)),
        (exp.SimilarTo, f"(?=(?:{text})$)"),
        (exp.RegexpLike, f"(?=.*?(?:{text}))"),
        (exp.Glob, f"(?={_glob(text)}$)"),
        (exp.StartsWith, f"(?={re.escape(text)})"),
        (exp.EndsWith, f"(?=.*{re.escape(text)}$)"),
        (exp.Contains, f"(?=.*{re.escape(text)})"),
        (exp.EQ, _one_of([text])),
        (exp.NEQ, f"(?!{re.escape(text)}$)"),
    ):
        if isinstance(node, kinds):
            return pattern
    return None


def _like(text: str) -> str:
    parts = (".*" if part == "%" else "." if part == "_" else re.escape(part) for part in re.split("([%_])", text))
    return f"(?={''.join(parts)}$)"


def _glob(text: str) -> str:
    return "".join(".*" if part == "*" else "." if part == "?" else re.escape(part) for part in text)


def _one_of(names: list[str]) -> str:
    return f"(?=(?:{'|'.join(re.escape(name) for name in names)})$)"
