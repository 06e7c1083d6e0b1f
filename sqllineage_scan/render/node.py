"""What a file is in its dbt project: its unique id, the relation it makes, what it reads."""

from __future__ import annotations

from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from sqllineage_scan.dialects import dialect
from sqllineage_scan.domain.dbt import DbtNode
from sqllineage_scan.render.attempt import attempt
from sqllineage_scan.render.configuration import as_list, merged_config
from sqllineage_scan.render.evaluation import evaluate, is_template, is_true

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqllineage_scan.render.macros import Macro
    from sqllineage_scan.render.relation import Parts
    from sqllineage_scan.render.rendering import Rendering

_MATERIALIZED = {"seed": "seed", "snapshot": "snapshot", "test": "test"}
_DATABASE_KEYS = ("database", "project", "catalog")
_SCHEMA_KEYS = ("schema", "dataset")


def node_of(rendering: Rendering) -> DbtNode:
    """The node of the file that ``rendering`` has rendered."""
    subject, config = rendering.subject, whole_config(rendering)
    _render_hooks(rendering, config)
    names = relation_parts(rendering)
    properties, parents = subject.properties, rendering.depends_on()
    return DbtNode(
        unique_id=subject.unique_id,
        resource_type=subject.resource_type,
        package=subject.owner.name,
        name=subject.name,
        relation=canonical_parts(rendering.environment, names, config.get("quoting")),
        materialized=_text(config.get("materialized")) or _MATERIALIZED.get(subject.resource_type, "view"),
        enabled=is_true(config.get("enabled", True)),
        tags=tuple(sorted({tag for tag in as_list(config.get("tags")) if isinstance(tag, str)})),
        version=properties.version if properties else "",
        latest=properties.latest if properties else True,
        depends_on=parents,
        places=rendering.first_named(parents),
        sight=subject.sight,
        names=names,
        group=_text(config.get("group")),
        access=_text(config.get("access")),
        contract=_enforced(config.get("contract")),
    )


def _enforced(contract: Any) -> bool:
    """``contract: {enforced: true}`` (docs.getdbt.com/reference/resource-configs/contract)."""
    return isinstance(contract, dict) and is_true(contract.get("enforced", False))


def whole_config(rendering: Rendering) -> dict[str, Any]:
    """The node's configuration, with what ``config()`` in the file has said so far."""
    return merged_config(rendering.subject, rendering.config)


def relation_parts(rendering: Rendering) -> Parts:
    """(database, schema, identifier) as dbt would name them, "" for what is not known."""
    subject, config = rendering.subject, whole_config(rendering)
    node = node_mapping(rendering, config)
    custom = {"database": first_known(config, _DATABASE_KEYS), "schema": first_known(config, _SCHEMA_KEYS)}
    if subject.resource_type == "snapshot":
        custom = {
            "database": config.get("target_database") or custom["database"],
            "schema": config.get("target_schema") or custom["schema"],
        }
        if config.get("target_schema"):
            return (
                _text(custom["database"]) or target_database(rendering.environment.target),
                _text(custom["schema"]),
                _generated(rendering, "alias", config.get("alias"), node),
            )
    if subject.resource_type == "test" and not custom["schema"]:
        custom["schema"] = "dbt_test__audit"
    return (
        _generated(rendering, "database", custom["database"], node),
        _generated(rendering, "schema", custom["schema"], node),
        _generated(rendering, "alias", config.get("alias"), node),
    )


def _generated(rendering: Rendering, part: str, custom: Any, node: dict[str, Any]) -> str:
    """``generate_schema_name(custom, node)`` and its kin: the project's macro where it has one, else dbt's rule."""
    name = f"generate_{part}_name"
    rule = _RULES[part]
    custom = custom if isinstance(custom, str) and custom else None
    for package in dict.fromkeys((rendering.environment.project.name, rendering.owner.name)):
        for macro_name in (name, f"{rendering.environment.adapter}__{name}", f"default__{name}"):
            macro = rendering.own_macro(package, macro_name)
            if macro is None:
                continue
            made = attempt(partial(_written, macro, custom, node))
            if isinstance(made, str) and made not in ("", "None") and not rendering.holds_hole(made):
                return made
    return rule(rendering, custom, node)


def _written(macro: Macro, custom: str | None, node: dict[str, Any]) -> str:
    return str(macro(custom, node)).strip()


def default_schema(rendering: Rendering, custom: str | None, _node: Mapping[str, Any]) -> str:
    target = target_schema(rendering)
    return target if custom is None else f"{target}_{custom.strip()}"


def default_alias(_rendering: Rendering, custom: str | None, node: Mapping[str, Any]) -> str:
    version = f"_v{node['version']}".replace(".", "_") if node.get("version") else ""
    return f"{node['name']}{version}" if custom is None else custom.strip()


def default_database(rendering: Rendering, custom: str | None, _node: Mapping[str, Any]) -> str:
    return target_database(rendering.environment.target) if custom is None else custom.strip()


_RULES = {"schema": default_schema, "alias": default_alias, "database": default_database}


def target_schema(rendering: Rendering) -> str:
    """The target's schema; the project's name stands for one that no profile says."""
    return _text(first_known(rendering.environment.target, _SCHEMA_KEYS)) or rendering.environment.project.name


def target_database(target: Mapping[str, Any]) -> str:
    return _text(first_known(target, (*_DATABASE_KEYS, "dbname"))) or file_database(target)


def file_database(target: Mapping[str, Any]) -> str:
    """DuckDB calls a database after its file: in ``path: target/shop.duckdb`` it is ``shop``."""
    path = target.get("path")
    if target.get("type") != "duckdb" or not isinstance(path, str) or first_known(target, (*_DATABASE_KEYS, "dbname")):
        return ""
    return "memory" if path == ":memory:" else PurePosixPath(path.replace("\\", "/")).stem


def first_known(mapping: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return next((mapping[key] for key in keys if mapping.get(key)), None)


def canonical_parts(environment: Any, parts: Parts, quoting: Any = None) -> tuple[str, ...]:
    """The known parts, folded as the project's dialect folds what dbt writes; without the name of a mere file."""
    if parts[0] and parts[0] == file_database(environment.target):
        parts = ("", *parts[1:])
    spoken = dialect(environment.project.dialect)
    settings = environment.project.settings.get("quoting")
    quoted = {**(settings if isinstance(settings, dict) else {}), **(quoting if isinstance(quoting, dict) else {})}
    return tuple(
        spoken.relation(part, quoted=is_true(quoted.get(key, spoken.dbt_quotes)))
        for key, part in zip(("database", "schema", "identifier"), parts, strict=True)
        if part
    )


def node_mapping(rendering: Rendering, config: Mapping[str, Any]) -> dict[str, Any]:
    """What macros call ``node`` and models call ``model``."""
    subject = rendering.subject
    return {
        "name": subject.name,
        "resource_type": subject.resource_type,
        "package_name": subject.owner.name,
        "fqn": list(subject.fqn),
        "path": "/".join((*subject.fqn[1:-1], subject.file.path.rpartition("/")[2])),
        "original_file_path": subject.path_in_project,
        "unique_id": subject.unique_id,
        "config": dict(config),
        "tags": list(as_list(config.get("tags"))),
        "schema": target_schema(rendering),
        "database": target_database(rendering.environment.target),
        "alias": _text(config.get("alias")) or subject.name,
        "version": subject.properties.version if subject.properties and subject.properties.version else None,
        "meta": config.get("meta") or {},
        "columns": {},
        "description": "",
        "raw_code": "",
    }


def _render_hooks(rendering: Rendering, config: Mapping[str, Any]) -> None:
    """Hooks may name relations too, and dbt counts them: ``post_hook="insert into log select * from {{ ref('x') }}"``."""
    for hook in (*config.get("pre-hook", ()), *config.get("post-hook", ())):
        sql = hook.get("sql") if isinstance(hook, dict) else hook
        if isinstance(sql, str) and is_template(sql):
            attempt(partial(evaluate, sql, rendering))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
