"""A repository into a report: scan, run the rules, see what is suppressed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqllineage_scan.domain.contract import Contracts
from sqllineage_scan.domain.finding import Severity, is_as_bad
from sqllineage_scan.domain.report import Report
from sqllineage_scan.domain.rule import RuleScope
from sqllineage_scan.linting.codeowners import read_code_owners
from sqllineage_scan.linting.material import Material
from sqllineage_scan.linting.promises import find_promises
from sqllineage_scan.linting.run import Run, arranged, may_run, rules_that_run, run_rules, severity_of
from sqllineage_scan.linting.suppress import Suppressions, judged
from sqllineage_scan.pipeline.again import check_again
from sqllineage_scan.pipeline.cache.checked import read_state, write_state
from sqllineage_scan.pipeline.contracts import find_contracts, read_contracts
from sqllineage_scan.pipeline.decode import read_text
from sqllineage_scan.pipeline.memory import no_collection
from sqllineage_scan.pipeline.remembered import remember
from sqllineage_scan.pipeline.scan import examine_repository

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqllineage_scan.domain.change import Diff
    from sqllineage_scan.domain.facts import Facts
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.report import Reported
    from sqllineage_scan.domain.rule import Rule
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.linting.settings import RuleSettings
    from sqllineage_scan.linting.suppress import Baseline
    from sqllineage_scan.pipeline.linked import Examined
    from sqllineage_scan.pipeline.options import ScanOptions

    Progress = Callable[[str, int, int], None]

CONTRACTS = "contracts"  # the group of rules about them
MOST_LINES = 3  # of source that a finding shows


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """``changed``: only what is found in these files, or rests on them; None: everything."""

    rules: tuple[Rule, ...]
    settings: RuleSettings
    baseline: Baseline | None = None
    changed: frozenset[str] | None = None
    gone: frozenset[str] = field(default_factory=frozenset)  # names of datasets whose files are deleted
    least: Severity = Severity.NOTE  # what is less severe is not looked for
    shown: Severity = Severity.NOTE  # what is less severe is only counted: without its line and its fingerprint
    compare: Callable[[LineageGraph], Diff] | None = None  # with an earlier state, for rules about changes
    contracts: tuple[str, ...] = ()  # patterns of ODCS files, from the root
    files: tuple[str, ...] | None = None  # the contracts themselves, instead of patterns
    only: frozenset[str] = frozenset()  # groups of rules; without any, all


def check_repository(root: Path, scan: ScanOptions, options: CheckOptions, progress: Progress | None = None) -> Report:
    with no_collection():
        examined = examine_repository(root, scan, progress)
        graph = examined.graph
        material = _material(graph, None, options, root)
        if options.compare is not None or options.only:
            material = replace(material, facts=examined.facts)
            run = _run(material, options)
        else:
            run, material = _run_again(root, scan, examined, material, options)
        report = _reported(run, material, options, root)
    if options.changed is None and options.baseline is None and not options.only and options.least is Severity.NOTE:
        remember(root, tuple(file.path for file in graph.coverage.files), report, scan)
    return report


def report_on(graph: LineageGraph, facts: Facts | None, options: CheckOptions, root: Path | None) -> Report:
    """The rules on a graph. Without ``root`` there is no source to show, and no CODEOWNERS."""
    material = _material(graph, facts, options, root)
    return _reported(_run(material, options), material, options, root)


def _run(material: Material, options: CheckOptions) -> Run:
    return run_rules(_asked(options), material, options.least)


def _run_again(
    root: Path, scan: ScanOptions, examined: Examined, material: Material, options: CheckOptions
) -> tuple[Run, Material]:
    """What the last check found of what has not changed is not looked for again. A check that leaves rules out keeps nothing."""
    material = replace(material, facts=examined.facts_about(lambda _: False))
    before = read_state(root, scan)
    if before is None and options.least is not Severity.NOTE:
        material = replace(material, facts=examined.facts)
        return _run(material, options), material
    rules, _ = rules_that_run(options.rules, material)
    found, state = check_again(examined, material, rules, before)
    if state is not None:
        write_state(root, scan, state)
    ran, unchecked = rules_that_run(options.rules, material, options.least)
    findings = [each.finding for each in found]
    return arranged(options.rules, material, findings, Run((), ran, unchecked), options.least), material


def _reported(run: Run, material: Material, options: CheckOptions, root: Path | None) -> Report:
    graph = material.graph
    sources = _Sources(root)
    findings = [_in_context(each, sources, options) for each in run.findings if _wanted(each, options)]
    comments = Suppressions(material.known_facts.suppressions)
    reported, stale = judged(findings, comments, options.baseline, options.shown)
    partial = options.changed is not None or bool(options.only)  # what was not looked for is not unmatched
    about = () if partial else (*comments.unmatched(options.rules), *stale)
    extra = [made for each in about if (made := _chosen(each, options)) is not None]
    more, _ = judged([_in_context(each, sources, options) for each in extra], Suppressions(()), None, options.shown)
    everything = [
        each._replace(lines=sources.lines(each.finding.span)) if is_as_bad(each.finding.severity, options.shown) else each
        for each in (*reported, *more)
    ]
    return Report(
        tuple(sorted(everything, key=_order)),
        run.ran,
        len(graph.coverage.files),
        run.unchecked,
        len(material.once(find_promises)) if CONTRACTS in options.only else 0,
    )


def _asked(options: CheckOptions) -> tuple[Rule, ...]:
    return tuple(rule for rule in options.rules if not options.only or rule.group in options.only)


def _in_context(finding: Finding, sources: _Sources, options: CheckOptions) -> Finding:
    if not is_as_bad(finding.severity, options.shown):
        return finding
    return replace(finding, context=sources.line(finding.span))


def _contracts(root: Path, options: CheckOptions) -> tuple[str, ...]:
    return options.files if options.files is not None else find_contracts(root, options.contracts)


def _material(graph: LineageGraph, facts: Facts | None, options: CheckOptions, root: Path | None) -> Material:
    """The earlier state is only scanned where a rule asks for it."""
    owners = None if root is None else read_code_owners(root)
    contracts = Contracts() if root is None else read_contracts(root, _contracts(root, options))
    asked = any(rule.scope is RuleScope.CHANGE and may_run(rule, options.settings) for rule in options.rules)
    change = options.compare(graph) if options.compare is not None and asked else None
    return Material(graph, facts, options.settings, owners, change, contracts=contracts)


def _order(each: Reported) -> tuple[object, ...]:
    return (each.finding.span, each.finding.code, each.finding.name, each.finding.subject, each.finding.message)


def _chosen(finding: Finding, options: CheckOptions) -> Finding | None:
    rule = next((rule for rule in options.rules if rule.name == finding.name), None)
    if rule is None:
        return finding
    severity = severity_of(rule, options.settings, finding.span.path, rule.severity)
    return None if severity is None else replace(finding, severity=severity)


def _wanted(finding: Finding, options: CheckOptions) -> bool:
    """Whether a finding is in a changed file, or rests on one: who reads a column that was renamed did not change."""
    if options.only and finding.name.partition(".")[0] not in options.only:
        return False
    if options.changed is None:
        return True
    places = {finding.span.path, *(step.span.path for step in finding.steps if step.span is not None)}
    return not places.isdisjoint(options.changed) or any(f"'{name}'" in finding.subject for name in options.gone)


class _Sources:
    """Lines of the repository's files, each file read once, and only those that something is found in."""

    def __init__(self, root: Path | None) -> None:
        self._root = root
        self._files: dict[str, Sequence[str]] = {}

    def line(self, span: Span) -> str:
        lines = self._of(span.path)
        return lines[span.line - 1] if 0 < span.line <= len(lines) else ""

    def lines(self, span: Span) -> tuple[str, ...]:
        last = min(span.end_line, span.line + MOST_LINES - 1)
        return tuple(self._of(span.path)[span.line - 1 : last])

    def _of(self, path: str) -> Sequence[str]:
        if path not in self._files:
            text = (
                None if self._root is None or not path or not (self._root / path).is_file() else read_text(self._root, path).text
            )
            self._files[path] = [] if text is None else text.split("\n")
        return self._files[path]
