"""How much was understood, and what hides the rest, ranked by what it costs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqllineage_scan.domain.coverage import Coverage, FileRecord, Gap, GapKind
from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.evidence import RULES, EvidenceKind
from sqllineage_scan.domain.linked import Doubts
from sqllineage_scan.domain.source import FileStatus
from sqllineage_scan.domain.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.edge import ColumnEdge, RowEdge
    from sqllineage_scan.domain.names import DatasetId, RelationName
    from sqllineage_scan.domain.source import CompiledFile
    from sqllineage_scan.domain.unit import Reference

_UNSURE = (EvidenceKind.CANDIDATE, EvidenceKind.OPEN_STAR, EvidenceKind.POSITION_UNKNOWN_TARGET)


def coverage_of(
    files: Sequence[CompiledFile],
    datasets: Sequence[Dataset],
    doubts: Iterable[Doubts],
    *,
    references: int,
    resolved: int,
    missing_columns: Sequence[Reference],
    missing_datasets: Sequence[tuple[RelationName, str]],
    cycles: Sequence[tuple[DatasetId, ...]],
) -> Coverage:
    """The counts, and every gap with the number of edges it hides or weakens; the dearest first."""
    unsure: Counter[DatasetId] = Counter()
    read_at: dict[DatasetId, Span] = {}
    through_hole: Counter[str] = Counter()
    for each in doubts:
        for dataset, count, span in each.unsure:
            unsure[dataset] += count
            if span is not None:
                read_at[dataset] = min(span, read_at.get(dataset, span))
        for note, count in each.holes:
            through_hole[note] += count
    gaps = [
        *_unknown_columns(datasets, unsure, read_at),
        *_holes(files, through_hole),
        *_statements(files),
        *_missing_columns(missing_columns),
        *_missing_datasets(missing_datasets),
        *(_cycle(group) for group in cycles),
    ]
    return Coverage(
        files=tuple(FileRecord(file.path, file.kind, file.status, file.statements) for file in files if not file.part),
        statements=sum(file.statements for file in files),
        statements_understood=sum(file.understood for file in files),
        references=references,
        references_resolved=resolved,
        gaps=tuple(sorted(gaps, key=lambda gap: (-gap.hides, gap.kind, gap.subject, gap.span or Span("", 0, 0, 0, 0)))),
    )


def doubts_of(edges: Iterable[ColumnEdge | RowEdge]) -> Doubts:
    """What is in doubt about the edges of one job."""
    unsure: Counter[DatasetId] = Counter()
    read_at: dict[DatasetId, Span] = {}
    holes: Counter[str] = Counter()
    for edge in edges:
        if RULES.issuperset([item.kind for item in edge.evidence]):
            continue
        for item in edge.evidence:
            if item.kind in _UNSURE:
                dataset = edge.source.dataset
                unsure[dataset] += 1
                if edge.span is not None:
                    read_at[dataset] = min(edge.span, read_at.get(dataset, edge.span))
                break
        for item in edge.evidence:
            if item.kind is EvidenceKind.HOLE:
                holes[item.note] += 1
    return Doubts(tuple((dataset, count, read_at.get(dataset)) for dataset, count in unsure.items()), tuple(holes.items()))


def _unknown_columns(datasets: Iterable[Dataset], unsure: Counter[DatasetId], read_at: Mapping[DatasetId, Span]) -> Iterable[Gap]:
    """Sources that nobody describes: the cheapest gap to close, and often the one that hides most. Their place is where
    they are declared, else where they are read first.
    """
    for dataset in datasets:
        if (
            dataset.origin.complete
            or not unsure[dataset.id]
            or dataset.kind not in (DatasetKind.EXTERNAL, DatasetKind.SOURCE, DatasetKind.FILE)
        ):
            continue
        if dataset.kind is DatasetKind.SOURCE:
            fix = "list its columns in its sources .yml"
        else:
            fix = f"add a CREATE TABLE for {dataset.id} to the repository"
        yield Gap(
            GapKind.UNKNOWN_COLUMNS,
            str(dataset.id),
            "nothing in the repository says which columns it has",
            unsure[dataset.id],
            fix,
            dataset.span or read_at.get(dataset.id),
        )


def _holes(files: Iterable[CompiledFile], through: Counter[str]) -> Iterable[Gap]:
    seen: dict[str, Gap] = {}
    for file in files:
        for hole in file.holes:
            if not hole.star and hole.expression not in seen:
                packaged = file.node is not None and "." in hole.expression.split("(")[0]
                fix = "run `dbt deps`, so that its package is there to be read" if packaged else ""
                hidden = sum(
                    count for note, count in through.items() if note == hole.expression or f"{{{{ {hole.expression} }}}}" in note
                )
                seen[hole.expression] = Gap(GapKind.HOLE, hole.expression, hole.reason, hidden, fix, hole.span)
    return seen.values()


def _statements(files: Iterable[CompiledFile]) -> Iterable[Gap]:
    for file in files:
        for finding in file.findings:
            if finding.code in ("PA01", "PA05"):
                yield Gap(GapKind.UNPARSED, finding.subject or file.path, finding.message, 1, finding.help, finding.span)
            elif finding.code == "PA02":
                yield Gap(GapKind.UNSUPPORTED, finding.subject or file.path, finding.message, 1, finding.help, finding.span)
        if file.status is FileStatus.FAILED and not file.statements:
            reason = file.findings[0].message if file.findings else "it could not be read"
            yield Gap(GapKind.UNREADABLE, file.path, reason, 1, file.findings[0].help if file.findings else "")


def _missing_columns(references: Iterable[Reference]) -> Iterable[Gap]:
    by_name: dict[str, list[Reference]] = {}
    for reference in references:
        by_name.setdefault(".".join((*reference.qualifier, reference.name)), []).append(reference)
    for name, found in by_name.items():
        first = min(found, key=lambda reference: reference.span)
        yield Gap(
            GapKind.MISSING_COLUMN,
            name,
            "no input has a column of that name",
            len(found),
            "check the name, or what is read",
            first.span,
        )


def _missing_datasets(missing: Iterable[tuple[RelationName, str]]) -> Iterable[Gap]:
    for name, path in missing:
        yield Gap(
            GapKind.MISSING_DATASET,
            str(name),
            f"{path} reads it and nothing defines it",
            1,
            "check the name, or install its package",
        )


def _cycle(group: tuple[DatasetId, ...]) -> Gap:
    names = ", ".join(str(dataset) for dataset in group[:5]) + (f" and {len(group) - 5} more" if len(group) > 5 else "")  # noqa: PLR2004
    return Gap(GapKind.CYCLE, str(group[0]), f"made from each other: {names}", len(group), "break the circle")
