"""A rule's examples, each a small repository, scanned and checked like any other."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.config.load import settings_from
from sqllineage_scan.config.rules import rule_settings
from sqllineage_scan.config.settings import options_from
from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.linting.load import examples
from sqllineage_scan.linting.settings import Chosen
from sqllineage_scan.pipeline.check import CheckOptions, check_repository
from sqllineage_scan.pipeline.diff import compare_with_document
from sqllineage_scan.pipeline.scan import scan_repository

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqllineage_scan.domain.change import Diff
    from sqllineage_scan.domain.report import Report
    from sqllineage_scan.domain.rule import Example, Rule
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.linting.settings import RuleSettings
    from sqllineage_scan.pipeline.options import ScanOptions

_DBT = ("models", "seeds", "snapshots", "macros", "tests")
_PROJECT = "name: shop\nversion: '1'\nprofile: shop\n"


class Outcome(NamedTuple):
    """What an example gave. ``problem`` is empty where that is what it says."""

    rule: str
    number: int
    title: str
    problem: str


def run_examples(rule: Rule, rules: Sequence[Rule], folders: Sequence[Path] = ()) -> list[Outcome]:
    return [
        Outcome(rule.name, number, example.title, problem_of(rule, example, rules))
        for number, example in enumerate(examples(rule.name, folders), 1)
    ]


def problem_of(rule: Rule, example: Example, rules: Sequence[Rule]) -> str:
    """Why an example does not hold, in a line; nothing when it does."""
    report = run_example(rule, example, rules)
    found = [each.finding for each in report.open if each.finding.name == rule.name]
    told = "; ".join(f"{finding.span}: {finding.message}" for finding in found)
    if len(found) != example.flags:
        return f"expected {example.flags}, found {len(found)}" + (f": {told}" if told else "")
    if example.at and found and not any(f"{finding.span}".startswith(f"{example.at}:") for finding in found):
        return f"expected it at {example.at}, found {told}"
    return ""


def run_example(rule: Rule, example: Example, rules: Sequence[Rule]) -> Report:
    """Scan the example's files in a folder of their own. A rule that is off is on here."""
    with TemporaryDirectory(prefix="rule-example-") as name:
        root = Path(name)
        _write(root, example.files)
        settings = settings_from(dict(example.config), root / "sqllineage-scan.toml")
        chosen = rule_settings(settings, rules)
        if rule.severity is None and rule.name not in chosen.rules:
            chosen = _switched_on(chosen, rule)
        options = replace(options_from(settings, {}, root), cache_dir=None)
        compare = None if example.before is None else partial(_compared, example.before, options)
        return check_repository(
            root, options, CheckOptions(rules=tuple(rules), settings=chosen, compare=compare, contracts=settings.contracts)
        )


def _compared(before: Mapping[str, str], options: ScanOptions, head: LineageGraph) -> Diff:
    """The example with the state that it says was before."""
    with TemporaryDirectory(prefix="rule-example-") as name:
        _write(Path(name), before)
        return compare_with_document(scan_repository(Path(name), options), head, ("before", "after"))


def _switched_on(settings: RuleSettings, rule: Rule) -> RuleSettings:
    return replace(settings, rules={**settings.rules, rule.name: Chosen(Severity.WARNING, {})})


def _write(root: Path, files: Mapping[str, str]) -> None:
    """A folder of models without a dbt_project.yml gets a plain one."""
    whole = dict(files)
    if any(path.split("/")[0] in _DBT for path in files) and not any(path.endswith("dbt_project.yml") for path in files):
        whole["dbt_project.yml"] = _PROJECT
    for path, text in whole.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
