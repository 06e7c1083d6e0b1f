"""Severities, options and paths: what the configuration makes of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.errors import ConfigurationError
from tests.linting.repositories import AMBIGUOUS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqllineage_scan.domain.report import Report


def severities(report: Report, name: str = "columns.ambiguous") -> dict[str, Severity]:
    return {each.finding.span.path: each.finding.severity for each in report.open if each.finding.name == name}


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        ("", Severity.WARNING),
        ('[rules]\ncolumns.ambiguous = "error"', Severity.ERROR),
        ('[rules]\n"columns.ambiguous" = "note"', Severity.NOTE),
        ('[rules]\nCL02 = "error"', Severity.ERROR),
        ('[rules]\ncolumns = "error"', Severity.ERROR),
        ('[rules]\nall = "note"', Severity.NOTE),
        ('[rules]\ncolumns = "off"\nCL02 = "note"', Severity.NOTE),
        ('[rules]\ncolumns.ambiguous = "off"', None),
        ('[rules]\nall = "off"', None),
        ('[rules.columns.ambiguous]\nseverity = "error"', Severity.ERROR),
        ('[rules]\ncolumns.ambiguous = "off"\n[paths."sub/**".rules]\nCL02 = "error"', None),
    ],
)
def test_severity(checked: Callable[..., Report], toml: str, expected: Severity | None) -> None:
    found = severities(checked({"a.sql": AMBIGUOUS, "sqllineage-scan.toml": toml}))
    assert found == ({"a.sql": expected} if expected else {})


def test_by_path(checked: Callable[..., Report]) -> None:
    toml = '[paths."legacy/**".rules]\nall = "off"\n[paths."legacy/kept".rules]\ncolumns.ambiguous = "error"\n'
    files = dict.fromkeys(("a.sql", "legacy/b.sql", "legacy/kept/c.sql"), AMBIGUOUS)
    found = severities(checked({**files, "sqllineage-scan.toml": toml}))
    assert found == {"a.sql": Severity.WARNING, "legacy/kept/c.sql": Severity.ERROR}


def test_off_but_on_somewhere(checked: Callable[..., Report]) -> None:
    toml = '[rules]\ncolumns.ambiguous = "off"\n[paths."sub".rules]\nCL02 = "error"\n'
    found = severities(checked({"a.sql": AMBIGUOUS, "sub/b.sql": AMBIGUOUS, "sqllineage-scan.toml": toml}))
    assert found == {"sub/b.sql": Severity.ERROR}


def test_findings_of_stages_too(checked: Callable[..., Report]) -> None:
    files = {"a.sql": "selct from from where;"}
    assert severities(checked(files), "parse.failed") == {"a.sql": Severity.WARNING}
    toml = {"sqllineage-scan.toml": '[rules]\nparse.failed = "error"'}
    assert severities(checked({**files, **toml}), "parse.failed") == {"a.sql": Severity.ERROR}


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ('[rules]\ncolums.ambiguous = "off"', "there is no rule 'colums'; did you mean 'columns'"),
        ('[rules]\ncolumns.ambigous = "off"', "did you mean 'columns.ambiguous'"),
        ('[rules]\nCL02 = "fatal"', "rules.CL02 must be error, warning, note, off, not 'fatal'"),
        ("[rules.columns.renamed]\nmost = 'x'", "rules.columns.renamed.most must be like 3, not 'x'"),
        ("[rules.columns.renamed]\nmots = 1", "no option 'mots'; known are most, severity"),
        ('[[boundaries]]\ntype = "layer"', "boundaries[1].type must be layers, forbidden"),
        ('[[boundaries]]\ntype = "layers"', "a layers boundary needs 'layers'"),
        ('[[boundaries]]\ntype = "layers"\nlayers = ["pth:x"]', "nothing is selected by 'pth'"),
        ('[[boundaries]]\ntype = "protected"\ndatasets = ["a"]\nreader = ["b"]', "a protected boundary has no 'reader'"),
        ("[privacy]\ntag = ['x']", "privacy: unknown key 'tag'; known are tags, patterns, public"),
        ('rule_folders = ["nowhere"]', "there is no folder of rules"),
        ('baseline = "none.json"', "there is no baseline none.json; write it with"),
    ],
)
def test_what_is_wrong_is_one_line(checked: Callable[..., Report], toml: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        checked({"a.sql": AMBIGUOUS, "sqllineage-scan.toml": toml})
    assert told in str(caught.value)


OWN_RULE = """
code: AC01
severity: error
scope: graph
summary: View whose name does not begin with v_.
each: dataset
where:
  kind: {is: view}
  name: {matches: '^(?!v_)'}
message: "call {name} v_{name}"
why: |
  Our house says so.
examples:
  - {flags: 1, sql: create view orders as select 1 as a}
  - {flags: 0, sql: create view v_orders as select 1 as a}
"""


def test_own_rules(checked: Callable[..., Report]) -> None:
    files = {"a.sql": "create view orders as select 1 as a", "lint/acme/views.yml": OWN_RULE}
    report = checked({**files, "sqllineage-scan.toml": 'rule_folders = ["lint"]'})
    assert [(each.finding.name, each.finding.message) for each in report.open] == [("acme.views", "call orders v_orders")]


def test_own_rules_of_a_package(checked: Callable[..., Report], monkeypatch, tmp_path_factory) -> None:
    """``[project.entry-points."sqllineage_scan.rules"] acme = "acme_rules"``: its folder is one of rules."""
    site = tmp_path_factory.mktemp("site")
    (site / "acme_rules" / "acme").mkdir(parents=True)
    (site / "acme_rules" / "__init__.py").write_text("")
    (site / "acme_rules" / "acme" / "views.yml").write_text(OWN_RULE)
    (site / "acme-1.dist-info").mkdir()
    (site / "acme-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1\n")
    (site / "acme-1.dist-info" / "entry_points.txt").write_text("[sqllineage_scan.rules]\nacme = acme_rules\n")
    monkeypatch.syspath_prepend(str(site))
    report = checked({"a.sql": "create view orders as select 1 as a"})
    assert [each.finding.name for each in report.open] == ["acme.views"]


def test_what_nobody_asks_for_is_not_looked_for(checked: Callable[..., Report]) -> None:
    files = {"a.sql": "select * from raw.orders", "b.sql": AMBIGUOUS}
    assert {each.finding.severity for each in checked(files).open} == {Severity.WARNING, Severity.NOTE}
    report = checked(files, least="warning")
    assert {each.finding.severity for each in report.open} == {Severity.WARNING}
    assert "stars.unknown" not in {rule.name for rule in report.rules}
    raised = {**files, "sqllineage-scan.toml": '[paths."a.sql".rules]\nstars.unknown = "error"\n'}
    assert [each.finding.name for each in checked(raised, least="error").open] == ["stars.unknown"]
