"""Rules on a repository: which things break which rule, and how sure that is."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sqllineage_scan.domain.finding import Finding, Severity, is_as_bad
from sqllineage_scan.domain.rule import RuleScope
from sqllineage_scan.domain.span import Span
from sqllineage_scan.errors import ConfigurationError
from sqllineage_scan.linting.item import CERTAIN
from sqllineage_scan.linting.selectors import fits
from sqllineage_scan.linting.vocabulary import TESTS, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.rule import Rule
    from sqllineage_scan.linting.item import Item
    from sqllineage_scan.linting.material import Material
    from sqllineage_scan.linting.settings import Chosen, RuleSettings
    from sqllineage_scan.linting.vocabulary import Word

OFF = "off"
_PLACE = re.compile(r"\{([a-z_]+)\}")
_MOST_NAMED = 5
_WORST_FIRST = list(Severity)
_NOWHERE = Span("", 1, 1, 1, 1)


class Run(NamedTuple):
    """``ran``: the rules that looked; ``unchecked``: those that could not, and why."""

    findings: tuple[Finding, ...]
    ran: tuple[Rule, ...]
    unchecked: Mapping[str, str]


class Broken(NamedTuple):
    """A rule that a thing breaks. ``of``: the dataset whose lineage that follows from; None: the repository as a whole."""

    of: DatasetId | None
    finding: Finding


def run_rules(rules: Sequence[Rule], material: Material, least: Severity = Severity.NOTE) -> Run:
    """The findings of the scan and of every rule that is on, sorted by place. ``least``: what is less severe nobody asks for, so
    rules that can find nothing worse do not run.
    """
    ran, unchecked = rules_that_run(rules, material, least)
    return arranged(rules, material, [each.finding for each in broken(ran, material)], Run((), ran, unchecked), least)


def rules_that_run(
    rules: Sequence[Rule], material: Material, least: Severity = Severity.NOTE
) -> tuple[tuple[Rule, ...], Mapping[str, str]]:
    """Those that can find something here, and those that cannot, with the reason."""
    ran: list[Rule] = []
    unchecked: dict[str, str] = {}
    for rule in rules:
        is_stage = rule.scope is RuleScope.SCAN
        if not may_run(rule, material.settings) or (not is_stage and not _may_find(rule, material.settings, least)):
            continue
        missing = "" if is_stage else _missing(rule, material)
        if missing:
            unchecked[rule.name] = missing
        else:
            ran.append(rule)
    return tuple(ran), unchecked


def broken(rules: Sequence[Rule], material: Material) -> list[Broken]:
    """What breaks these rules; of a material with a focus, what is in it, or of no dataset at all."""
    items: dict[str, list[Item]] = {}
    found: list[Broken] = []
    for rule in rules:
        if rule.scope is RuleScope.SCAN:
            continue
        if rule.each not in items:
            items[rule.each] = list(_in_focus(word(rule.each), material))
        found.extend(_broken(rule, items[rule.each], material.settings))
    return found


def _in_focus(subject: Word, material: Material) -> Iterator[Item]:
    if material.focus is None:
        return subject.each(material)
    wanted = material.focus.origins if subject.of_origins else material.focus.datasets
    return (item for item in subject.each(material) if item.of is None or item.of in wanted)


def arranged(rules: Sequence[Rule], material: Material, found: Sequence[Finding], run: Run, least: Severity) -> Run:
    """With what the scan itself found, sorted, and without what is less severe than ``least``."""
    by_name = {rule.name: rule for rule in rules}
    said = (
        _of_stage(finding, by_name.get(finding.name), material.settings)
        for finding in (*material.graph.findings, *material.contracts.findings)
    )
    everything = [*(finding for finding in said if finding is not None), *found]
    everything = [each for each in everything if is_as_bad(each.severity, least)]
    ordered = sorted(dict.fromkeys(everything), key=lambda each: (each.span, each.code, each.name, each.subject, each.message))
    return run._replace(findings=tuple(ordered))


def _missing(rule: Rule, material: Material) -> str:
    needs = word(rule.each).needs
    if "facts" in needs and material.facts is None:
        return "a lineage document does not say what it asks for; check the repository itself"
    if "change" in needs and material.change is None:
        return "it compares with an earlier state: --changed-since REV"
    return ""


def _of_stage(finding: Finding, rule: Rule | None, settings: RuleSettings) -> Finding | None:
    """A finding of the scan itself, as severe as the configuration wants it."""
    if rule is None:
        return finding
    own = max(finding.severity, rule.severity or finding.severity, key=_WORST_FIRST.index)  # a rule may find it less bad
    chosen = severity_of(rule, settings, finding.span.path, own)
    return None if chosen is None else replace(finding, severity=chosen)


def _broken(rule: Rule, items: Iterable[Item], settings: RuleSettings) -> Iterator[Broken]:
    options = options_of(rule, settings)
    conditions = [
        (each.attribute, TESTS[each.test][1], options[each.value[1:]] if _is_option(each.value) else each.value)
        for each in rule.where
    ]
    for item in items:
        if all(_passes(rule, item, *condition) for condition in conditions):
            finding = _finding(rule, item, options, settings)
            if finding is not None:
                yield Broken(item.of, finding)


def _passes(rule: Rule, item: Item, attribute: str, test: Callable[[Any, Any], bool], wanted: Any) -> bool:
    """A rule's values, and those of its options, are whoever's wrote the repository."""
    value = item.value(attribute)
    try:
        return test(value, wanted)
    except (TypeError, ValueError, RecursionError, re.error) as error:
        raise ConfigurationError(f"{rule.origin or rule.name}: where.{attribute}: {wanted!r} does not fit: {error}") from error


def _is_option(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("$")


def _finding(rule: Rule, item: Item, options: Mapping[str, Any], settings: RuleSettings) -> Finding | None:
    """What rests on an uncertain edge is never an error: a warning that names the edge."""
    span = item.span or _NOWHERE
    severity = severity_of(rule, settings, span.path, rule.severity)
    if severity is None:
        return None
    steps = item.steps
    message = _told(rule.message, item, options)
    if severity is Severity.ERROR and item.confidence < CERTAIN:
        severity = Severity.WARNING
        message += f" (not certain: {item.weakest})" if item.weakest else f" (not certain: {item.confidence:.2f})"
    return Finding(rule.code, rule.name, severity, message, span, item.subject, _told(rule.help, item, options), steps)


def _told(text: str, item: Item, options: Mapping[str, Any]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1]
        return shown(options[name] if name in options else item.value(name))

    return _PLACE.sub(value, text)


def shown(value: Any) -> str:
    if isinstance(value, (tuple, list, set, frozenset)) and not hasattr(value, "_fields"):  # an id is a tuple too
        items = [str(item) for item in (sorted(value, key=str) if isinstance(value, (set, frozenset)) else value)]
        more = len(items) - _MOST_NAMED
        return ", ".join(items[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return "" if value is None else str(value)


def may_run(rule: Rule, settings: RuleSettings) -> bool:
    """Whether it is on anywhere. Stages run whatever the configuration says; what they find is filtered."""
    if rule.scope is RuleScope.SCAN:
        return True
    everywhere = severity_of(rule, settings, "", rule.severity)
    return everywhere is not None or any(_said(rule, chosen) is not None for _, chosen in settings.paths)


def _may_find(rule: Rule, settings: RuleSettings, least: Severity) -> bool:
    """Whether it can find anything that severe, in some file."""
    said = [chosen.severity for _, table in settings.paths if (chosen := _said(rule, table)) is not None]
    possible = [severity_of(rule, settings, "", rule.severity), *(Severity(each) for each in said if each and each != OFF)]
    return any(each is not None and _WORST_FIRST.index(each) <= _WORST_FIRST.index(least) for each in possible)


def severity_of(rule: Rule, settings: RuleSettings, path: str, own: Severity | None) -> Severity | None:
    """How severe it is in a file; None: off. What is said of the rule goes before its group, a path's word before both."""
    severity: Severity | None = own
    tables = [settings.rules, *(chosen for pattern, chosen in settings.paths if path and _below(path, pattern))]
    for table in tables:
        chosen = _said(rule, table)
        if chosen is not None and chosen.severity:
            severity = None if chosen.severity == OFF else Severity(chosen.severity)
    return severity


def _below(path: str, pattern: str) -> bool:
    return fits(path, pattern) or path.startswith(f"{pattern.removesuffix('**').rstrip('/')}/")


def _said(rule: Rule, table: Mapping[str, Chosen]) -> Chosen | None:
    said = [table[key] for key in (rule.name, rule.code, rule.group, "all") if key in table]
    return next((chosen for chosen in said if chosen.severity), said[0] if said else None)


def options_of(rule: Rule, settings: RuleSettings) -> dict[str, Any]:
    """The rule's options with what the configuration sets of them."""
    options = {name: option.default for name, option in rule.options.items()}
    for key in (rule.code, rule.name):
        if key in settings.rules:
            options.update({name: value for name, value in settings.rules[key].options.items() if name in options})
    return options
