"""``ref``, ``source``, ``this``: relations by name, whatever the other files make of those names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.render.hole import Unknown, shown
from sqllineage_scan.render.node import relation_parts, target_database, target_schema
from sqllineage_scan.render.relation import written
from sqllineage_scan.render.vocabulary import value

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

    return {name: context_words()[name].spoken(rendering) for name in ("ref", "source", "config")}


@value
def api() -> dict[str, Any]:
    return {"Relation": {"create": _create}, "Column": {"create": _column, "translate_type": str}}


def _create(database: Any = None, schema: Any = None, identifier: Any = None, **_options: Any) -> Relation:
    return written(*(str(part) if part else "" for part in (database, schema, identifier)))


def _column(name: Any = "", label_or_dtype: Any = "", *_args: Any, **_options: Any) -> dict[str, Any]:
    return {"name": name, "column": name, "quoted": name, "dtype": label_or_dtype, "data_type": label_or_dtype}


def _known(rendering: Rendering, names: tuple[Any, ...]) -> bool:
    return bool(names) and all(isinstance(name, str) and name and not rendering.holds_hole(name) for name in names)


def _unnamed(rendering: Rendering, function: str, names: tuple[Any, ...]) -> Unknown:
    text = f"{function}({', '.join(map(shown, names))})"
    return Unknown(rendering, text, "the name of the relation is not known")


def _target(rendering: Rendering) -> tuple[str, str]:
    return target_database(rendering.environment.target), target_schema(rendering)
