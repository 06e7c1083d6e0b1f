"""Reading a template that Jinja cannot: its tags are taken out by their looks alone.

select * from {{ ref('a') }} {% if oops     ->   select * from ref__0 {% if oops
select {{ f(x }} from {{ source('s', 't') }} ->  select hole__0 from source__1
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.source import SourceMap
from sqllineage_scan.render.template import tag_end

if TYPE_CHECKING:
    from sqllineage_scan.render.rendering import Rendering

_OPENING = re.compile(r"\{\{|\{%|\{\#")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_TEXT = r"""\s*(?:'([^'\\]*)'|"([^"\\]*)")\s*"""
_REF = re.compile(rf"ref\({_TEXT}(?:,{_TEXT})?\)")
_SOURCE = re.compile(rf"source\({_TEXT},{_TEXT}\)")


def lexical(rendering: Rendering, start: int, end: int, reason: str) -> tuple[str, SourceMap]:
    """``subject.text[start:end]`` with every tag replaced by what it looks like. Never fails."""
    subject = rendering.subject
    text = subject.text
    written: list[str] = []
    segments: list[tuple[int, int, int]] = []
    length = position = 0

    def write(piece: str, origin: int, behind: int) -> None:
        nonlocal length
        if piece:
            segments.append((length, origin, behind))
            written.append(piece)
            length += len(piece)

    while (opening := _OPENING.search(text, position, end)) is not None:
        close = _end_of(text, opening[0], opening.start(), end)
        write(text[position : opening.start()], position, -1)
        position = close
        if opening[0] == "{{" and close > opening.end():
            rendering.place = (opening.start(), close)
            write(_stand_in(rendering, reason), opening.start(), close)
        elif close == opening.end():
            write(opening[0], opening.start(), -1)
    write(text[position:end], position, -1)
    starts, origins, ends = zip(*segments, strict=True) if segments else ((0,), (start,), (-1,))
    return "".join(written), SourceMap(subject.file.path, subject.line_starts, starts, origins, ends)


def _end_of(text: str, kind: str, start: int, end: int) -> int:
    """Behind the tag at ``start``; just behind its two opening characters when nothing closes it."""
    close = tag_end(text, start, end)
    if close < 0:
        close = text.find(_CLOSING[kind], start + 2, end)
        return start + 2 if close < 0 else close + 2
    return close


def _stand_in(rendering: Rendering, reason: str) -> str:
    expression = rendering.subject.expression(rendering.place)
    name = relation_named(expression) if rendering.subject.is_dbt else None
    if name is None:
        return rendering.hole_token(expression, reason)
    return rendering.relation(name, lambda: ("", "", name.last))


def relation_named(expression: str) -> RelationName | None:
    """The relation that a plain call names: ``ref('orders')``, ``source('raw', 'orders')``, ``this``."""
    if expression == "this":
        return RelationName(NameKind.THIS, ())
    if (found := _REF.fullmatch(expression)) is not None:
        first, second = found[1] or found[2], found[3] or found[4]
        return RelationName(NameKind.REF, (first or "", second, "") if second else ("", first or "", ""))
    if (found := _SOURCE.fullmatch(expression)) is not None:
        return RelationName(NameKind.SOURCE, (found[1] or found[2] or "", found[3] or found[4] or ""))
    return None
