"""What is known fails nothing and stays listed; a suppression that suppresses nothing is a finding."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.errors import ConfigurationError
from sqllineage_scan.linting.noqa import suppressions
from sqllineage_scan.linting.suppress import baseline_document
from tests.linting.repositories import AMBIGUOUS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqllineage_scan.domain.report import Report

LINE = AMBIGUOUS.strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select 1 -- noqa", [((), "")]),
        ("select 1 --noqa:CL02", [(("CL02",), "")]),
        ("select 1 -- noqa: CL02, columns.missing", [(("CL02", "columns.missing"), "")]),
        ("select 1 -- noqa: CL02 because we know", [(("CL02",), "")]),
        ("select 1 -- why not -- noqa: CL*", [(("CL*",), "")]),
        ("-- noqa: disable=all\nselect 1\n-- noqa: enable=all", [((), "disable"), ((), "enable")]),
        ("select 1 /* noqa: CL02 */ as a", [(("CL02",), "")]),
        ("select 1 {# noqa: CL02 #}", [(("CL02",), "")]),
        ("- name: id  # noqa: CT05", [(("CT05",), "")]),
        ("select 1 -- noqa is a word", []),
        ("select 'noqa'", []),
        ("select a from noqa", []),
    ],
)
def test_comments(text: str, expected: list) -> None:
    assert [(found.rules, found.action) for found in suppressions("a.sql", text)] == expected


@pytest.mark.parametrize(
    "comment",
    ["noqa", "noqa: CL02", "noqa: columns.ambiguous", "noqa: columns", "noqa: CL*", "noqa: Lineage_CL02", "noqa: LT01, CL02"],
)
def test_of_a_line(checked: Callable[..., Report], comment: str) -> None:
    report = checked({"a.sql": f"{LINE} -- {comment}\n"})
    assert report.open == ()
    (known,) = report.suppressed
    assert (known.finding.name, known.suppressed) == ("columns.ambiguous", "noqa")
    assert known.by is not None
    assert known.by.line == 1


def test_of_a_range(checked: Callable[..., Report]) -> None:
    text = f"{LINE};\n-- noqa: disable=CL02\n{LINE};\n-- noqa: enable=CL02\n{LINE};\n-- noqa: disable=all\n{LINE};\n"
    report = checked({"a.sql": text})
    assert [each.finding.span.line for each in report.open] == [1, 5]
    assert [each.finding.span.line for each in report.suppressed] == [3, 7]


def test_unmatched_is_a_finding(checked: Callable[..., Report]) -> None:
    report = checked(
        {"a.sql": "select a.id from a -- noqa: CL02\n", "b.sql": "select 1 -- noqa: LT01\n", "c.sql": "select 1 -- noqa\n"}
    )
    (found,) = report.open
    assert (found.finding.name, found.finding.span.path, found.finding.message) == (
        "suppressions.unmatched",
        "a.sql",
        "nothing here breaks CL02",
    )


def test_a_baseline_lets_only_new_findings_fail(checked: Callable[..., Report], tmp_path: Path) -> None:
    before = checked({"a.sql": AMBIGUOUS})
    document = baseline_document(before.findings)
    assert [entry["rule"] for entry in document["findings"]] == ["columns.ambiguous"]
    files = {"known.json": json.dumps(document), "sqllineage-scan.toml": 'baseline = "known.json"'}
    moved = checked({**files, "a.sql": f"-- a line more\n\n{AMBIGUOUS}", "b.sql": AMBIGUOUS})
    assert [each.finding.span.path for each in moved.open] == ["b.sql"]
    assert [(each.finding.span.line, each.suppressed) for each in moved.suppressed] == [(3, "baseline")]
    twice = checked({**files, "a.sql": f"{LINE}\n;\n{LINE}\n;\n", "b.sql": "select 1"})
    assert [each.finding.span.line for each in twice.open] == [3]  # there were not two of them


def test_a_stale_entry_is_a_finding(checked: Callable[..., Report]) -> None:
    document = baseline_document(checked({"a.sql": AMBIGUOUS}).findings)
    report = checked({"a.sql": "select 1", "k.json": json.dumps(document), "sqllineage-scan.toml": 'baseline = "k.json"'})
    (found,) = report.open
    assert (found.finding.name, found.finding.span.path) == ("suppressions.stale", "k.json")
    assert "columns.ambiguous in a.sql" in found.finding.message


def test_a_baseline_that_is_none(checked: Callable[..., Report]) -> None:
    with pytest.raises(ConfigurationError, match=r"k\.json is no baseline"):
        checked({"a.sql": "select 1", "k.json": "[]", "sqllineage-scan.toml": 'baseline = "k.json"'})


def test_fingerprints_survive_moved_lines_and_are_unique(checked: Callable[..., Report]) -> None:
    first = [each.fingerprint for each in checked({"a.sql": f"{LINE};\n{LINE};\n"}).open]
    later = [each.fingerprint for each in checked({"a.sql": f"\n\n-- moved\n{LINE};\n\n   {LINE};\n"}).open]
    assert len(set(first)) == 2
    assert first == later
