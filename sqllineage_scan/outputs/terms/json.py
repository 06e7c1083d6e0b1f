"""Two versions of a contract as one JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

from sqllineage_scan.bundled import version
from sqllineage_scan.outputs.harmless import write_json

if TYPE_CHECKING:
    from sqllineage_scan.domain.contract import Contract, ContractDiff


def write(diff: ContractDiff, out: TextIO) -> None:
    document = {
        "tool": {"name": "sqllineage-scan", "version": version()},
        "old": _side(diff.old),
        "new": _side(diff.new),
        "breaking": bool(diff.breaking),
        "needed": diff.needed.value,
        "made": None if diff.made is None else diff.made.value,
        "version_problem": diff.judged or None,
        "changes": [
            {
                "kind": change.kind,
                "subject": change.subject,
                "before": change.before or None,
                "after": change.after or None,
                "breaking": change.breaking,
                "bump": change.bump.value,
                "why": change.why,
                **({"path": change.span.path, "line": change.span.line} if change.span is not None else {}),
            }
            for change in diff.changes
        ],
    }
    write_json(document, out)


def _side(contract: Contract) -> dict[str, Any]:
    return {"path": contract.path, "id": contract.id, "name": contract.name, "version": contract.version}
