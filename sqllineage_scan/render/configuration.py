"""A file's configuration: what ``dbt_project.yml`` says of its folders, then what ``config()`` in the file says."""

from __future__ import annotations

from functools import lru_cache
from posixpath import join
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.source import FileKind, SourceFile
from sqllineage_scan.render.evaluation import is_template, known_value
from sqllineage_scan.render.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqllineage_scan.domain.source import DbtProject
    from sqllineage_scan.render.environment import RenderEnvironment

_KEYS = {
    "model": ("models",),
    "seed": ("seeds",),
    "snapshot": ("snapshots",),
    "test": ("tests", "data_tests"),
    "source": ("sources",),
    "exposure": ("exposures",),
    "analysis": (),
}
_HOOKS = {"pre_hook": "pre-hook", "post_hook": "post-hook"}
_RUN_LATER = frozenset(("pre-hook", "post-hook", "pre_hook", "post_hook"))


def merged_config(subject: Subject, own: Mapping[str, Any]) -> dict[str, Any]:
    """A node's configuration in dbt's order: its package's settings, its YAML, ``config()`` in the file (``own``), and for
    an installed package's node what the project that has it installed says of it.

    Source: dbt-core, ``context_config.py``, ``calculate_node_config``.
    """
    merged = dict(_package_config(subject))
    if subject.properties is not None:
        merge(merged, subject.properties.config, subject)
    merge(merged, own, subject)
    if subject.owner.root != subject.environment.project.root:
        for level in _levels(subject.environment.project, subject.resource_type, subject.fqn, subject.environment):
            merge(merged, level, subject)
    return merged


def _package_config(subject: Subject) -> Mapping[str, Any]:
    """What the settings of the file's own package say of its folders: the same for each way of rendering it."""
    if subject.folder_config is None:
        merged: dict[str, Any] = {}
        for level in _levels(subject.owner, subject.resource_type, subject.fqn, subject.environment):
            merge(merged, level, subject)
        subject.folder_config = merged
    return subject.folder_config


def folder_config(subject: Subject, resource_type: str, fqn: tuple[str, ...]) -> dict[str, Any]:
    """The package's own settings for something YAML declares, then those that the project has that has it installed."""
    merged: dict[str, Any] = {}
    root = subject.environment.project
    for project in (root,) if subject.owner.root == root.root else (subject.owner, root):
        for level in _levels(project, resource_type, fqn, subject.environment):
            merge(merged, level, subject)
    return merged


def _levels(
    project: DbtProject, resource_type: str, fqn: tuple[str, ...], environment: RenderEnvironment
) -> Iterator[Mapping[str, Any]]:
    """The settings of each folder on the way, outermost first.

    models:
      +materialized: view          for all
      shop: {staging: {+schema: raw}}
    """
    for key in _KEYS.get(resource_type, ()):
        level: Any = project.settings
        for step in (key, *fqn):
            level = level.get(step)
            if not isinstance(level, dict):
                break
            said = {
                str(name).removeprefix("+"): value
                for name, value in level.items()
                if str(name).startswith("+") or not isinstance(value, dict)
            }
            yield {name: value if name in _RUN_LATER else _setting(value, project, environment) for name, value in said.items()}


def _setting(value: Any, project: DbtProject, environment: RenderEnvironment) -> Any:
    """A setting of dbt_project.yml with its Jinja rendered."""
    if isinstance(value, (list, dict)):
        return known_value(value, _settings_file(project.root, environment))
    return _rendered(value, project.root, environment) if is_template(value) else value


@lru_cache(maxsize=4096)
def _rendered(template: str, root: str, environment: RenderEnvironment) -> Any:
    return known_value(template, _settings_file(root, environment))


@lru_cache(maxsize=64)
def _settings_file(root: str, environment: RenderEnvironment) -> Subject:
    """dbt_project.yml is read before its own ``vars``: in it ``var('x', 1)`` is what the command line says, or 1.

    Source: dbt-core, ``config/renderer.py``, ``DbtProjectYamlRenderer``.
    """
    place = Subject(SourceFile(join(root, "dbt_project.yml"), FileKind.PROJECT, root), "", environment)
    place.variables = dict(environment.vars)
    return place


def merge(config: dict[str, Any], given: Mapping[str, Any], subject: Subject) -> None:
    """dbt's rules: tags and hooks add up, ``meta`` is merged, all else is replaced."""
    for name, raw in given.items():
        key = _HOOKS.get(name, name)
        if key in ("pre-hook", "post-hook"):
            config[key] = [*config.get(key, ()), *as_list(raw)]
            continue
        value = known_value(raw, subject)
        if key == "tags":
            config[key] = [*config.get(key, ()), *as_list(value)]
        elif key == "meta" and isinstance(value, dict):
            config[key] = {**(config[key] if isinstance(config.get(key), dict) else {}), **value}
        else:
            config[key] = value


def as_list(value: Any) -> list[Any]:
    """``tags: nightly`` and ``tags: [nightly]`` are the same."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
