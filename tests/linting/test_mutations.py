"""A fault planted into the example repository is found by the rule that is about it; without one, nothing is."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from sqllineage_scan import check
from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.domain.rule import RuleScope
from sqllineage_scan.linting.load import load_rules

if TYPE_CHECKING:
    from sqllineage_scan.domain.report import Report

EXAMPLES = Path(__file__).parents[2] / "examples"
MUTATIONS = yaml.safe_load((Path(__file__).parent / "mutations.yml").read_text())
ONLY_WITH_A_BASELINE = {"suppressions.stale"}  # tests/linting/test_suppress.py


def keys(report: Report) -> set[tuple[str, str, str]]:
    return {(each.finding.name, each.finding.span.path, each.finding.subject) for each in report.open}


@pytest.fixture(scope="module")
def clean() -> Report:
    return check(EXAMPLES / "shop")


@pytest.mark.parametrize("example", ["shop", "bakery"])
def test_the_clean_examples_give_none(example: str) -> None:
    report = check(EXAMPLES / example)
    assert [each.finding for each in report.as_bad_as(Severity.WARNING)] == []
    assert len(report.rules) > 35


def test_every_rule_has_a_fault() -> None:
    planted = {mutation["rule"] for mutation in MUTATIONS} | ONLY_WITH_A_BASELINE
    rules = {rule.name for rule in load_rules() if rule.scope in (RuleScope.STATEMENT, RuleScope.GRAPH)}
    assert planted == rules


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[mutation["rule"] for mutation in MUTATIONS])
def test_a_planted_fault_is_found(mutation: dict, clean: Report, tmp_path: Path) -> None:
    root = shutil.copytree(EXAMPLES / "shop", tmp_path / "shop")
    for path, (old, new) in mutation.get("edit", {}).items():
        text = (root / path).read_text()
        assert text.count(old) >= 1, f"{path} does not say {old!r}"
        (root / path).write_text(text.replace(old, new, 1))
    for path, text in mutation.get("add", {}).items():
        assert not (root / path).exists()
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    for path, text in mutation.get("append", {}).items():
        (root / path).write_text((root / path).read_text() + text)
    new = keys(check(root)) - keys(clean)
    assert mutation["rule"] in {name for name, _, _ in new}, sorted(new)
