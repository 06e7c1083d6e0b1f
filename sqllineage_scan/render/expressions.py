"""Jinja's expressions read by Python's own parser, where they mean the same to both: ``ref('orders')``, ``a ~ '_' ~ b``.

Jinja turns a template into Python and compiles that, which costs milliseconds, to run it once. The values pass through the
same sandbox either way.
"""

from __future__ import annotations

import ast
import operator
import re
from functools import lru_cache
from keyword import kwlist
from typing import TYPE_CHECKING, Any

from sqllineage_scan.render.bounds import check_size
from sqllineage_scan.render.sandbox import concatenated, sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2.runtime import Context

_STRING = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
_UNLIKE_PYTHON = re.compile(rf"""(?P<said>{_STRING})|[\\#@]""", re.DOTALL)  # outside strings: a comment, our own sign for ~
_ESCAPES_APART = re.compile(r"""\\[^nt'"\\]""")  # in strings: those that both read alike are left
_RESPELLED = re.compile(
    rf"""({_STRING})|(~)|\b(return(?=\s*\()|(?:{"|".join(word for word in kwlist if word.islower())})(?=\s*=(?!=)))|\s+""",
    re.DOTALL,
)
_KEPT = "python_keeps_"  # before a word that Python keeps for itself
_WORDS: dict[str, object] = {"true": True, "false": False, "none": None}
_LITERALS = (str, int, float, bool, type(None))
_TESTS = frozenset("none defined undefined string mapping iterable number sequence boolean true false integer".split())
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_BOUNDED: dict[type[ast.operator], str] = {ast.Add: "+", ast.Mult: "*", ast.Mod: "%"}
_TIGHT = (ast.Mult, ast.Mod)  # they bind tighter than ``~``, but not than Python's ``@``
_UNTESTED = (ast.Name, ast.Attribute, ast.Call, ast.Subscript)  # Jinja tests what stands right before ``is``


class Frame:
    """What names mean: those set in a macro or a loop, and else what the context says."""

    __slots__ = ("context", "own")

    def __init__(self, context: Context, own: dict[str, Any] | None = None) -> None:
        self.context, self.own = context, own

    def set(self, name: str, value: Any) -> None:
        names = self.context.vars if self.own is None else self.own
        names[name] = value

    def inner(self, names: Mapping[str, Any]) -> Frame:
        """For one turn of a loop."""
        return Frame(self.context, {**(self.own or {}), **names})


@lru_cache(maxsize=4096)
def plain(said: str) -> ast.expr | None:
    """An expression that means the same to Python and to Jinja; None for any other. ``~`` is read as ``@``, and the words
    of ``star(from=x)`` and ``return(x)`` that Python keeps for itself have other names.
    """
    if any(not mark["said"] for mark in _UNLIKE_PYTHON.finditer(said)) or _ESCAPES_APART.search(said) is not None:
        return None
    try:
        expression = ast.parse(_RESPELLED.sub(_respelled, said.strip()), mode="eval").body
        return expression if _is_plain(expression) else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _respelled(found: re.Match[str]) -> str:
    string, tilde, word = found.groups()
    return string or (f"{_KEPT}{word}" if word else "@" if tilde else " ")


def names_in(expression: ast.expr) -> set[str]:
    """The names that an expression mentions."""
    return {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}


def _is_plain(node: ast.AST) -> bool:
    match node:
        case ast.Constant():
            return isinstance(node.value, _LITERALS)
        case ast.Name() | ast.cmpop() | ast.boolop() | ast.expr_context() | ast.unaryop() | ast.operator():
            return True
        case ast.Compare():
            fits = len(node.ops) == 1 and (type(node.ops[0]) in _COMPARISONS or _is_test(node))
        case ast.BinOp():
            fits = _is_operation(node) or _is_filter(node)
        case ast.UnaryOp():
            fits = isinstance(node.op, (ast.Not, ast.USub))
        case ast.Dict():
            fits = None not in node.keys
        case ast.keyword():
            fits = node.arg is not None
        case ast.Subscript():
            fits = not isinstance(node.slice, (ast.Slice, ast.Tuple))
        case _:
            fits = isinstance(node, (ast.Attribute, ast.Call, ast.List, ast.Tuple, ast.BoolOp, ast.IfExp))
    return fits and all(map(_is_plain, ast.iter_child_nodes(node)))


def _is_operation(node: ast.BinOp) -> bool:
    """``a ~ b``, ``a + b``; not ``a ~ b * c``, which Jinja groups otherwise."""
    around = [side.op for side in (node.left, node.right) if isinstance(side, ast.BinOp)]
    if isinstance(node.op, ast.MatMult):
        return not any(isinstance(operation, _TIGHT) for operation in around)
    if isinstance(node.op, _TIGHT):
        return not any(isinstance(operation, ast.MatMult) for operation in around)
    return isinstance(node.op, (ast.Add, ast.Sub))


def _is_test(node: ast.Compare) -> bool:
    """``x is none``, ``x is not string``. To Jinja a test belongs to the last word before it: ``a ~ b is none``."""
    named = node.comparators[0]
    known = isinstance(named, ast.Name) and named.id in _TESTS
    return isinstance(node.ops[0], (ast.Is, ast.IsNot)) and known and isinstance(node.left, _UNTESTED)


def _is_filter(node: ast.BinOp) -> bool:
    """``x | lower``, ``x | replace('a', 'b')``. To Jinja a filter belongs to the last word before it: ``a ~ b | lower``."""
    given, filtered = node.left, node.right
    alone = isinstance(given, (*_UNTESTED, ast.Constant, ast.List)) or (isinstance(given, ast.BinOp) and _is_filter(given))
    if isinstance(filtered, ast.Call):
        filtered = filtered.func
    return isinstance(node.op, ast.BitOr) and alone and isinstance(filtered, ast.Name)


def valued(node: ast.expr | None, frame: Frame) -> Any:
    """The value of a plain expression, as Jinja would find it."""
    return _VALUED[type(node)](node, frame)


def _constant(node: ast.Constant, frame: Frame) -> Any:
    del frame
    return node.value


def _name(node: ast.Name, frame: Frame) -> Any:
    name, own = node.id, frame.own
    if name in _WORDS:
        return _WORDS[name]
    return own[name] if own is not None and name in own else frame.context.resolve_or_missing(as_said(name))


def _attribute(node: ast.Attribute, frame: Frame) -> Any:
    return sandbox().getattr(valued(node.value, frame), node.attr)


def _call(node: ast.Call, frame: Frame) -> Any:
    called = valued(node.func, frame)
    named = {as_said(keyword.arg): valued(keyword.value, frame) for keyword in node.keywords}
    return sandbox().call(frame.context, called, *[valued(argument, frame) for argument in node.args], **named)


def as_said(name: str | None) -> str:
    """The word as the template has it."""
    return str(name).removeprefix(_KEPT)


def _list(node: ast.List, frame: Frame) -> Any:
    return [valued(item, frame) for item in node.elts]


def _tuple(node: ast.Tuple, frame: Frame) -> Any:
    return tuple([valued(item, frame) for item in node.elts])


def _dict(node: ast.Dict, frame: Frame) -> Any:
    return {valued(key, frame): valued(value, frame) for key, value in zip(node.keys, node.values, strict=True)}


def _subscript(node: ast.Subscript, frame: Frame) -> Any:
    return sandbox().getitem(valued(node.value, frame), valued(node.slice, frame))


def _compare(node: ast.Compare, frame: Frame) -> Any:
    kind, named = type(node.ops[0]), node.comparators[0]
    compare = _COMPARISONS.get(kind)
    left = check_size(valued(node.left, frame))
    if compare is not None:
        return compare(left, valued(named, frame))
    assert isinstance(named, ast.Name)
    return bool(sandbox().call_test(named.id, left, context=frame.context)) is (kind is ast.Is)


def _binary(node: ast.BinOp, frame: Frame) -> Any:
    context = frame.context
    left = valued(node.left, frame)
    if isinstance(node.op, ast.BitOr):
        asked = node.right
        arguments = [valued(each, frame) for each in asked.args] if isinstance(asked, ast.Call) else []
        named = {as_said(each.arg): valued(each.value, frame) for each in asked.keywords} if isinstance(asked, ast.Call) else {}
        word = asked.func if isinstance(asked, ast.Call) else asked
        assert isinstance(word, ast.Name)
        return sandbox().call_filter(word.id, left, arguments, named, context=context)
    right = valued(node.right, frame)
    if isinstance(node.op, ast.MatMult):
        return concatenated(context, (left, right))
    if isinstance(node.op, ast.Sub):
        return left - right
    return sandbox().call_binop(context, _BOUNDED[type(node.op)], left, right)


def _unary(node: ast.UnaryOp, frame: Frame) -> Any:
    value = valued(node.operand, frame)
    return not value if isinstance(node.op, ast.Not) else -value


def _either(node: ast.IfExp, frame: Frame) -> Any:
    return valued(node.body if valued(node.test, frame) else node.orelse, frame)


def _and_or(node: ast.BoolOp, frame: Frame) -> Any:
    value: Any = None
    for operand in node.values:
        value = valued(operand, frame)
        if bool(value) is isinstance(node.op, ast.Or):
            break
    return value


_VALUED: dict[type, Callable[[Any, Frame], Any]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Dict: _dict,
    ast.Subscript: _subscript,
    ast.Compare: _compare,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.IfExp: _either,
    ast.BoolOp: _and_or,
}
