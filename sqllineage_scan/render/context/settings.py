"""What a project is told from outside: ``var``, ``env_var``, ``target``, and what a model says of itself: ``config``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.render.choice import choice
from sqllineage_scan.render.configuration import merged_config
from sqllineage_scan.render.evaluation import evaluate, is_template
from sqllineage_scan.render.hole import Unknown, shown
from sqllineage_scan.render.node import node_mapping, target_database, target_schema, whole_config
from sqllineage_scan.render.vocabulary import value

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqllineage_scan.render.rendering import Rendering

_NOT_GIVEN = object()
# What of a target differs from run to run and is asked for: attribute -> the name that a condition says.
_CHOSEN = {"name": "name", "target_name": "name", "schema": "schema", "dataset": "schema"}
_CHOSEN |= dict.fromkeys(("database", "dbname", "project"), "database")


class Var:
    """``var('start')``, ``var('start', '2020-01-01')``, ``var.has_var('start')``"""

    __slots__ = ("_rendering",)

    def __init__(self, rendering: Rendering) -> None:
        self._rendering = rendering

    def __call__(self, name: Any, default: Any = _NOT_GIVEN) -> Any:
        rendering = self._rendering
        given = rendering.subject.variables.get(name, _NOT_GIVEN) if isinstance(name, str) else _NOT_GIVEN
        if given is _NOT_GIVEN:
            return Unknown(rendering, f"var({shown(name)})", f"no var {shown(name)}") if default is _NOT_GIVEN else default
        return evaluate(given, rendering) if isinstance(given, str) and is_template(given) else rendering.copied(given)

    def has_var(self, name: Any) -> bool:
        return name in self._rendering.subject.variables


@value
def var(rendering: Rendering) -> Var:
    return Var(rendering)


def env_var(rendering: Rendering, name: Any, default: Any = _NOT_GIVEN) -> Any:
    """Only the variables that the caller allows: a secret never reaches a lineage document."""
    allowed = rendering.environment.allowed_env
    if isinstance(name, str) and name in allowed:
        return allowed[name]
    known = None if default is _NOT_GIVEN else default
    if not isinstance(known, (str, type(None))):
        return known
    return choice(rendering, f"env_var({shown(name)})", known, f"environment variable {shown(name)} is not given")


class Target:
    """The chosen output of the profile; without a profile what dbt projects are most often written for."""

    __slots__ = ("_known", "_rendering")

    def __init__(self, rendering: Rendering) -> None:
        environment = rendering.environment
        database, schema = target_database(environment.target), target_schema(rendering)
        known = {
            "name": "default",
            "profile_name": environment.project.settings.get("profile") or "default",
            "threads": 1,
            "type": environment.adapter,
            "schema": schema,
            "dataset": schema,
        }
        known |= {"database": database, "project": database, "dbname": database} if database else {}
        self._rendering, self._known = rendering, {**known, **environment.target}
        self._known["target_name"] = self._known["name"]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self._known:
            found = self._known[name]
            said = _CHOSEN.get(name)
            return choice(self._rendering, f"target.{said}", found) if said and isinstance(found, str) else found
        return Unknown(self._rendering, f"target.{name}", f"the profile does not say `{name}`")

    def __getitem__(self, name: str) -> Any:
        return self.__getattr__(str(name))  # not getattr: target['_rendering'] is nothing of the profile's

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self._known else default


@value
def target(rendering: Rendering) -> Target:
    return Target(rendering)


@value
def env(rendering: Rendering) -> Target:
    """dbt's old name of ``target``."""
    return Target(rendering)


class Config:
    """``config(materialized='table')``, ``config({'tags': ['a']})``, ``config.get('materialized')``"""

    __slots__ = ("_rendering",)

    def __init__(self, rendering: Rendering) -> None:
        self._rendering = rendering

    def __call__(self, *mappings: Any, **settings: Any) -> str:
        rendering = self._rendering
        for given in (*mappings, settings):
            if isinstance(given, dict):
                rendering.config.update({str(key): item for key, item in given.items() if not rendering.holds_hole(item)})
                for item in given.values():
                    if isinstance(item, Unknown):
                        str(item)  # a hole, though it writes nothing: config(alias=nobody_knows())
        return ""

    def set(self, name: str, given: Any) -> str:
        return self(**{name: given})

    def get(self, name: Any, default: Any = None, validator: Callable[..., Any] | None = None) -> Any:
        """What is configured in the end; while dbt parses nobody knows that yet, and the answer is a text of nothing."""
        _ = validator
        if not self._rendering.at_run():
            return ""
        found = whole_config(self._rendering).get(name)
        return default if found is None else found

    def require(self, name: Any, validator: Callable[..., Any] | None = None) -> Any:
        _ = validator
        found = self.get(name)
        return Unknown(self._rendering, f"config.require({shown(name)})", "not configured") if found is None else found

    def meta_get(self, name: Any, default: Any = None) -> Any:
        meta = self.get("meta")
        return meta.get(name, default) if isinstance(meta, dict) else ""

    meta_require = meta_get

    def persist_relation_docs(self) -> bool:
        return False

    def persist_column_docs(self) -> bool:
        return False


@value
def config(rendering: Rendering) -> Config:
    return Config(rendering)


@value
def model(rendering: Rendering) -> dict[str, Any]:
    """What the file is; while dbt parses only as far as its folders configure it."""
    config = merged_config(rendering.subject, rendering.config if rendering.at_run() else {})
    return node_mapping(rendering, {"materialized": "view", "enabled": True, **config})


@value
def schema(rendering: Rendering) -> str:
    return target_schema(rendering)


@value
def database(rendering: Rendering) -> Any:
    return Target(rendering).database
