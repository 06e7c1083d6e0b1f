"""Jinja in ``dbt_project.yml``, ``profiles.yml`` and ``packages.yml``: it sees ``env_var`` and given vars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.source import DbtProject, FileKind, SourceFile
from sqllineage_scan.render.environment import build_environment
from sqllineage_scan.render.evaluation import known_value
from sqllineage_scan.render.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def reader_of_settings(allowed_env: Mapping[str, str], variables: Mapping[str, Any]) -> Callable[[Any], Any]:
    """A function that gives a setting's value, rendered where it holds Jinja; None where that cannot be known.

    target: "{{ env_var('DBT_TARGET', 'dev') }}"   ->   dev
    """
    environment = build_environment(DbtProject("", "", {}, {}), {}, (), allowed_env, variables)
    subject = Subject(SourceFile("dbt_project.yml", FileKind.PROJECT, ""), "", environment)
    return lambda value: known_value(value, subject)
