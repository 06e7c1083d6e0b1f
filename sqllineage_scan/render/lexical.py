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
_REF = re.compile(rf"""ref\({_TEXT}(?:,{_TEXT})?(?:,\s*v(?:ersion)?\s*=\s*(['"]?)(?P<version>[\w.]+)\5\s*)?\)""")
_SOURCE = re.compile(rf"source\({_TEXT},{_TEXT}\)")


def lexical(rendering: Rendering, start: int, end: int, reason: str) -> tuple[str, SourceMap]:
    """``subject.text[start:end]`` with every tag replaced by what it looks like. Never fails."""
    subject = rendering.subject
    text = subject.text
    written: list[str] = []
    segments: list[tuple[int, int, int]] = []
    length, position = 0, start

    def write(piece: str, origin: int, behind: int) -> None:
        nonlocal length
        if piece:
            segments.append((length, origin, behind))
            written.append(piece)
            length += len(piece)

    ends = _Ends(text, end)
    while (opening := _OPENING.search(text, position, end)) is not None:
        close = ends.behind(opening[0], opening.start())
        write(text[position : opening.start()], position, -1)
        position = close
        if close == opening.end():
            write(opening[0], opening.start(), -1)
        elif opening[0] == "{{":
            rendering.place = (opening.start(), close)
            write(_stand_in(rendering, reason), opening.start(), close)
    write(text[position:end], position, -1)
    starts, origins, behinds = zip(*segments, strict=True) if segments else ((0,), (start,), (-1,))
    return "".join(written), SourceMap(subject.file.path, subject.line_starts, starts, origins, behinds)


class _Ends:
    """Where tags end. Once one does not end as it should, closing characters alone decide: a look ahead each time would
    take for ever on a file of nothing but ``{{``.
    """

    def __init__(self, text: str, end: int) -> None:
        self._text, self._end = text, end
        self._careful = True
        self._unclosed: set[str] = set()

    def behind(self, kind: str, start: int) -> int:
        """The offset behind the tag at ``start``; just behind its two opening characters when nothing closes it."""
        close = tag_end(self._text, start, self._end) if self._careful else -1
        if close < 0 and kind not in self._unclosed:
            self._careful = False
            found = self._text.find(_CLOSING[kind], start + 2, self._end)
            if found < 0:
                self._unclosed.add(kind)
            close = found if found < 0 else found + 2
        return close if close >= 0 else start + 2


def _stand_in(rendering: Rendering, reason: str) -> str:
    expression = rendering.subject.expression(rendering.place)
    name = relation_named(expression) if rendering.subject.is_dbt else None
    if name is None:
        return rendering.hole_token(expression, reason)
    return rendering.relation(name, lambda: ("", "", name.last))


def relation_named(expression: str) -> RelationName | None:
    """The relation that a plain call names: ``ref('orders')``, ``ref('orders', v=2)``, ``source('raw', 'orders')``, ``this``."""
    if expression == "this":
        return RelationName(NameKind.THIS, ())
    if (found := _REF.fullmatch(expression)) is not None:
        first, second = found[1] or found[2], found[3] or found[4]
        package, model = (first or "", second) if second else ("", first or "")
        return RelationName(NameKind.REF, (package, model, found["version"] or ""))
    if (found := _SOURCE.fullmatch(expression)) is not None:
        return RelationName(NameKind.SOURCE, (found[1] or found[2] or "", found[3] or found[4] or ""))
    return None
