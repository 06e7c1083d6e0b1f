"""Reading one YAML file of a dbt project as a mapping; what is wrong with it is a finding with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.span import Span, whole_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def read_mapping(root: Path, path: str, findings: list[Finding]) -> Mapping[str, Any]:
    """The mapping that a file holds; {} where it cannot be read, which ``findings`` then says. ``path`` may lie elsewhere."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        loaded = yaml.load((root / path).read_bytes(), Loader=loader)  # noqa: S506 -- a safe loader, in C where there is one
    except OSError as error:
        findings.append(_unreadable(path, str(error.strerror or error), whole_file(path)))
        return {}
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        span = Span(path, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2) if mark else whole_file(path)
        findings.append(_unreadable(path, str(getattr(error, "problem", None) or error).split("\n")[0], span))
        return {}
    if not isinstance(loaded, dict):
        findings.append(_unreadable(path, "it holds no mapping", whole_file(path)))
        return {}
    return loaded


def _unreadable(path: str, why: str, span: Span) -> Finding:
    return Finding("DI02", "discover.unreadable_project", Severity.ERROR, f"{path} cannot be read: {why}", span, subject=path)
