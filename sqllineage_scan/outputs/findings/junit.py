"""JUnit XML, which every CI shows: a test suite a file, a failed test a finding."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TextIO
from xml.sax.saxutils import escape, quoteattr

from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.outputs.harmless import in_xml

if TYPE_CHECKING:
    from sqllineage_scan.domain.report import Report, Reported


def write(report: Report, out: TextIO) -> None:
    """Errors and warnings fail, notes and what is suppressed are skipped. Nothing found is one test that passes."""
    by_path: defaultdict[str, list[Reported]] = defaultdict(list)
    for each in report.findings:
        by_path[each.finding.span.path].append(each)
    failures = sum(_fails(each) for each in report.findings)
    total = max(len(report.findings), 1)
    skipped = len(report.findings) - failures
    out.write('<?xml version="1.0" encoding="utf-8"?>\n')
    out.write(f'<testsuites name="sqllineage-scan" tests="{total}" failures="{failures}" errors="0" skipped="{skipped}">\n')
    if not report.findings:
        out.write('  <testsuite name="sqllineage-scan" tests="1" failures="0" errors="0" skipped="0">\n')
        out.write('    <testcase name="check" classname="sqllineage-scan"/>\n  </testsuite>\n')
    for path, found in sorted(by_path.items()):
        failed = sum(_fails(each) for each in found)
        counts = f'tests="{len(found)}" failures="{failed}" errors="0" skipped="{len(found) - failed}"'
        out.write(f"  <testsuite name={_attribute(path or 'repository')} {counts}>\n")
        for each in found:
            _case(each, out)
        out.write("  </testsuite>\n")
    out.write("</testsuites>\n")


def _case(each: Reported, out: TextIO) -> None:
    finding, span = each.finding, each.finding.span
    name = f"{finding.name} {span.line}:{span.column}"
    place = f" file={_attribute(span.path)} line={quoteattr(str(span.line))}" if span.path else ""
    out.write(f"    <testcase name={_attribute(name)} classname={_attribute(span.path or 'repository')}{place}>\n")
    if _fails(each):
        text = "\n".join((f"{span}: {finding.message}", *each.lines, *(step.text for step in finding.steps), finding.help))
        kind = f"{finding.severity.value} {finding.code}"
        out.write(
            f"      <failure type={_attribute(kind)} message={_attribute(finding.message)}>{_text(text.strip())}</failure>\n"
        )
    else:
        why = f"suppressed: {each.suppressed}" if each.suppressed else finding.severity.value
        out.write(f"      <skipped message={_attribute(f'{why}: {finding.message}')}/>\n")
    out.write("    </testcase>\n")


def _fails(each: Reported) -> bool:
    return not each.suppressed and each.finding.severity is not Severity.NOTE


def _attribute(text: str) -> str:
    return in_xml(quoteattr(_allowed(text).replace("\n", " ")))


def _text(text: str) -> str:
    return in_xml(escape(_allowed(text)))


def _allowed(text: str) -> str:
    """XML 1.0 has no control characters (section 2.2), and no lone surrogates, which file names may hold."""
    return "".join(
        letter
        if letter in "\t\n" or (letter >= " " and not "\ud800" <= letter <= "\udfff" and letter not in "\ufffe\uffff")
        else "?"
        for letter in text
    )
