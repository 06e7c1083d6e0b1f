"""What one worker does with one file: read, render, parse. It needs no other file's columns."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqllineage_scan.dialects import dialect
from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.source import CompiledFile, FileKind, FileStatus
from sqllineage_scan.domain.span import whole_file
from sqllineage_scan.pipeline.decode import read_text
from sqllineage_scan.render.file import render_file
from sqllineage_scan.render.properties import read_properties
from sqllineage_scan.render.seeds import seed_node

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqllineage_scan.domain.source import SourceFile
    from sqllineage_scan.render.environment import RenderEnvironment

_NO_UNITS = frozenset({FileKind.MACRO, FileKind.PROJECT, FileKind.DOCS})


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every file may need: sent once to each worker process."""

    root: Path
    environments: Mapping[str, RenderEnvironment] = field(default_factory=dict)  # by root of the dbt project


def read_file(file: SourceFile, workshop: Workshop) -> CompiledFile:
    """Compile one file. Whatever is in it, an answer comes back; trouble is among the findings."""
    decoded = read_text(workshop.root, file.path)
    if decoded.text is None:
        return CompiledFile(file.path, file.kind, file.dialect, FileStatus.FAILED, findings=decoded.findings)
    compiled = _compile(
        file, decoded.text, workshop.environments.get(file.dbt_project or "") if file.dbt_project is not None else None
    )
    return replace(compiled, findings=(*decoded.findings, *compiled.findings)) if decoded.findings else compiled


def _compile(file: SourceFile, text: str, environment: RenderEnvironment | None) -> CompiledFile:
    if file.kind in _NO_UNITS:
        return CompiledFile(file.path, file.kind, file.dialect, FileStatus.READ)
    if file.kind is FileKind.SEED:
        return _seed(file, text, environment)
    if file.kind is FileKind.PROPERTIES:
        assert environment is not None
        declared = read_properties(file, text, environment)
        broken = any(finding.severity is Severity.ERROR for finding in declared.findings)
        status = FileStatus.FAILED if broken and not declared.datasets else FileStatus.READ
        return CompiledFile(file.path, file.kind, file.dialect, status, declarations=declared, findings=declared.findings)
    return compile_sql(file, text, environment)


def compile_sql(file: SourceFile, text: str, environment: RenderEnvironment | None) -> CompiledFile:
    """Render and parse. sqlglot is imported only here, when there is something to parse."""
    from sqllineage_scan.parse.file import parse_file

    rendered = render_file(file, text, environment)
    parsed = parse_file(rendered.variants, dialect(file.dialect), file.dialect_guess)
    holes = tuple(dict.fromkeys(hole for variant in rendered.variants for hole in variant.holes))
    return CompiledFile(
        file.path,
        file.kind,
        file.dialect,
        parsed.status,
        parsed.statements,
        parsed.units,
        rendered.node,
        holes=holes,
        findings=(*rendered.findings, *parsed.findings),
        understood=parsed.understood,
    )


def _seed(file: SourceFile, text: str, environment: RenderEnvironment | None) -> CompiledFile:
    """A seed's columns are its header (dbt: "seeds", one header line, comma unless configured)."""
    assert environment is not None
    spoken = dialect(file.dialect or environment.project.dialect)
    try:
        header = next(csv.reader(io.StringIO(text)), [])
    except csv.Error as error:
        finding = Finding(
            "RD02", "read.csv", Severity.ERROR, f"{file.path} is no CSV: {error}", whole_file(file.path), subject=file.path
        )
        return CompiledFile(file.path, file.kind, file.dialect, FileStatus.FAILED, findings=(finding,))
    columns = tuple(dict.fromkeys(spoken.column(name.strip()) for name in header if name.strip()))
    node = seed_node(file, environment)
    return CompiledFile(file.path, file.kind, spoken.name, FileStatus.READ, node=node, seed_columns=columns)
