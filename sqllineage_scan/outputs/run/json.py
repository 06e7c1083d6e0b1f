"""The run record: one line of JSON a run (docs/run_record.md; its schema is ``run.schema.json`` beside this file)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

from sqllineage_scan.bundled import version
from sqllineage_scan.outputs.harmless import in_json

if TYPE_CHECKING:
    from sqllineage_scan.domain.run import Run, Stage, Understood

Json = dict[str, Any]
SCHEMA_VERSION = "1.0"


def write(run: Run, out: TextIO) -> None:
    out.write(in_json(json.dumps(value(run), ensure_ascii=False, separators=(",", ":"))) + "\n")


def value(run: Run) -> Json:
    """What is not known, or was not looked for, is null."""
    return {
        "schema_version": SCHEMA_VERSION,
        "run_id": run.id,
        "tool": {"name": "sqllineage-scan", "version": version()},
        "command": run.command,
        "started": run.started,
        "seconds": round(run.seconds, 3),
        "outcome": run.outcome,
        "exit_code": run.exit_code,
        "role": run.role,
        "environment": run.environment,
        "revision": run.revision,
        "branch": run.branch,
        "changed": run.changed,
        "configuration": run.configuration,
        "stages": [_stage(stage) for stage in run.stages],
        **_understood(run.understood),
        "open_findings": None if run.open_findings is None else dict(run.open_findings),
        "drift": None if run.drift is None else dict(run.drift),
    }


def _stage(stage: Stage) -> Json:
    return {
        "name": stage.name,
        "seconds": round(stage.seconds, 3),
        "turns": stage.turns,
        "processed": dict(stage.processed),
        "cache": None if stage.hits is None else {"hits": stage.hits, "misses": stage.misses},
    }


def _understood(found: Understood | None) -> Json:
    if found is None:
        return {"project": None, "scan": None, "governance": None}
    governed = found.governed
    return {
        "project": found.project,
        "scan": {
            "files": dict(found.files),
            "statements": {"total": found.statements, "understood": found.statements_understood},
            "references": {"total": found.references, "resolved": found.references_resolved},
            "coverage": round(found.coverage, 4),
            "datasets": found.datasets,
            "columns": found.columns,
            "column_edges": dict(found.edges),
            "row_edges": found.row_edges,
            "gaps": found.gaps,
            "findings": dict(found.findings),
        },
        "governance": {
            "datasets": governed.datasets,
            "owned": governed.owned,
            "described": governed.described,
            "columns": governed.columns,
            "columns_described": governed.columns_described,
            "columns_tagged": governed.columns_tagged,
        },
    }
