"""What one worker does with one file: read, render, parse. It needs no other file's columns."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.dialects import dialect
from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.source import CompiledFile, FileKind, FileStatus
from sqllineage_scan.domain.span import whole_file
from sqllineage_scan.linting.noqa import suppressions
from sqllineage_scan.pipeline.decode import decode, unreadable
from sqllineage_scan.pipeline.remarks import acknowledgements
from sqllineage_scan.render.declare.hooks import operations
from sqllineage_scan.render.declare.snapshots import yaml_snapshots
from sqllineage_scan.render.file import render_file
from sqllineage_scan.render.properties import read_properties
from sqllineage_scan.render.seeds import seed_node
from sqllineage_scan.render.ways import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.source import RenderedFile, SourceFile
    from sqllineage_scan.parse.file import ParsedFile
    from sqllineage_scan.pipeline.workshop import Workshop
    from sqllineage_scan.render.environment import RenderEnvironment

_TRIED = 200_000  # characters of a text that is tried in every dialect
_NO_UNITS = frozenset({FileKind.MACRO, FileKind.DOCS})
_OPAQUE = frozenset({FileKind.SEED, FileKind.PYTHON_MODEL})  # whose rows are made in a way that is not read here


class Compiled(NamedTuple):
    """What became of one file: several where it holds several dbt nodes. ``content`` is the SHA-256 of the bytes that were
    read: the file may have changed since somebody looked. Empty where nothing could be read.
    """

    parts: tuple[CompiledFile, ...]
    content: bytes


def read_file(file: SourceFile, workshop: Workshop) -> tuple[CompiledFile, ...]:
    """Compile one file. Whatever is in it, an answer comes back; trouble is among the findings."""
    return compile_file(file, workshop).parts


def compile_file(file: SourceFile, workshop: Workshop) -> Compiled:
    """The same, with a digest of what was read."""
    try:
        data = (workshop.root / file.path).read_bytes()
    except OSError as error:
        return Compiled((_failed(file, unreadable(file.path, error)),), b"")
    return compile_bytes(file, data, workshop)


def compile_bytes(file: SourceFile, data: bytes, workshop: Workshop) -> Compiled:
    """The same of bytes that somebody else has read."""
    decoded = decode(file.path, data)
    content = sha256(data).digest()
    if decoded.text is None:
        return Compiled((_failed(file, decoded.findings),), content)
    environment = workshop.environments.get(file.dbt_project or "") if file.dbt_project is not None else None
    first, *others = _compile(file, decoded.text, environment)
    meant, quieted = acknowledgements(file.path, decoded.text), suppressions(file.path, decoded.text)
    if decoded.findings or meant or quieted:
        findings = (*decoded.findings, *first.findings)
        first = replace(first, findings=findings, acknowledgements=meant, suppressions=quieted)
    if file.kind in _OPAQUE:
        first = replace(first, content=sha256(decoded.text.strip().encode(errors="replace")).hexdigest()[:24])
    return Compiled((first, *others), content)


def _failed(file: SourceFile, findings: tuple[Finding, ...]) -> CompiledFile:
    return CompiledFile(file.path, file.kind, file.dialect, FileStatus.FAILED, findings=findings)


def _compile(file: SourceFile, text: str, environment: RenderEnvironment | None) -> Iterator[CompiledFile]:
    if file.kind in _NO_UNITS:
        yield CompiledFile(file.path, file.kind, file.dialect, FileStatus.READ)
    elif file.kind is FileKind.PROJECT:
        assert environment is not None
        declared = operations(file, text, environment)
        yield CompiledFile(file.path, file.kind, file.dialect, FileStatus.READ, declarations=declared, findings=declared.findings)
    elif file.kind is FileKind.SEED:
        yield _seed(file, text, environment)
    elif file.kind is FileKind.PROPERTIES:
        assert environment is not None
        yield from _properties(file, text, environment)
    else:
        yield compile_sql(file, text, environment)
        for number, name in enumerate(parts_of(file, text)[1:], start=1):
            yield replace(compile_sql(replace(file, part=number), text, environment), part=name)


def _properties(file: SourceFile, text: str, environment: RenderEnvironment) -> Iterator[CompiledFile]:
    declared = read_properties(file, text, environment)
    broken = any(finding.severity is Severity.ERROR for finding in declared.findings)
    status = FileStatus.FAILED if broken and not declared.datasets else FileStatus.READ
    yield CompiledFile(file.path, file.kind, file.dialect, status, declarations=declared, findings=declared.findings)
    for name, rendered in yaml_snapshots(file, text, environment, declared):
        spoken = file.dialect or environment.project.dialect
        yield replace(_parsed(replace(file, kind=FileKind.SNAPSHOT, dialect=spoken), rendered), part=name)


def compile_sql(file: SourceFile, text: str, environment: RenderEnvironment | None) -> CompiledFile:
    """Render and parse. sqlglot is imported only here, when there is something to parse."""
    return _parsed(file, render_file(file, text, environment))


def _parsed(file: SourceFile, rendered: RenderedFile) -> CompiledFile:
    from sqllineage_scan.parse.file import parse_file

    failed = any(finding.name == "render.failed" and finding.severity is Severity.ERROR for finding in rendered.findings)
    parsed = parse_file(rendered.variants, dialect(file.dialect), file.dialect_guess if file.dialect else "")
    if parsed.understood < parsed.statements and file.dialect_guess and not file.dialect:
        file, parsed = _otherwise(file, rendered, parsed)
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
        findings=rendered.findings if failed else (*rendered.findings, *parsed.findings),  # one fault, one finding
        understood=parsed.understood,
    )


def _otherwise(file: SourceFile, rendered: RenderedFile, generic: ParsedFile) -> tuple[SourceFile, ParsedFile]:
    """What nobody says the dialect of, and generic SQL does not read: in the first dialect that reads all of it, else in that
    which reads most, if that is more. The second parser is not asked for each of them.
    """
    from sqllineage_scan.discover.dialect import likely_dialects
    from sqllineage_scan.parse.file import parse_file
    from sqllineage_scan.parse.second_parser import Patience

    text = rendered.variants[0].text
    best, most = "", generic.understood
    for name in likely_dialects(text) if len(text) <= _TRIED else ():
        found = parse_file(rendered.variants, dialect(name), patience=Patience(0))
        if found.understood > most:
            best, most = name, found.understood
        if found.understood == found.statements:
            break
    if not best:
        return file, generic
    file = replace(file, dialect=best, dialect_guess="it reads what generic SQL does not")
    return file, parse_file(rendered.variants, dialect(best), file.dialect_guess)


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
