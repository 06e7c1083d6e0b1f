"""Edits whose effect is known: no break is called safe, and what only looks different is silent."""

from __future__ import annotations

from random import Random

import pytest
from generated_project import Style, edits, make

from sqllineage_scan.api import analyze_sql, compare
from sqllineage_scan.domain.change import Verdict

SEEDS = range(40)  # each with some eight edits


@pytest.mark.parametrize("seed", SEEDS)
def test_the_verdict_is_what_is_known(seed) -> None:
    random = Random(seed)
    warehouse, style = make(random), Style(seed)
    written = style.write(warehouse, random)
    before = analyze_sql(written, "duckdb")
    for edit in edits(warehouse, random):
        text = style.write(edit.after, random)
        diff = compare(before, analyze_sql(text, "duckdb"))
        said = f"{edit.what} {edit.subject}\n{written}\n---\n{text}\n{[(str(c.subject), c.kind, c.effect) for c in diff.changes]}"
        if edit.what == "restyle":
            assert diff.changes == (), said
        assert (diff.verdict is Verdict.BREAKING) == edit.breaks, said
        if not edit.breaks:
            assert diff.verdict is (Verdict.REVIEW if edit.review else Verdict.SAFE), said
        if edit.kind:
            found = [change for change in diff.changes if str(change.subject) == edit.subject]
            assert [change.kind.value for change in found] == [edit.kind], said
            assert len([change for change in diff.changes if change.effect.value in ("breaking", "review")]) <= 1, said
