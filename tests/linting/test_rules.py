"""Every rule is one file that is also its documentation and its tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from sqllineage_scan.domain.rule import RuleScope
from sqllineage_scan.errors import ConfigurationError
from sqllineage_scan.linting.load import check_words, examples, load_rules
from sqllineage_scan.linting.vocabulary import TESTS, subjects, word
from sqllineage_scan.testing import run_examples

ROOT = Path(__file__).parents[2]
RULES = load_rules()
OWN = [rule for rule in RULES if rule.scope is not RuleScope.SCAN]
BY_NAME = {rule.name: rule for rule in RULES}
MADE_BY_THE_CHECK = {"suppressions.stale"}  # needs a baseline: test_suppress.py


def test_there_are_enough() -> None:
    assert len(OWN) >= 50
    assert len({rule.code for rule in OWN}) == len(OWN)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_a_rule_says_of_itself(rule) -> None:
    check_words(rule, rule.name)
    assert rule.summary.endswith(".")
    assert rule.why.endswith(".")
    assert not rule.help.endswith(".")
    if rule.scope is not RuleScope.SCAN and rule.name not in MADE_BY_THE_CHECK:
        flags = [example.flags for example in examples(rule.name)]
        assert any(flags), "no bad example"
        assert 0 in flags, "no good example"


@pytest.mark.parametrize("rule", OWN, ids=lambda rule: rule.name)
def test_examples(rule) -> None:
    assert [outcome for outcome in run_examples(rule, RULES) if outcome.problem] == []


def test_an_example_that_does_not_hold_is_told(tmp_path: Path) -> None:
    file = ROOT / "rules" / "columns" / "ambiguous.yml"
    (tmp_path / "columns").mkdir()
    (tmp_path / "columns" / "ambiguous.yml").write_text(file.read_text().replace("flags: 0", "flags: 1"))
    rules = load_rules([tmp_path])
    rule = next(rule for rule in rules if rule.name == "columns.ambiguous")
    problems = [outcome.problem for outcome in run_examples(rule, rules, [tmp_path])]
    assert problems == ["", "expected 1, found 0", "expected 1, found 0"]


def test_every_finding_of_a_stage_is_explained() -> None:
    """The names that stages give, as their code has them, each have a file."""
    names: set[str] = set()
    for stage in ("discover", "render", "parse", "pipeline", "resolve", "inputs"):
        for path in (ROOT / "sqllineage_scan" / stage).rglob("*.py"):
            names |= set(
                re.findall(r'"((?:discover|read|artifacts|render|properties|parse|dbt|contracts)\.[a-z_]+)"', path.read_text())
            )
    assert {name for name in names if name in BY_NAME} == {rule.name for rule in RULES if rule.scope is RuleScope.SCAN}
    assert names - BY_NAME.keys() <= {"read.text", "dbt.py"}


def test_the_vocabulary_says_what_its_words_mean() -> None:
    used = {rule.each for rule in RULES}
    assert used == set(subjects())
    for name in subjects():
        found = word(name)
        assert found.meaning
        assert found.attributes
        assert all(meaning and not meaning.endswith(".") for meaning in found.attributes.values())
    assert {condition.test for rule in RULES for condition in rule.where} <= TESTS.keys()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"code": "CL2"}, "code must be two capitals and two digits"),
        ({"severity": "fatal"}, "severity must be error, warning, note or off"),
        ({"each": "colum"}, "nothing is called 'colum'; did you mean 'column'"),
        ({"where": {"nme": {"is": "x"}}}, "a column has no 'nme'; did you mean 'name'"),
        ({"where": {"name": {"iss": "x"}}}, "no test is called 'iss'; did you mean 'is'"),
        ({"where": {"name": "x"}}, "where.name must be {test: value}"),
        ({"where": {"readers": {"is": "$most"}}}, "$most is none of the rule's options"),
        ({"message": "{who}"}, "{who} in the message: a column has no such attribute"),
        ({"sumary": "x"}, "unknown key 'sumary'; did you mean 'summary'"),
        ({"why": None}, "a rule needs 'why'"),
        ({"code": "CL02"}, "code CL02 is columns.ambiguous's"),
    ],
)
def test_a_rule_of_a_user_that_is_wrong(change: dict, told: str, tmp_path: Path) -> None:
    rule = {
        "code": "AC01",
        "severity": "warning",
        "scope": "graph",
        "summary": "S.",
        "why": "W.",
        "each": "column",
        "message": "m",
    }
    (tmp_path / "acme").mkdir()
    said = {key: value for key, value in {**rule, **change}.items() if value is not None}
    (tmp_path / "acme" / "own.yml").write_text(yaml.safe_dump(said))
    with pytest.raises(ConfigurationError) as caught:
        load_rules([tmp_path])
    assert told in str(caught.value)
    assert "own.yml" in str(caught.value)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no folder of rules"):
        load_rules([tmp_path / "none"])
