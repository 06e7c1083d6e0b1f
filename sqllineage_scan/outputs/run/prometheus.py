"""The last run as metrics, in Prometheus' text format, for the textfile collector of node-exporter.

Source: prometheus.io/docs/instrumenting/exposition_formats and …/practices/naming: base units (seconds, ratio), the unit last,
``_total`` for counters alone. A file holds the last run only, so all of these are gauges.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, TextIO

from sqllineage_scan.bundled import version
from sqllineage_scan.outputs.harmless import encodable, without_commands, without_unseen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqllineage_scan.domain.run import GovernedCounts, Run, Understood

ENDING = "prom"
_PREFIX = "sqllineage_scan_"


class Metric(NamedTuple):
    """``samples``: labels, beside those of all, and values."""

    name: str
    help: str
    samples: tuple[tuple[Mapping[str, str], float], ...]


def write(run: Run, out: TextIO) -> None:
    project = run.understood.project if run.understood is not None else ""
    common = {"command": run.command, "project": project, "role": run.role, "environment": run.environment}
    for metric in (metric for metric in metrics(run) if metric.samples):
        name = _PREFIX + metric.name
        out.write(f"# HELP {name} {_escaped(metric.help)}\n# TYPE {name} gauge\n")
        for labels, number in metric.samples:
            told = ",".join(f'{key}="{_escaped(text, quotes=True)}"' for key, text in {**common, **labels}.items())
            out.write(f"{name}{{{told}}} {_number(number)}\n")


def metrics(run: Run) -> Iterator[Metric]:
    yield _one("run_info", "What ran last; always 1.", 1, version=version(), revision=run.revision or "", run_id=run.id)
    yield _one("run_start_timestamp_seconds", "When it began, since the epoch.", datetime.fromisoformat(run.started).timestamp())
    yield _one("run_duration_seconds", "How long it took.", run.seconds)
    yield _one("run_success", "1 where nothing failed and no gate was closed, else 0.", float(run.exit_code == 0))
    yield Metric(
        "stage_duration_seconds",
        "How long each stage took, all its turns together.",
        tuple(({"stage": stage.name}, stage.seconds) for stage in run.stages),
    )
    yield Metric(
        "records_processed",
        "What each stage had to do with, by kind.",
        tuple(({"stage": stage.name, "kind": kind}, number) for stage in run.stages for kind, number in stage.processed.items()),
    )
    yield Metric(
        "cache_requests",
        "What was asked of the cache, and whether it had it.",
        tuple(
            ({"stage": stage.name, "result": result}, number or 0)
            for stage in run.stages
            if stage.hits is not None
            for result, number in (("hit", stage.hits), ("miss", stage.misses))
        ),
    )
    if run.understood is not None:
        yield from _of_scan(run.understood)
        yield from _of_governance(run.understood.governed)
    if run.open_findings is not None:
        yield _each("open_findings", "What rules found and nothing suppresses.", "severity", run.open_findings)
    if run.drift is not None:
        yield _one("drift_detected", "1 where the repository differs from what was observed, else 0.", any(run.drift.values()))
        yield _each("drift_differences", "Differences from what was observed.", "kind", run.drift)


def _of_scan(found: Understood) -> Iterator[Metric]:
    yield _each("files", "Files by what became of them.", "status", found.files)
    yield _one("invalid_files", "Files of which nothing could be read.", found.invalid_files)
    yield _one("statements", "Statements that were found.", found.statements)
    yield _one("statements_understood", "Statements that were understood.", found.statements_understood)
    yield _one("coverage_ratio", "Column references that are bound to exactly one column, of all.", round(found.coverage, 6))
    yield _one("datasets", "Datasets of the graph.", found.datasets)
    yield _one("columns", "Columns of the graph.", found.columns)
    yield _each("column_edges", "Edges between columns, by how sure they are.", "band", found.edges)
    yield _one("gaps", "Things that hide lineage.", found.gaps)
    yield _each("findings", "What the scan found, by severity.", "severity", found.findings)


def _of_governance(found: GovernedCounts) -> Iterator[Metric]:
    yield _one("owned_datasets_ratio", "Datasets of this repository that have an owner.", _share(found.owned, found.datasets))
    yield _one(
        "described_datasets_ratio", "Datasets of this repository that are described.", _share(found.described, found.datasets)
    )
    yield _one(
        "described_columns_ratio",
        "Columns of this repository that are described.",
        _share(found.columns_described, found.columns),
    )


def _one(name: str, help: str, number: float, **labels: str) -> Metric:  # noqa: A002 -- the format's word
    return Metric(name, help, ((labels, number),))


def _each(name: str, help: str, label: str, numbers: Mapping[str, int]) -> Metric:  # noqa: A002
    return Metric(name, help, tuple(({label: key}, number) for key, number in numbers.items()))


def _share(part: int, whole: int) -> float:
    return round(part / whole, 6) if whole else 1.0


def _number(number: float) -> str:
    return repr(float(number)) if number % 1 else str(int(number))


def _escaped(text: str, *, quotes: bool = False) -> str:
    text = encodable(without_commands("\n".join(map(without_unseen, text.split("\n")))))
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace('"', '\\"') if quotes else text
