"""What a change looks like before and after, in words."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.change import State
from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.diff.names import Names
    from sqllineage_scan.diff.side import Side
    from sqllineage_scan.domain.definition import Definition, Form, RowRule
    from sqllineage_scan.domain.names import DatasetId

_CAST = re.compile(r"\s*(?:try_|safe_)?cast\s*\((?P<value>.*)\s+as\s+(?P<type>[\w\s(),.<>\[\]]+)\)\s*", re.IGNORECASE | re.DOTALL)
_SHORT_CAST = re.compile(r"(?P<value>.*?)\s*::\s*(?P<type>[A-Za-z_][\w\s]*(?:\([\d\s,]+\))?(?:\[\])?)\s*", re.DOTALL)

_MOST_READS = 8


class Cast(NamedTuple):
    """``cast(total as int)`` and ``total::int``: the value and the type; "" where there is no cast around the whole."""

    value: str
    type: str = ""


def cast_of(expression: str) -> Cast:
    for pattern in (_CAST, _SHORT_CAST):
        found = pattern.fullmatch(expression)
        if found is not None and _balanced(found["value"]):
            return Cast(_plain(found["value"]), " ".join(found["type"].lower().split()))
    return Cast(_plain(expression))


def _plain(value: str) -> str:
    text = "".join(value.lower().split())
    while text.startswith("(") and text.endswith(")") and _balanced(text[1:-1]):
        text = text[1:-1]
    return text


def _balanced(text: str) -> bool:
    depth = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return False
    return depth == 0


def kind_of(side: Side, dataset: DatasetId) -> State:
    """``view``; of a dbt model how it is materialized."""
    found = side.datasets[dataset]
    node = side.nodes.get(dataset)
    materialized = node.materialized if node is not None and node.resource_type == "model" else ""
    kind = found.kind.value.replace("_", " ")
    return State(f"{materialized} model" if materialized else kind, found.span)


def rules_changed(base: Definition, head: Definition, names: Names) -> tuple[State | None, State | None, tuple[str, ...]]:
    """The first clause on each side that the other has not, and all of them, line by line. Where no clause differs, it is how
    they are put together: a condition that moved into a subquery, inputs of an outer join the other way round.
    """
    before = Counter((rule.kind, names.form(rule.form)) for rule in base.rules)
    after = Counter((rule.kind, rule.form) for rule in head.rules)
    gone = _beyond([(rule, (rule.kind, names.form(rule.form))) for rule in base.rules], before - after)
    fresh = _beyond([(rule, (rule.kind, rule.form)) for rule in head.rules], after - before)
    details = (*(f"- {_said(rule)}" for rule in gone), *(f"+ {_said(rule)}" for rule in fresh))
    details = (*_inputs(base, head, names), *details)
    return _first(gone), _first(fresh), details or ("  the same clauses, put together in another way",)


def _beyond(rules: Iterable[tuple[RowRule, tuple[str, Form]]], wanted: Counter[tuple[str, Form]]) -> list[RowRule]:
    left = Counter(wanted)
    found = []
    for rule, key in rules:
        if left[key] > 0:
            left[key] -= 1
            found.append(rule)
    return found


def reads_changed(before: Form | None, after: Form | None) -> tuple[str, ...]:
    """Of an expression that is written as it was and means something else: what it reads."""
    was = [str(read) for read in before.reads] if before is not None else []
    now = [str(read) for read in after.reads] if after is not None else []
    lines = (*(f"- reads {name}" for name in was if name not in now), *(f"+ reads {name}" for name in now if name not in was))
    return lines[:_MOST_READS]


def _inputs(base: Definition, head: Definition, names: Names) -> tuple[str, ...]:
    """Tables that are read on one side only."""
    before = {str(read) for read in names.form(base.rows).reads if not isinstance(read, ColumnId)}
    after = {str(read) for read in head.rows.reads if not isinstance(read, ColumnId)}
    return (*(f"- reads {name}" for name in sorted(before - after)), *(f"+ reads {name}" for name in sorted(after - before)))


def _said(rule: RowRule) -> str:
    text = " ".join(rule.text.split())
    if rule.kind in ("join", "limit", "distinct", "offset", "order by") or text.lower().startswith(rule.kind):
        return text
    return f"{rule.kind} {text}"


def _first(rules: list[RowRule]) -> State | None:
    return State(_said(rules[0]), rules[0].span) if rules else None
