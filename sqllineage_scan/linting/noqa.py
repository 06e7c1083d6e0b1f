"""``-- noqa: CL02``: suppressions in the source, in sqlfluff's syntax.

    select id from a join b on a.k = b.k  -- noqa: CL02            of one line: by code, name, group or glob; without any, all
    -- noqa: disable=columns.ambiguous                             from here on, to the end or to
    -- noqa: enable=all

YAML and Python have ``# noqa: …`` for it, templates ``{# noqa: … #}``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqllineage_scan.domain.facts import Suppression
from sqllineage_scan.domain.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMENT = re.compile(r"(?:--|\#|/\*|\{\#)[ \t]*noqa\b(?P<rest>[^\n]*)")
_ENDS = re.compile(r"(?:\*/|\#\}|-\#\}).*$|--.*$")
_RULES = re.compile(r"^\s*:\s*(?:(?P<action>disable|enable)\s*=\s*)?(?P<rules>[^\s,]+(?:\s*,\s*[^\s,]+)*)")


def suppressions(path: str, text: str) -> tuple[Suppression, ...]:
    """All of a file, in their order. Nearly no file has one, so that is asked first."""
    return tuple(_found(path, text)) if "noqa" in text else ()


def _found(path: str, text: str) -> Iterator[Suppression]:
    for number, line in enumerate(text.split("\n"), 1):
        if "noqa" not in line:
            continue
        for match in _COMMENT.finditer(line):
            rest = _ENDS.sub("", match["rest"])
            span = Span(path, number, match.start() + 1, number, match.start() + 1 + len(match[0].rstrip()))
            said = _RULES.match(rest)
            if said is None:
                if not rest.strip(" :-"):
                    yield Suppression(span)
                continue
            rules = tuple(rule.strip() for rule in said["rules"].split(","))
            yield Suppression(span, () if rules == ("all",) else rules, said["action"] or "")
