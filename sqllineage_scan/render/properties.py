"""dbt's YAML: all that a file beside the models declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.dbt import Declarations
from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.span import Span
from sqllineage_scan.render.attempt import Failure, attempt
from sqllineage_scan.render.declare.exposures import exposures
from sqllineage_scan.render.declare.metrics import other_nodes
from sqllineage_scan.render.declare.models import described
from sqllineage_scan.render.declare.reader import Reader
from sqllineage_scan.render.declare.sources import sources
from sqllineage_scan.render.declare.tests import generic_tests
from sqllineage_scan.render.located import Located, error_line, load
from sqllineage_scan.render.subject import Subject

if TYPE_CHECKING:
    from sqllineage_scan.domain.source import SourceFile
    from sqllineage_scan.render.environment import RenderEnvironment


def read_properties(file: SourceFile, text: str, environment: RenderEnvironment) -> Declarations:
    """All that a YAML file beside the models declares. What is wrong with it are findings."""
    reader = Reader(Subject(file, text, environment))
    document = attempt(lambda: load(text.removeprefix("\ufeff")))
    if isinstance(document, Failure):
        return Declarations(findings=(_unreadable(file, document),))
    if document is None:
        return Declarations()
    if not isinstance(document, Located):
        finding = Finding(
            "RN11", "properties.unexpected", Severity.WARNING, "the file should be a mapping", Span(file.path, 1, 1, 1, 1)
        )
        return Declarations(findings=(finding,))
    datasets = (*sources(reader, document), *described(reader, document))
    nodes = (*generic_tests(reader, document), *other_nodes(reader, document))
    return Declarations(datasets, tuple(exposures(reader, document)), nodes, tuple(reader.findings))


def _unreadable(file: SourceFile, failure: Failure) -> Finding:
    line = error_line(failure.error)
    span = Span(file.path, line, 1, line, 1)
    return Finding("RN10", "properties.unreadable", Severity.ERROR, f"not readable as YAML: {failure.reason}", span)
