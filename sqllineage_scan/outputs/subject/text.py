"""One dataset or one column, for a person: where it comes from, why we think so, who reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.domain.dataset import SchemaOrigin
from sqllineage_scan.domain.evidence import band_of
from sqllineage_scan.graph.subject import ColumnSubject
from sqllineage_scan.outputs.lines import (
    WIDTH,
    Line,
    Piece,
    Role,
    cells,
    clean,
    clipped,
    line,
    of_band,
    padded,
    wrapped,
    write_lines,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqllineage_scan.domain.dataset import Column, Dataset
    from sqllineage_scan.domain.edge import ColumnEdge, RowEdge
    from sqllineage_scan.domain.evidence import Evidence
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.graph.subject import DatasetSubject, Source, Subject

_SUBTYPE = 14  # TRANSFORMATION
_WIDEST_NAME = 40


def write(subject: Subject, out: TextIO) -> None:
    write_lines(describe(subject), out)


def describe(subject: Subject, width: int = WIDTH) -> list[Line]:
    return _column(subject, width) if isinstance(subject, ColumnSubject) else _dataset(subject, width)


def _dataset(subject: DatasetSubject, width: int) -> list[Line]:
    dataset = subject.dataset
    return [
        line(Piece(clean(str(dataset.id)), Role.TITLE), "  ", dataset.kind.value.replace("_", " ")),
        *_facts(dataset, width),
        *_written_by(subject, width),
        *_description(dataset.description, width),
        *_columns(subject),
        *_rows(subject.row_edges, subject.dataset.span),
        *_names("Made from", ((str(edge.source), edge.confidence) for edge in subject.sources), "nothing in this repository"),
        *_names("Read by", ((str(edge.target), edge.confidence) for edge in subject.readers), "nothing in this repository"),
        *_exposures(subject, width),
    ]


def _facts(dataset: Dataset, width: int) -> list[Line]:
    facts = [str(dataset.span) if dataset.span else "defined nowhere in this repository"]
    facts += [dataset.unique_id] if dataset.unique_id else []
    facts += [f"owner {dataset.owner}"] if dataset.owner else []
    facts += [f"tags {', '.join(dataset.tags)}"] if dataset.tags else []
    return wrapped(" · ".join(facts), width, "", Role.QUIET)


def _description(text: str, width: int) -> list[Line]:
    return [(), *wrapped(text, width, "")] if text.strip() else []


def _written_by(subject: DatasetSubject, width: int) -> list[Line]:
    jobs = ", ".join(f"{job.id} ({job.kind.value})" for job in subject.jobs)
    return wrapped(f"written by {jobs}", width, "", Role.QUIET) if jobs else []


def _columns(subject: DatasetSubject) -> list[Line]:
    if not subject.columns:
        return [(), line(Piece("Columns", Role.TITLE), Piece("  nothing says which it has", Role.QUIET))]
    origin = subject.dataset.origin
    known = "those that something here uses" if origin is SchemaOrigin.NONE else f"as known from: {origin.value}"
    lines: list[Line] = [
        (),
        line(Piece(f"Columns {len(subject.columns)}", Role.TITLE), Piece(f"  {known}", Role.QUIET)),
    ]
    names = min(max(cells(clean(column.id.column)) for column in subject.columns), _WIDEST_NAME)
    types = min(max(cells(clean(_type(column.column))) for column in subject.columns), 20)
    for column in subject.columns:
        head = f"  {padded(clean(column.id.column), names)}  {padded(clipped(_type(column.column), types), types)}"
        lines += _column_rows(head, column)
    return lines


def _type(column: Column | None) -> str:
    return (column.type if column else None) or "-"


def _arrows(column: ColumnSubject) -> list[tuple[str, ColumnEdge]]:
    """The edges into a column with their indentation: deeper ones stand below what they are sources of."""

    def below(sources: Iterable[Source], indent: str) -> Iterator[tuple[str, ColumnEdge]]:
        for source in sources:
            yield indent, source.edge
            yield from below(source.sources, f"{indent}  ")

    return list(below(column.sources, ""))


def _column_rows(head: str, column: ColumnSubject) -> list[Line]:
    """The column, and a line for each of its sources. Their names come last, since they may be of any length."""
    rows = [
        line(
            head if position == 0 else " " * cells(head),
            *_how_sure(edge.confidence),
            f"{edge.transformation.subtype.value:<{_SUBTYPE}}",
            Piece(f" {indent}← ", Role.QUIET),
            Piece(clean(str(edge.source)), Role.NAME),
        )
        for position, (indent, edge) in enumerate(_arrows(column))
    ]
    return rows or [line(head)]


def _how_sure(confidence: float) -> Line:
    return line("  ", of_band(f"{confidence:.2f}", band_of(confidence)), "  ")


def _rows(edges: Sequence[RowEdge], home: Span | None) -> list[Line]:
    if not edges:
        return []
    names = min(max(cells(clean(str(edge.source))) for edge in edges), _WIDEST_NAME)
    return [
        (),
        line(Piece("Rows decided by", Role.TITLE)),
        *(
            line(
                *_how_sure(edge.confidence),
                f"{edge.subtype.value:<{_SUBTYPE}}   ",
                Piece(padded(clean(str(edge.source)), names), Role.NAME),
                Piece(f"  {_place(edge.span, home)}" if edge.span else "", Role.QUIET),
            )
            for edge in edges
        ),
    ]


def _place(span: Span, home: Span | None) -> str:
    """In the file that the dataset is defined in, the line is enough."""
    return f"line {span.line}" if home and span.path == home.path else clean(str(span))


def _names(title: str, names: Iterable[tuple[str, float]], otherwise: str) -> list[Line]:
    best: dict[str, float] = {}
    for name, confidence in names:
        best[name] = max(confidence, best.get(name, 0.0))
    if not best:
        return [(), line(Piece(title, Role.TITLE), Piece(f"  {otherwise}", Role.QUIET))]
    rows = (line(*_how_sure(confidence), Piece(clean(name), Role.NAME)) for name, confidence in sorted(best.items()))
    return [(), line(Piece(f"{title} {len(best)}", Role.TITLE)), *rows]


def _exposures(subject: DatasetSubject, width: int) -> list[Line]:
    if not subject.exposures:
        return []
    told = [
        row
        for exposure in subject.exposures
        for row in wrapped(f"{exposure.name} ({exposure.kind}) {exposure.owner or ''}", width, "  ", Role.NAME)
    ]
    return [(), line(Piece(f"Exposures {len(subject.exposures)}", Role.TITLE)), *told]


def _column(subject: ColumnSubject, width: int) -> list[Line]:
    column, dataset = subject.column, subject.dataset
    place = f"column of {dataset.id} ({dataset.kind.value.replace('_', ' ')})" + (f" · {dataset.span}" if dataset.span else "")
    described = column.description if column else ""
    marks = [*(column.tags if column else ()), *(column.tests if column else ())]
    return [
        line(Piece(clean(str(subject.id)), Role.TITLE), f"  {clean(column.type)}" if column and column.type else ""),
        *wrapped(place, width, "", Role.QUIET),
        *(wrapped(f"marked {', '.join(marks)}", width, "", Role.QUIET) if marks else []),
        *_description(described, width),
        *_origins(subject, width),
        *_rows(subject.row_edges, subject.dataset.span),
        *_readers(subject),
    ]


def _origins(subject: ColumnSubject, width: int) -> list[Line]:
    if not subject.sources:
        return [(), line(Piece("Comes from", Role.TITLE), Piece("  nothing in this repository", Role.QUIET))]
    tree = [row for source in subject.sources for row in _source(source, "  ", width)]
    return [(), line(Piece("Comes from", Role.TITLE)), *tree]


def _source(source: Source, indent: str, width: int) -> list[Line]:
    """The source and how sure; below it the expression with its place, the reasons, and its own sources."""
    edge = source.edge
    note = "  (told above)" if source.repeated else "  (and further back)" if source.cut else ""
    inner = f"{indent}  "
    expression = clean(edge.transformation.description)
    how = f"{expression}  " if expression else ""
    return [
        line(
            indent,
            Piece("← ", Role.QUIET),
            Piece(clean(str(edge.source)), Role.NAME),
            f"  {edge.transformation.subtype.value}{', masked' if edge.transformation.masking else ''}  ",
            of_band(f"{edge.confidence:.2f} {edge.band.value}", edge.band),
            Piece(note, Role.QUIET),
        ),
        *_expression(how, edge.span, inner, width),
        *wrapped(f"because: {reasons(edge.evidence, edge.span)}", width, inner, Role.QUIET),
        *(row for deeper in source.sources for row in _source(deeper, f"{inner}  ", width)),
    ]


def _expression(expression: str, span: Span | None, indent: str, width: int) -> list[Line]:
    place = clean(str(span)) if span else ""
    room = max(width - cells(indent) - cells(place) - 2, 20)
    text = clipped(expression, room)
    if not text and not place:
        return []
    return [line(indent, text, Piece(f"  {place}" if text else place, Role.QUIET))]


def reasons(evidence: Iterable[Evidence], known: Span | None = None) -> str:
    """What we go by; what lowers the confidence says by how much, and where, unless that is the ``known`` place."""
    told: dict[str, None] = {}
    for item in evidence:
        factor = round(item.weight, 2)
        weight = f" (factor {factor:g})" if factor < 1 else ""
        note = f": {clean(item.note)}" if item.note else ""
        place = f" at {clean(str(item.span))}" if item.span and item.span != known and factor < 1 else ""
        told[f"{item.kind.value.replace('_', ' ')}{note}{place}{weight}"] = None
    return "; ".join(told) or "nothing recorded"


def _readers(subject: ColumnSubject) -> list[Line]:
    if not subject.readers and not subject.row_readers:
        return [(), line(Piece("Read by", Role.TITLE), Piece("  nothing in this repository", Role.QUIET))]
    rows = [(str(edge.target), edge.transformation.subtype.value, edge.confidence) for edge in subject.readers]
    rows += [(f"rows of {edge.target}", edge.subtype.value, edge.confidence) for edge in subject.row_readers]
    return [
        (),
        line(Piece("Read by", Role.TITLE)),
        *(
            line(*_how_sure(confidence), f"{subtype:<{_SUBTYPE}}", Piece(" → ", Role.QUIET), Piece(clean(name), Role.NAME))
            for name, subtype, confidence in rows
        ),
    ]
