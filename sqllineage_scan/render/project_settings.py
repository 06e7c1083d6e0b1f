"""Jinja in ``dbt_project.yml``, ``profiles.yml`` and ``packages.yml``: it sees ``env_var`` and given vars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.source import DbtProject, FileKind, SourceFile
from sqllineage_scan.render.environment import build_environment
from sqllineage_scan.render.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DEEPEST = 20


def reader_of_settings(allowed_env: Mapping[str, str], variables: Mapping[str, Any]) -> Callable[[Any], Any]:
    """A function that gives a setting's value, rendered where it holds Jinja; None where that cannot be known.

    target: "{{ env_var('DBT_TARGET', 'dev') }}"   ->   dev
    """
    environment = build_environment(DbtProject("", "", {}, {}), {}, (), allowed_env, variables)
    subject = Subject(SourceFile("dbt_project.yml", FileKind.PROJECT, ""), "", environment)

    def evaluated(value: Any) -> Any:
        if not holds_template(value):
            return value  # no need to load what renders
        from sqllineage_scan.render.evaluation import known_value

        return known_value(value, subject)

    return evaluated


def holds_template(value: Any, depth: int = 0) -> bool:
    """Whether there is Jinja in a setting; in one that is nested beyond reason, too, for what evaluates it says so."""
    if isinstance(value, str):
        return "{{" in value or "{%" in value
    if not isinstance(value, (list, dict)):
        return False
    return depth > _DEEPEST or any(
        holds_template(item, depth + 1) for item in (value.values() if isinstance(value, dict) else value)
    )
