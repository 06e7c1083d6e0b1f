"""Templates and macros that only print, set, ask and repeat, run without Jinja's compiler: nearly all that there are.

    {{ config(materialized='table') }} select * from {{ ref('orders') }}

Every template with more in it than ``program`` knows is left to Jinja.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2.runtime import LoopContext
from jinja2.runtime import Macro as JinjaMacro
from jinja2.utils import missing

from sqllineage_scan.render.bounds import check_size, joined
from sqllineage_scan.render.expressions import Frame, as_said, names_in, plain, valued
from sqllineage_scan.render.sandbox import counted, sandbox
from sqllineage_scan.render.template import PieceKind, UnclosedTagError, pieces, tag_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jinja2.runtime import Context

    from sqllineage_scan.render.sandbox import Names
    from sqllineage_scan.render.template import Piece

_TAG = re.compile(
    r"\{%[-+]?\s*(?:set\s+(?P<set>[A-Za-z_]\w*)\s*=(?!=)|for\s+(?P<for>[A-Za-z_][\w\s,]*?)\s+in\b|(?:if|elif|do|else|endif|endfor)\b)"
    r"(?P<said>.*?)[-+]?%\}",
    re.DOTALL,
)
_MACRO = re.compile(r"\{%[-+]?\s*macro\s+(\w+)\s*\((.*)\)\s*[-+]?%\}", re.DOTALL)
_END = re.compile(r"\{%[-+]?\s*endmacro\s*[-+]?%\}")
_DEEPEST = 40  # blocks inside blocks; more, and Jinja has to see to it
_GIVEN_TO_MACROS = frozenset(("varargs", "kwargs", "caller"))  # Jinja makes them only where a macro mentions them


class Step(NamedTuple):
    """What one piece of a template does; ``number`` is the piece's."""

    verb: str  # text, print, set, do, if, for
    number: int
    expression: ast.expr | None = None
    variables: tuple[str, ...] = ()  # of set and for
    body: tuple[Step, ...] = ()  # of if and for
    otherwise: tuple[Step, ...] = ()  # of if: the steps behind {% else %}; an {% elif %} is an if in there
    counts: bool = False  # of for: whether something in it asks for ``loop``


def program(text: str, found: Sequence[Piece]) -> tuple[Step, ...] | None:
    """What a template does, None where Jinja has to be asked."""
    reader = _Reader(text, found)
    steps = reader.steps(())
    return None if steps is None or reader.at < len(found) else steps


class _Reader:
    def __init__(self, text: str, found: Sequence[Piece]) -> None:
        self.text, self.pieces, self.at, self.depth = text, found, 0, 0

    def steps(self, ends: tuple[str, ...]) -> tuple[Step, ...] | None:
        """All steps up to a tag that is one of ``ends``."""
        self.depth += 1
        found = self._steps(ends) if self.depth < _DEEPEST else None
        self.depth -= 1
        return found

    def _steps(self, ends: tuple[str, ...]) -> tuple[Step, ...] | None:
        steps: list[Step] = []
        while self.at < len(self.pieces):
            piece = self.pieces[self.at]
            if piece.kind is PieceKind.TAG and piece.word in ends:
                return tuple(steps)
            step = self._step(piece)
            if step is None:
                return None
            steps.append(step)
        return None if ends else tuple(steps)

    def _step(self, piece: Piece) -> Step | None:
        number = self.at
        if piece.kind is PieceKind.TEXT:
            self.at += 1
            return Step("text", number)
        tag = self.text[piece.start : piece.end]
        if piece.kind is PieceKind.PRINT:
            self.at += 1
            expression = plain(tag[2:-2].strip("-+"))
            return None if expression is None else Step("print", number, expression)
        head = _TAG.fullmatch(tag) if piece.kind is PieceKind.TAG else None
        expression = plain(head["said"]) if head is not None else None
        if head is None or expression is None:
            return None
        self.at += 1
        if piece.word == "for":
            return self._loop(number, tuple(map(str.strip, head["for"].split(","))), expression)
        if piece.word == "if":
            return self._if(number, expression)
        return (
            Step(piece.word, number, expression, (head["set"],) if head["set"] else ()) if piece.word in ("set", "do") else None
        )

    def _loop(self, number: int, variables: tuple[str, ...], expression: ast.expr) -> Step | None:
        body = self.steps(("endfor",))
        if body is None or not all(map(str.isidentifier, variables)) or not self._bare():
            return None
        return Step("for", number, expression, variables, body, counts="loop" in _names_of(body))

    def _if(self, number: int, expression: ast.expr) -> Step | None:
        body = self.steps(("elif", "else", "endif"))
        if body is None:
            return None
        otherwise: tuple[Step, ...] | None = ()
        word, place = self.pieces[self.at].word, self.at
        if word == "elif":
            head = _TAG.fullmatch(self._tag())
            asked = plain(head["said"]) if head is not None else None
            self.at += 1
            self.depth += 1
            step = self._if(place, asked) if asked is not None else None
            self.depth -= 1
            return None if step is None else Step("if", number, expression, (), body, (step,))
        if word == "else":
            if not self._bare():
                return None
            otherwise = self.steps(("endif",))
        if otherwise is None or not self._bare():
            return None
        return Step("if", number, expression, (), body, otherwise)

    def _tag(self) -> str:
        piece = self.pieces[self.at]
        return self.text[piece.start : piece.end]

    def _bare(self) -> bool:
        """Go on behind a tag that is one word."""
        head = _TAG.fullmatch(self._tag())
        self.at += 1
        return head is not None and not head["said"].strip()


def _names_of(steps: Sequence[Step]) -> set[str]:
    """The names that steps mention, and those that they set."""
    found: set[str] = set()
    for step in steps:
        found |= names_in(step.expression) if step.expression is not None else set()
        found |= {*step.variables, *_names_of(step.body), *_names_of(step.otherwise)}
    return found


def written_by(steps: Sequence[Step], names: Names, begin: Callable[[int], None]) -> Iterator[tuple[int, str]]:
    """(number of the piece, what it writes) for every piece that is reached, ``begin`` called before each; "" for text."""
    return _run(steps, Frame(context_of(names)), begin)


def _run(steps: Sequence[Step], frame: Frame, begin: Callable[[int], None]) -> Iterator[tuple[int, str]]:
    for step in steps:
        verb, number = step.verb, step.number
        if verb == "text":
            yield number, ""
            continue
        begin(number)
        value = valued(step.expression, frame)
        if verb == "print":
            yield number, str(check_size(value))
        elif verb == "set":
            frame.set(step.variables[0], value)
        elif verb == "if":
            yield from _run(step.body if value else step.otherwise, frame, begin)
        elif verb == "for":
            for turn in _turns(step, value, frame):
                yield from _run(step.body, turn, begin)


def _turns(step: Step, items: Any, frame: Frame) -> Iterator[Frame]:
    """What names mean in each turn of a loop."""
    items = counted(frame.context, items)
    if not step.counts:
        for item in items:
            yield frame.inner(_unpacked(step.variables, item))
        return
    for item, loop in LoopContext(items, sandbox().undefined):
        yield frame.inner({**_unpacked(step.variables, item), "loop": loop})


def _unpacked(variables: tuple[str, ...], item: Any) -> dict[str, Any]:
    if len(variables) == 1:
        return {variables[0]: item}
    if len(variables) == 2:  # noqa: PLR2004 -- {% for key, value in … %}, with Python's own words where that fails
        first, second = item
        return {variables[0]: first, variables[1]: second}
    return dict(zip(variables, item, strict=True))


def context_of(names: Names) -> Context:
    """What a template sees that has set nothing yet."""
    return sandbox().context_class(sandbox(), names, None, {})


class _MacroText(NamedTuple):
    text: str
    pieces: Sequence[Piece]
    steps: tuple[Step, ...]
    parameters: tuple[str, ...]
    defaults: tuple[ast.expr | None, ...]  # of each parameter


@lru_cache(maxsize=4096)
def _macro_text(text: str) -> _MacroText | None:
    """A macro taken apart, None where Jinja has to be asked: ``{% macro f(a, b='x') %} … {% endmacro %}``."""
    start, last = tag_end(text, 0, len(text)), text.rfind("{%")
    head = _MACRO.fullmatch(text, 0, max(start, 0))
    if head is None or last < start or _END.fullmatch(text, last) is None:
        return None
    signature, end = _signature(head[2]), last
    if head[0][-3] == "-":
        start = min(last, len(text) - len(text[start:].lstrip()))
    if text[last + 2] == "-":
        end = max(start, len(text[:last].rstrip()))
    try:
        found = pieces(text, start, end)
    except UnclosedTagError:
        return None
    steps = program(text, found)
    if steps is None or signature is None:
        return None
    mentioned = (
        {*signature[0]}
        | _names_of(steps)
        | {name for default in signature[1] if default is not None for name in names_in(default)}
    )
    return None if mentioned & _GIVEN_TO_MACROS else _MacroText(text, found, steps, *signature)


def _signature(said: str) -> tuple[tuple[str, ...], tuple[ast.expr | None, ...]] | None:
    """``a, b='x'``: the parameters, and the default of each."""
    call = plain(f"macro({said})")
    if not isinstance(call, ast.Call) or not all(isinstance(argument, ast.Name) for argument in call.args):
        return None
    given = [(argument.id, None) for argument in call.args if isinstance(argument, ast.Name)]
    named = [(str(keyword.arg), keyword.value) for keyword in call.keywords]
    parameters = tuple(name for name, _ in (*given, *named))
    if len(set(parameters)) < len(parameters) or any(as_said(name) != name for name in parameters):
        return None
    return parameters, (*(None for _ in given), *(default for _, default in named))


def direct_macro(text: str, called: str, names: Names) -> Any:
    """The macro that a text defines, as Jinja would make it, under the name ``called``; None where Jinja has to."""
    macro = _macro_text(text)
    if macro is None:
        return None
    context = context_of(names)

    def body(*arguments: Any) -> str:
        frame = Frame(context, {})
        for name, default, value in zip(macro.parameters, macro.defaults, arguments, strict=True):
            if value is not missing:
                frame.set(name, value)
            elif default is not None:
                frame.set(name, valued(default, frame))
            else:
                frame.set(name, sandbox().undefined(f"parameter {name!r} was not provided", name=name))
        texts, places = macro.text, macro.pieces
        return joined(
            written or texts[places[number].start : places[number].end]
            for number, written in _run(macro.steps, frame, _nowhere)
            if written or places[number].kind is PieceKind.TEXT
        )

    return JinjaMacro(sandbox(), body, called, list(macro.parameters), False, False, False, False)


def _nowhere(number: int) -> None:
    """Inside a macro the place is still that of the tag that calls it."""
