"""The history of a dataset or column as JSON (docs/history.md): every commit that changed it, with versions and inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.outputs.harmless import write_json
from sqllineage_scan.outputs.hops import node_value

if TYPE_CHECKING:
    from sqllineage_scan.domain.history import DatasetStep, History, InputState, ToldChange

Json = dict[str, Any]


def write(history: History, out: TextIO) -> None:
    subject = history.subject
    dataset = subject.dataset if isinstance(subject, ColumnId) else subject
    values = {
        "subject": node_value(subject),
        "uuid": str(dataset.uuid),
        "head": history.looked.head,
        "commits_looked_at": history.looked.commits,
        "shallow": history.looked.is_cut,
        "commits": [{**entry.commit._asdict(), "datasets": [_step(step) for step in entry.steps]} for entry in history.entries],
    }
    write_json(values, out)


def _step(step: DatasetStep) -> Json:
    return {
        "dataset": str(step.dataset),
        "was": None if step.was is None else str(step.was),
        "before": step.before,
        "after": step.after,
        "what": [what.value for what in step.what],
        "changes": [change_value(change) for change in step.changes],
        "inputs": [_input(state) for state in step.inputs],
        "former_inputs": [_input(state) for state in step.former_inputs],
    }


def change_value(change: ToldChange) -> Json:
    return {
        "kind": change.kind.value,
        "column": change.column or None,
        "own": change.own,
        "before": change.before,
        "after": change.after,
        "details": list(change.details),
    }


def _input(state: InputState) -> Json:
    return {"dataset": str(state.dataset), "version": state.version}
