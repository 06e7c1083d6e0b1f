"""Texts that a script puts together: what is known of them, and what is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Mapping


class Unknown(NamedTuple):
    """A part of a text that nothing in the script tells."""

    expression: str


Part = str | Unknown


Held = str | Sequence[Part]
"""What a variable is known to hold: a text, or the parts of one."""


def text_parts(node: exp.Expr, constants: Mapping[str, Held]) -> list[Part]:
    """A string expression in order, neighbouring known parts joined.

    'insert into ' || tbl || ' select 1'     ["insert into ", Unknown("tbl"), " select 1"]
    """
    parts: list[Part] = []
    for part in _parts(node, constants):
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    return parts


def constant_text(node: exp.Expr, constants: Mapping[str, Held]) -> str | None:
    """The whole text where all of it is known."""
    return whole_text(text_parts(node, constants))


def whole_text(parts: Sequence[Part]) -> str | None:
    """None where a part is not known."""
    return "".join(part for part in parts if isinstance(part, str)) if all(isinstance(part, str) for part in parts) else None


def _parts(node: exp.Expr, constants: Mapping[str, Held]) -> list[Part]:
    if isinstance(node, (exp.Literal, exp.National, exp.RawString)):
        return [str(node.this)]
    if isinstance(node, (exp.Paren, exp.Cast, exp.TryCast)):
        return _parts(node.this, constants)
    if isinstance(node, (exp.DPipe, exp.Add)):
        return [*_parts(node.this, constants), *_parts(node.expression, constants)]
    if isinstance(node, (exp.Concat, exp.ConcatWs)):
        return [part for each in node.expressions for part in _parts(each, constants)]
    if isinstance(node, exp.Format) or (isinstance(node, exp.Anonymous) and node.name.lower() == "format"):
        formatted = _formatted(node, constants)
        if formatted is not None:
            return formatted
    name = _variable(node)
    for held in (name, f"${name[1:]}"):  # Snowflake's variables are kept as $v
        if held in constants:
            known = constants[held]
            return [known] if isinstance(known, str) else list(known)
    if isinstance(node, exp.Func) and _transparent(node) and isinstance(node.this, exp.Expr):
        return _parts(node.this, constants)
    called = node.expression if isinstance(node, exp.Dot) else node  # dbms_assert.simple_sql_name(t)
    if isinstance(called, exp.Anonymous) and called.name.lower() in _QUOTES and called.expressions:
        mark = _QUOTES[called.name.lower()]
        return [mark, *_parts(called.expressions[0], constants), mark]
    return [Unknown(node.sql())]


# Functions that make a name or a value safe, and the quotes that values get: names are left as they are.
_QUOTES = {
    **dict.fromkeys(("quote_ident", "quotename", "simple_sql_name", "qualified_sql_name", "sql_object_name", "schema_name"), ""),
    **dict.fromkeys(("quote_literal", "quote_nullable", "enquote_literal"), "'"),
}


def _transparent(node: exp.Func) -> bool:
    """Functions that trim a text: ``lower(@t)``."""
    return type(node).__name__ in ("Trim", "Lower", "Upper")


def _formatted(node: exp.Expr, constants: Mapping[str, Held]) -> list[Part] | None:
    """``format('insert into %s select %d', t, n)``: each place takes the next argument."""
    template = node.this if isinstance(node, exp.Format) else node.expressions[0] if node.expressions else None
    if not isinstance(template, (exp.Literal, exp.RawString)):
        return None
    arguments = list(node.expressions if isinstance(node, exp.Format) else node.expressions[1:])
    parts: list[Part] = []
    pieces = str(template.this).split("%")
    parts.append(pieces[0])
    for piece in pieces[1:]:
        if piece[:1] in ("s", "I", "L", "d", "t", "T") and arguments:
            parts.extend(_parts(arguments.pop(0), constants))
            parts.append(piece[1:])
        else:
            parts.append("%" + piece)
    return parts


def _variable(node: exp.Expr) -> str:
    """The name of a variable as ``Session`` keeps it."""
    if isinstance(node, exp.Column) and not node.args.get("table"):
        return node.name.lower()
    if isinstance(node, exp.Placeholder):
        return str(node.this or "").lower()
    if isinstance(node, exp.Parameter):
        name = node.name.lower()
        return f"@{name}"
    return ""
