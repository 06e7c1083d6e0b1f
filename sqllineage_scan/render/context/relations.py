"""``ref``, ``source``, ``this``: relations by name, whatever the other files make of those names."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.render.context.adapter import Adapter
from sqllineage_scan.render.hole import Unknown, shown
from sqllineage_scan.render.node import relation_parts, target_database, target_schema
from sqllineage_scan.render.relation import written
from sqllineage_scan.render.vocabulary import value
from sqllineage_scan.render.warehouse import forms

if TYPE_CHECKING:
    from sqllineage_scan.render.relation import Relation
    from sqllineage_scan.render.rendering import Rendering


def ref(rendering: Rendering, *names: Any, **options: Any) -> Any:
    """``ref('orders')``, ``ref('shop', 'orders')``, ``ref('orders', v=2)``"""
    if not _known(rendering, names) or len(names) > 2:  # noqa: PLR2004 -- package and model
        return _unnamed(rendering, "ref", names)
    package, model = ("", *names)[-2:]
    version = next((options[key] for key in ("v", "version") if options.get(key) is not None), "")
    name = RelationName(NameKind.REF, (package, model, str(version)))
    return rendering.relation(name, lambda: (*_target(rendering), model))


def source(rendering: Rendering, *names: Any) -> Any:
    """``source('raw', 'orders')``"""
    if not _known(rendering, names) or len(names) != 2:  # noqa: PLR2004 -- source and table
        return _unnamed(rendering, "source", names)
    schema, table = names
    name = RelationName(NameKind.SOURCE, (schema, table))
    return rendering.relation(name, lambda: (_target(rendering)[0], schema, table))


@value
def this(rendering: Rendering) -> Relation:
    """The relation that the file itself makes."""
    return rendering.relation(RelationName(NameKind.THIS, ()), lambda: relation_parts(rendering))


@value
def builtins(rendering: Rendering) -> dict[str, Any]:
    """dbt's own ``ref`` and ``source``, for projects that put theirs before them."""
    from sqllineage_scan.render.vocabulary import context_words

    return {name: context_words()[name].spoken(rendering) for name in ("ref", "source", "config", "var", "env_var")}


@value
def api(rendering: Rendering) -> Any:
    return SimpleNamespace(Relation=RelationMaker(), Column=ColumnMaker(rendering))


class RelationMaker:
    """``api.Relation``, ``adapter.Relation``: relations put together by hand."""

    __slots__ = ()

    def create(self, database: Any = None, schema: Any = None, identifier: Any = None, **options: Any) -> Relation:
        relation = written(*(str(part) if part else "" for part in (database, schema, identifier)))
        relation.type = options.get("type")
        return relation


class ColumnMaker:
    """``api.Column``, ``adapter.Column``: columns put together by hand."""

    __slots__ = ("_rendering",)

    def __init__(self, rendering: Rendering) -> None:
        self._rendering = rendering

    def __call__(self, column: Any = "", dtype: Any = "", *_sizes: Any, **_more: Any) -> SimpleNamespace:
        quoted = Adapter(self._rendering).quote(column)
        return SimpleNamespace(name=column, column=column, quoted=quoted, dtype=dtype, data_type=dtype)

    create = __call__

    def translate_type(self, dtype: Any) -> Any:
        """``string`` as the adapter calls it."""
        sql = forms(self._rendering.environment.adapter)
        known = {"string": sql.string, "integer": sql.integer, "float": sql.float_, "timestamp": sql.timestamp}
        return known.get(str(dtype).lower(), dtype)


def _known(rendering: Rendering, names: tuple[Any, ...]) -> bool:
    return bool(names) and all(isinstance(name, str) and name and not rendering.holds_hole(name) for name in names)


def _unnamed(rendering: Rendering, function: str, names: tuple[Any, ...]) -> Unknown:
    text = f"{function}({', '.join(map(shown, names))})"
    return Unknown(rendering, text, "the name of the relation is not known")


def _target(rendering: Rendering) -> tuple[str, str]:
    return target_database(rendering.environment.target), target_schema(rendering)
