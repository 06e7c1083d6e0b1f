"""What dbt's tests found, from the run_results.json and manifest.json that a run left.

Source: docs.getdbt.com, "Run results JSON file", "Manifest JSON file".
"""

from __future__ import annotations

import json
import os
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqllineage_scan.outputs.naming import Name

_STATUS = {"pass": "pass", "fail": "fail", "warn": "fail", "error": "fail", "skipped": "skip"}


class TestResult(NamedTuple):
    unique_id: str
    kind: str  # not_null, unique, …; the test's own name where it is a query
    status: str  # pass, fail, skip; a failure that only warns is one too, of severity warn
    severity: str = "error"
    column: str = ""
    dataset: Name | None = None
    message: str = ""


def target_folder(command: Sequence[str], environment: dict[str, str]) -> Path:
    """Where the command leaves its artifacts: --target-path, DBT_TARGET_PATH, or target/ of its project."""
    words = dict(pairwise(command))
    project = Path(words.get("--project-dir") or environment.get("DBT_PROJECT_DIR") or ".")
    return project / (words.get("--target-path") or environment.get("DBT_TARGET_PATH") or "target")


def test_results(folder: Path, since: float, name_of: Callable[[str], Name | None]) -> list[TestResult]:
    """``since``: seconds of the clock before the run; older results are another run's. ``name_of`` gives the dataset of a
    unique id. Nothing for what is not there or is not as dbt writes it: a run is told all the same.
    """
    try:
        results = folder / "run_results.json"
        if os.stat(results).st_mtime < since - 1:  # noqa: PTH116 -- coarse clocks of some file systems
            return []
        found = json.loads(results.read_text(encoding="utf-8"))["results"]
        nodes = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["nodes"]
        tests = [_test(result, nodes, name_of) for result in found if str(result["unique_id"]).startswith("test.")]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
    return sorted(test for test in tests if test is not None)


def _test(result: dict[str, Any], nodes: dict[str, Any], name_of: Callable[[str], Name | None]) -> TestResult | None:
    status = _STATUS.get(str(result.get("status")))
    if status is None:
        return None
    unique_id = str(result["unique_id"])
    node = nodes.get(unique_id, {})
    tested = node.get("attached_node") or next(iter(node.get("depends_on", {}).get("nodes", ())), "")
    severity = str(node.get("config", {}).get("severity") or "error").lower()
    return TestResult(
        unique_id=unique_id,
        kind=str((node.get("test_metadata") or {}).get("name") or node.get("name") or "custom_sql"),
        status=status,
        severity="warn" if result.get("status") == "warn" else severity,
        column=str(node.get("column_name") or ""),
        dataset=name_of(str(tested)),
        message=" ".join(str(result.get("message") or "").split())[:500],
    )
