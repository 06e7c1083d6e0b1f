"""Expressions and clauses in a form in which what means the same is written the same.

Layout, comments, redundant parentheses, the case of words, the order of conjuncts: none of them is left. Columns stand in it
as *places*, by the names they have here; ``resolve/normal_form.py`` puts in what they mean, so that aliases do not matter
either. Nothing is simplified: ``a = a`` is not true where a is null. What is not equal here counts as changed.

where (o.Paid) AND NOT o.gone  -- really        not(⟨o.gone⟩), ⟨o.paid⟩
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.definition import unmarked
from sqllineage_scan.domain.unit import BESIDE, CLOSE, OPEN, PLACE, STEP, Clause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqllineage_scan.parse.scope import Scope

_FOLDED = frozenset("unit kind side method over".split())  # arguments that are words of SQL, not text of the user's
_POSITIONAL = ("this", "expression", "expressions")
_TOLD_VALUE = "?value"


def normal_form(node: exp.Expr, scope: Scope) -> str:
    """``node`` with its columns as places. A query in it that is a relation of its own is a place too; a value that is a
    projection of its own is only marked: it is compared as such.
    """
    return _text(node, scope)


def conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    """``a and (b and c)``: a, b, c. A row is kept where all of them are true, in whatever order they are asked."""
    pending = [condition]
    while pending:
        part = pending.pop()
        while isinstance(part, exp.Paren):
            part = part.this
        if isinstance(part, exp.And):
            pending += [part.expression, part.this]
        else:
            yield part


def clause(kind: str, node: exp.Expr, scope: Scope, *, of: int = -1) -> Clause:
    """``filter`` by ``o.status = 'paid'``; ``of``: the input that a join's condition belongs to."""
    return Clause(kind, _text(node, scope), shown(node, scope), scope.text.node_span(node), of)


def extras(node: exp.Expr, scope: Scope, *, beside: Iterable[str]) -> str:
    """All that is said of ``node`` but the arguments named: ``tablesample (10 percent)`` of a table."""
    return _arguments(node.args, scope, frozenset(beside))


def shown(node: exp.Expr, scope: Scope) -> str:
    """As SQL on one line, for people. What filters are mostly made of is written here: sqlglot takes ten times as long."""
    text = _simple(node)
    if text is None:
        text = node.sql(dialect=scope.dialect.name or None, comments=False)
    return scope.text.in_template(text) if "__" in text else text


def _simple(node: exp.Expr | None) -> str | None:
    if node is None:
        return None
    if isinstance(node, exp.Column):
        parts = node.parts
        return ".".join([part.name for part in parts]) if all(type(part) is exp.Identifier for part in parts) else None
    if isinstance(node, exp.Literal):
        return f"'{node.this}'" if node.is_string else str(node.this)
    operator = _OPERATORS.get(type(node))
    if operator is not None and isinstance(node, exp.Binary):
        left, right = _simple(node.this), _simple(node.expression)
        return None if left is None or right is None else f"{left} {operator} {right}"
    if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
        left = _simple(node.this)
        return None if left is None else f"{left} IS {'NOT ' if node.args.get('negate') else ''}NULL"
    if isinstance(node, exp.Not) and not isinstance(node.this, (exp.In, exp.Is, exp.Like, exp.Between)):
        inner = _simple(node.this)
        return None if inner is None else f"NOT {inner}"
    return None


def _text(node: exp.Expr, scope: Scope) -> str:
    told = scope.told.get(id(node))
    if told is not None:
        return _TOLD_VALUE if told[1] is None else _place(("",), str(told[1]))
    write = _WRITERS.get(type(node))
    if write is not None:
        return write(node, scope)
    return f"{node.key}({_arguments(node.args, scope)})"


def _arguments(arguments: Mapping[str, object], scope: Scope, left_out: frozenset[str] = frozenset()) -> str:
    parts = []
    for key, value in arguments.items():
        if value is None or value is False or value == [] or key in left_out or key[0] == "_":
            continue
        text = _value(key, value, scope)
        if text:
            parts.append(text if key in _POSITIONAL else f"{key}={text}")
    return ",".join(parts)


def _value(key: str, value: object, scope: Scope) -> str:
    if isinstance(value, exp.Expr):
        return _text(value, scope)
    if isinstance(value, list):
        return f"[{','.join(_value(key, item, scope) for item in value)}]"
    return unmarked(str(value).lower() if key in _FOLDED else str(value))


def _inside(node: exp.Expr, scope: Scope) -> str:
    return _text(node.this, scope)


def _identifier(node: exp.Identifier, scope: Scope) -> str:
    name = node.name
    meant = scope.text.names.get(name.lower())
    if meant is not None:
        return str(meant)
    folded = unmarked(scope.dialect.column(name, quoted=bool(node.args.get("quoted"))))
    return scope.text.with_holes(folded) if scope.text.holes and "__" in folded else folded


def _column(node: exp.Column, scope: Scope) -> str:
    """A place, by the same names as the ``Reference`` that the visitor makes of it."""
    if isinstance(node.this, exp.Star):
        table = node.args.get("table")
        owner = qualifier_name(table, scope) if isinstance(table, exp.Identifier) else ""
        return f"{_place((owner,), '*')}{_star(node.this, scope)}"
    if not isinstance(node.this, exp.Identifier):
        return f"column({_arguments(node.args, scope)})"
    parts = [part for part in node.parts if isinstance(part, exp.Identifier)]
    dialect, text = scope.dialect, scope.text
    names = [dialect.column(part.this, quoted=bool(part.args.get("quoted"))) for part in parts]
    if text.holes and any("__" in name for name in names):
        written = text.with_holes(".".join(names))
        if written != ".".join(names):
            return written
    if len(names) == 1 and names[0] in scope.expressions:
        inner = scope.inner(expressions={other: value for other, value in scope.expressions.items() if other != names[0]})
        return _text(scope.expressions[names[0]], inner)
    qualifier = [qualifier_name(part, scope) for part in parts[:-1]] if text.names else names[:-1]
    return _place(qualifier, names[-1])


def qualifier_name(part: exp.Identifier, scope: Scope) -> str:
    """`ref__0`.amount, which the template wrote as {{ ref('orders') }}.amount, is qualified by ``orders``."""
    symbolic = scope.text.names.get(part.name.lower()) if scope.text.names else None
    return scope.alias_name(symbolic.last if symbolic else part)


def _place(qualifier: Iterable[str], name: str) -> str:
    key = STEP.join((*qualifier, name))
    if not key.isprintable():
        key = STEP.join([unmarked(part) for part in (*qualifier, name)])
    return f"{PLACE}{key}{PLACE}"


def _star(node: exp.Star, scope: Scope) -> str:
    return _arguments(node.args, scope)


def _bare_star(node: exp.Star, scope: Scope) -> str:
    """``count(*)`` counts rows and reads no column."""
    return f"*{_star(node, scope)}"


def _literal(node: exp.Literal, scope: Scope) -> str:
    text = unmarked(str(node.this))
    if not node.is_string:
        return text.lower()
    text = scope.text.in_template(text) if "__" in text else text
    return "'" + text.replace("'", "''") + "'"


def _any_order(node: exp.Connector, scope: Scope) -> str:
    """``a or b or c``: flat."""
    return f"{node.key}({unordered([_text(part, scope) for part in _flat(node)])})"


def unordered(parts: Sequence[str]) -> str:
    if any(PLACE in part for part in parts):
        return f"{OPEN}{BESIDE.join(parts)}{CLOSE}"
    return ",".join(sorted(parts))


def _flat(node: exp.Connector) -> Iterator[exp.Expr]:
    pending: list[exp.Expr] = [node]
    kind = type(node)
    while pending:
        part = pending.pop()
        while isinstance(part, exp.Paren):
            part = part.this
        if type(part) is kind:
            pending += [part.args["expression"], part.this]
        else:
            yield part


def _either_way(node: exp.Binary, scope: Scope) -> str:
    """``a = b`` is ``b = a``. In ``set a = b`` the value is a projection of its own, and its name says where it goes."""
    if scope.told.get(id(node.expression), (None, 0))[1] is None:
        return _TOLD_VALUE
    return f"{node.key}({unordered([_text(node.this, scope), _text(node.expression, scope)])})"


def _in(node: exp.In, scope: Scope) -> str:
    """The values of a list in any order."""
    values = unordered([_text(value, scope) for value in node.expressions])
    rest = _arguments(node.args, scope, frozenset({"expressions", "this"}))
    return f"in({_text(node.this, scope)},[{values}]{rest})"


def _window(node: exp.Window, scope: Scope) -> str:
    """A window that has a name is what the name stands for."""
    named = node.args.get("alias")
    over = scope.windows.get(scope.alias_name(named)) if named is not None and node.args.get("over") else None
    if over is None:
        return f"window({_arguments(node.args, scope, frozenset({'over'}))})"
    own = {key: value for key, value in node.args.items() if value}
    return f"window({_arguments({**over.args, **own}, scope, frozenset({'alias', 'over'}))})"


def _called(node: exp.Expr, scope: Scope) -> str:
    """A function that the parser has no type for. Its name has no case, but in ClickHouse."""
    name = str(node.this) if isinstance(node.this, str) else _text(node.this, scope)
    if scope.dialect.name != "clickhouse":
        name = name.lower()
    return f"{unmarked(name)}({_arguments(node.args, scope, frozenset({'this'}))})"


def _word(node: exp.Expr, scope: Scope) -> str:
    text = unmarked(str(node.this).lower())
    return scope.text.with_holes(text) if scope.text.holes and "__" in text else text


def _type(node: exp.DataType, scope: Scope) -> str:
    del scope
    if not node.expressions and isinstance(node.this, exp.DType) and node.this is not exp.DType.USERDEFINED:
        return str(node.this.value).lower()
    return unmarked(str(node.sql()).lower())


def _subquery(node: exp.Subquery, scope: Scope) -> str:
    rest = _arguments(node.args, scope, frozenset({"this", "alias"}))
    inner = _text(node.this, scope)
    return f"subquery({inner},{rest})" if rest else inner


def _table(node: exp.Table, scope: Scope) -> str:
    rest = _arguments(node.args, scope, frozenset({"this", "db", "catalog", "alias"}))
    own = _text(node.this, scope) if isinstance(node.this, exp.Expr) else str(node.this)
    owners = (node.args.get(key) for key in ("catalog", "db"))
    name = ".".join([*(_text(owner, scope) for owner in owners if isinstance(owner, exp.Expr)), own])
    alias = scope.table_alias(node.args.get("alias")).name
    return f"table({','.join(part for part in (name, alias, rest) if part)})"


_WRITERS: dict[type[exp.Expr], Callable[..., str]] = {
    exp.Alias: _inside,
    exp.And: _any_order,
    exp.Anonymous: _called,
    exp.AnonymousAggFunc: _called,
    exp.Column: _column,
    exp.DataType: _type,
    exp.EQ: _either_way,
    exp.Identifier: _identifier,
    exp.In: _in,
    exp.Literal: _literal,
    exp.NEQ: _either_way,
    exp.NullSafeEQ: _either_way,
    exp.Or: _any_order,
    exp.Paren: _inside,
    exp.Star: _bare_star,
    exp.Subquery: _subquery,
    exp.Table: _table,
    exp.Var: _word,
    exp.Window: _window,
}
_OPERATORS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.NEQ: "<>",
}
