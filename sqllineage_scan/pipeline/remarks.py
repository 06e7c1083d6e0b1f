"""What comments say to us: ``-- lineage: allow-break amount "moved to tax mart"``."""

from __future__ import annotations

import re

from sqllineage_scan.domain.acknowledgement import Acknowledgement
from sqllineage_scan.domain.source import line_starts
from sqllineage_scan.domain.span import Span

_WORD = "allow-break"
_REMARK = re.compile(
    r"""(?:--|\#|//|/\*|\{\#)[^\n]*?\blineage:[ \t]*allow-break[ \t]+(?P<subject>"[^"\n]+"|`[^`\n]+`|[^\s"'`*}]+)"""
    r"""(?:[ \t]+"(?P<reason>[^"\n]*)"|[ \t]+'(?P<other>[^'\n]*)')?"""
)


def acknowledgements(path: str, text: str) -> tuple[Acknowledgement, ...]:
    """In SQL, Jinja, YAML and Python: behind whatever begins a comment there."""
    if _WORD not in text:
        return ()
    lines = line_starts(text)
    found = []
    for match in _REMARK.finditer(text):
        start = match.start("subject")
        line = text.count("\n", 0, start) + 1
        column = start - lines[line - 1] + 1
        subject = match["subject"].strip('"`')
        span = Span(path, line, column, line, column + len(match["subject"]))
        found.append(Acknowledgement(subject, match["reason"] or match["other"] or "", span))
    return tuple(found)
