"""``on-run-start:`` and ``on-run-end:`` of ``dbt_project.yml``: operations, whose SQL may read models.

Source: docs.getdbt.com/reference/project-configs/on-run-start-on-run-end; dbt-core, ``parser/hooks.py``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqllineage_scan.domain.dbt import Declarations, DeclaredNode
from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.span import Span
from sqllineage_scan.render.attempt import Failure, attempt
from sqllineage_scan.render.configuration import as_list
from sqllineage_scan.render.evaluation import evaluate, is_template
from sqllineage_scan.render.rendering import Rendering
from sqllineage_scan.render.subject import Subject

if TYPE_CHECKING:
    from sqllineage_scan.domain.source import SourceFile
    from sqllineage_scan.render.environment import RenderEnvironment

_KEYS = ("on-run-start", "on-run-end")


def operations(file: SourceFile, text: str, environment: RenderEnvironment) -> Declarations:
    """A node for each hook, in the order in which they run, with what its rendering refers to."""
    subject = Subject(file, text, environment)
    found: list[DeclaredNode] = []
    findings: list[Finding] = []
    for key in _KEYS:
        for number, sql in enumerate(as_list(subject.owner.settings.get(key))):
            rendering = Rendering(subject, parsing=True)
            outcome = attempt(partial(evaluate, sql, rendering)) if is_template(sql) else None
            if isinstance(outcome, Failure):
                message = f"a hook of `{key}` could not be rendered: {outcome.reason}"
                findings.append(Finding("RN01", "render.failed", Severity.WARNING, message, _span(file.path, text, key)))
            name = f"{subject.owner.name}-{key}-{number}"
            found.append(
                DeclaredNode(
                    unique_id=f"operation.{subject.owner.name}.{name}",
                    resource_type="operation",
                    package=subject.owner.name,
                    name=name,
                    span=_span(file.path, text, key),
                    depends_on=rendering.depends_on(),
                    sight=subject.sight,
                )
            )
    return Declarations(nodes=tuple(found), findings=tuple(findings))


def _span(path: str, text: str, key: str) -> Span:
    """The line of the key."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith((key, f'"{key}"', f"'{key}'")):
            return Span(path, number, 1, number, len(line) + 1)
    return Span(path, 1, 1, 1, 1)
