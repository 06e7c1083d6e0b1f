"""Rules for people: a table of them, and the story of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.rule import RuleScope
from sqllineage_scan.outputs.lines import Line, Piece, Role, clipped, line, of_severity, padded, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqllineage_scan.domain.finding import Severity
    from sqllineage_scan.domain.rule import Example, Rule

_CODE = 6
_NAME = 35
_SEVERITY = 9


def listing(rules: Sequence[Rule], severities: Mapping[str, Severity | None], width: int) -> list[Line]:
    """``severities``: of each rule, as the configuration wants it; None is off."""
    rows = []
    for rule in sorted(rules, key=lambda rule: (rule.scope is RuleScope.SCAN, rule.code, rule.name)):
        severity = severities[rule.name]
        shown = (
            of_severity(padded(severity.value, _SEVERITY), severity) if severity else Piece(padded("off", _SEVERITY), Role.QUIET)
        )
        summary = clipped(rule.summary, width - _CODE - _NAME - _SEVERITY)
        rows.append(line(padded(rule.code, _CODE), Piece(padded(rule.name, _NAME), Role.NAME), shown, summary))
    return rows


def explained(rule: Rule, examples: Sequence[Example], width: int) -> Iterator[Line]:
    severity = of_severity(rule.severity.value, rule.severity) if rule.severity else Piece("off unless configured")
    yield line(Piece(f"{rule.code} {rule.name}", Role.TITLE), "  ", severity, Piece(f"  needs: {_needs(rule)}", Role.QUIET))
    yield ()
    yield from wrapped(rule.summary, width, "")
    yield ()
    yield from wrapped(rule.why, width, "")
    if rule.help:
        yield ()
        yield from wrapped(f"What to do: {rule.remedy}", width, "")
    for number, example in enumerate(examples, 1):
        yield from _example(number, example)
    if rule.options:
        yield from ((), line(Piece("Options", Role.TITLE)))
        for name, option in rule.options.items():
            yield from wrapped(f"{name} = {option.default!r}: {option.description}", width, "  ")
    if rule.similar:
        yield from ((), *wrapped(f"Near to it: {'; '.join(rule.similar)}", width, "", Role.QUIET))
    yield ()
    if rule.scope is not RuleScope.SCAN:
        yield line(Piece(f"Suppress it on a line:  -- noqa: {rule.code}", Role.QUIET))
    yield line(Piece(f'Configure it:  [rules]  {rule.name} = "off"  in sqllineage-scan.toml', Role.QUIET))


def _needs(rule: Rule) -> str:
    return {
        RuleScope.SCAN: "the scan itself says it",
        RuleScope.STATEMENT: "one statement",
        RuleScope.GRAPH: "the repository",
        RuleScope.CHANGE: "a state to compare with",
    }[rule.scope]


def _example(number: int, example: Example) -> Iterator[Line]:
    kind = Piece("Bad", Role.ERROR) if example.flags else Piece("Good", Role.CERTAIN)
    title = f", {example.title}" if example.title else ""
    yield from ((), line(f"{number}. ", kind, title))
    for path, text in example.files.items():
        yield line(Piece(f"   {path}", Role.QUIET))
        for row in str(text).rstrip().splitlines():
            yield line(f"     {row}")
