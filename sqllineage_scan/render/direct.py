"""Templates that only call by name, run without Jinja's compiler: nearly all that most models hold.

    {{ config(materialized='table') }} select * from {{ ref('orders') }}

Jinja turns a template into Python and compiles that, which costs milliseconds, to run it once. Where a template only
prints, sets and asks, in expressions that read alike in Python, Python's own parser reads them; every other template is
left to Jinja. The values pass through the same sandbox either way.
"""

from __future__ import annotations

import ast
import operator
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqllineage_scan.render.bounds import check_size, joined
from sqllineage_scan.render.sandbox import run, sandbox
from sqllineage_scan.render.template import PieceKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jinja2.runtime import Context

    from sqllineage_scan.render.sandbox import Names
    from sqllineage_scan.render.template import Piece

_TAG = re.compile(r"\{%[-+]?\s*(set\s+([A-Za-z_]\w*)\s*=(?!=)|if\b|elif\b|else\b|endif\b)(.*?)[-+]?%\}", re.DOTALL)
_UNLIKE_PYTHON = re.compile(r"[\\#@]")  # an escape, a comment
_TILDE = re.compile(r"""('[^']*'|"[^"]*")|~""")
_WORDS: dict[str, object] = {"true": True, "false": False, "none": None}
_LITERALS = (str, int, float, bool, type(None))
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}


class Step(NamedTuple):
    """What one piece of a template does."""

    verb: str  # print, set, if, elif, else, endif
    expression: ast.expr | None = None
    variable: str = ""  # of set


def steps(text: str, pieces: Sequence[Piece]) -> list[Step | None] | None:
    """What a template does piece by piece, None for text; no list at all where Jinja has to be asked."""
    found: list[Step | None] = []
    depth = 0
    for piece in pieces:
        if piece.kind is PieceKind.TEXT:
            found.append(None)
            continue
        step = _step(piece, text[piece.start : piece.end])
        if step is None:
            return None
        depth += (step.verb == "if") - (step.verb == "endif")
        if depth < (step.verb in ("elif", "else")):
            return None
        found.append(step)
    return None if depth else found


def _step(piece: Piece, tag: str) -> Step | None:
    if piece.kind is PieceKind.PRINT:
        verb, variable, said = "print", "", tag[2:-2].strip("-+")
    elif piece.kind is PieceKind.TAG and (head := _TAG.fullmatch(tag)) is not None:
        verb, variable, said = piece.word, head[2] or "", head[3]
    else:
        return None
    if verb in ("else", "endif"):
        return Step(verb) if not said.strip() else None
    expression = plain(said)
    return None if expression is None else Step(verb, expression, variable)


@lru_cache(maxsize=4096)
def plain(said: str) -> ast.expr | None:
    """An expression that means the same to Python and to Jinja; None for any other. ``~`` is read as ``@``."""
    if _UNLIKE_PYTHON.search(said) is not None:
        return None
    try:
        expression = ast.parse(_TILDE.sub(lambda found: found[1] or "@", said.strip()), mode="eval").body
        return expression if _is_plain(expression) else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_plain(node: ast.AST) -> bool:
    match node:
        case ast.Constant():
            return isinstance(node.value, _LITERALS)
        case ast.Name() | ast.cmpop() | ast.boolop() | ast.expr_context() | ast.Not() | ast.MatMult():
            return True
        case ast.Compare():
            fits = len(node.ops) == 1 and type(node.ops[0]) in _COMPARISONS
        case ast.BinOp():
            fits = isinstance(node.op, ast.MatMult)
        case ast.UnaryOp():
            fits = isinstance(node.op, ast.Not)
        case ast.Dict():
            fits = None not in node.keys
        case ast.keyword():
            fits = node.arg is not None
        case ast.Subscript():
            fits = isinstance(node.slice, ast.Constant)
        case _:
            fits = isinstance(node, (ast.Attribute, ast.Call, ast.List, ast.BoolOp, ast.IfExp))
    return fits and all(map(_is_plain, ast.iter_child_nodes(node)))


def written_by(said: Sequence[Step | None], names: Names, begin: Callable[[int], None]) -> Iterator[tuple[int, str]]:
    """(number of the piece, what it writes) for every piece that is reached, ``begin`` called before each."""
    context = context_of(names)
    open_ifs: list[tuple[bool, bool]] = []  # of each: whether this branch is taken, whether one was
    for number, step in enumerate(said):
        reached = all(taken for taken, _ in open_ifs)
        if step is None:
            if reached:
                yield number, ""
        elif step.verb == "print":
            if reached:
                begin(number)
                yield number, str(check_size(valued(step.expression, context)))
        elif step.verb == "set":
            if reached:
                begin(number)
                context.vars[step.variable] = valued(step.expression, context)
        elif step.verb == "endif":
            open_ifs.pop()
        else:
            _, done = open_ifs.pop() if step.verb != "if" else (False, not reached)
            taken = not done
            if taken and step.expression is not None:
                begin(number)
                taken = bool(valued(step.expression, context))
            open_ifs.append((taken, done or taken))


@cache
def _nothing() -> Any:
    return sandbox().from_string("")


def context_of(names: Names) -> Context:
    """What a template sees that has set nothing yet."""
    return run(_nothing(), names)[1]


def valued(node: ast.expr | None, context: Context) -> Any:
    """The value of a plain expression, as Jinja would find it."""
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return _WORDS[node.id] if node.id in _WORDS else context.resolve_or_missing(node.id)
        case ast.Attribute():
            return sandbox().getattr(valued(node.value, context), node.attr)
        case ast.Call():
            called = valued(node.func, context)
            named = {str(keyword.arg): valued(keyword.value, context) for keyword in node.keywords}
            return sandbox().call(context, called, *[valued(argument, context) for argument in node.args], **named)
        case ast.List():
            return [valued(item, context) for item in node.elts]
        case ast.Dict():
            keys = [valued(key, context) for key in node.keys]
            return dict(zip(keys, [valued(value, context) for value in node.values], strict=True))
    return _combined(node, context)


def _combined(node: ast.expr | None, context: Context) -> Any:
    match node:
        case ast.Subscript():
            return sandbox().getitem(valued(node.value, context), valued(node.slice, context))
        case ast.Compare():
            compare = _COMPARISONS[type(node.ops[0])]
            return compare(check_size(valued(node.left, context)), valued(node.comparators[0], context))
        case ast.BinOp():
            return joined([valued(node.left, context), valued(node.right, context)])
        case ast.UnaryOp():
            return not valued(node.operand, context)
        case ast.IfExp():
            return valued(node.body if valued(node.test, context) else node.orelse, context)
        case ast.BoolOp():
            value: Any = None
            for operand in node.values:
                value = valued(operand, context)
                if bool(value) is isinstance(node.op, ast.Or):
                    break
            return value
    raise AssertionError(f"{node} is not plain")
