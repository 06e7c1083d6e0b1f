# ruff: noqa: PLR0917, S608 -- the macros' own signatures; SQL made of SQL is their trade
"""automate_dv: a data vault's tables, each one call that names its columns and, as a text, the model that it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.render.configuration import as_list
from sqllineage_scan.render.context.relations import ref, source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.render.rendering import Rendering


def prefix(columns: Any = (), prefix_str: Any = "", alias_target: Any = None) -> str:
    _ = alias_target
    return ", ".join(f"{prefix_str}.{column}" for column in _named(columns))


def hash_columns(columns: Any = None, columns_to_escape: Any = None) -> str:
    _ = columns_to_escape
    return ", ".join(_hashed(columns))


def derive_columns(source_relation: Any = None, columns: Any = None) -> str:
    _ = source_relation
    return ", ".join(_derived(columns))


def stage(
    rendering: Rendering,
    include_source_columns: Any = True,  # noqa: FBT002 -- the macro's signature
    source_model: Any = None,
    hashed_columns: Any = None,
    derived_columns: Any = None,
    null_columns: Any = None,
    ranked_columns: Any = None,
    **_more: Any,
) -> str:
    """The source's columns, those derived from them, and hashes of both."""
    _ = null_columns
    kept = ["*"] if include_source_columns in (None, True) else []
    ranked = [_ranked(name, how) for name, how in _items(ranked_columns) if isinstance(how, dict)]
    (relation,) = _relations(rendering, source_model) or ["unknown_source_model"]
    staged = f"select {', '.join([*kept, *_derived(derived_columns)]) or '*'} from {relation}"
    more = [*_hashed(hashed_columns), *ranked]
    return f"with staged as ({staged}) select {', '.join(['*', *more])} from staged"


def hub(rendering: Rendering, src_pk: Any, src_nk: Any, src_ldts: Any, src_source: Any, source_model: Any, **more: Any) -> str:
    return _table(rendering, source_model, src_pk, src_nk, more.get("src_extra_columns"), src_ldts, src_source)


def link(rendering: Rendering, src_pk: Any, src_fk: Any, src_ldts: Any, src_source: Any, source_model: Any, **more: Any) -> str:
    return _table(rendering, source_model, src_pk, src_fk, more.get("src_extra_columns"), src_ldts, src_source)


def sat(rendering: Rendering, source_model: Any = None, **columns: Any) -> str:
    """Whatever columns are named: of the several kinds of satellites and links each has its own words for them."""
    return _table(rendering, source_model, *(columns[name] for name in columns if name.startswith("src_")))


eff_sat = ma_sat = sat_v0 = t_link = nh_link = xts = ref_table = sat


def pit(
    rendering: Rendering,
    src_pk: Any = None,
    as_of_dates_table: Any = None,
    satellites: Any = None,
    stage_tables_ldts: Any = None,
    src_ldts: Any = None,
    source_model: Any = None,
    **_more: Any,
) -> str:
    """A row for each key and date, and of each satellite the key and the time that hold then."""
    _ = src_ldts
    (hub_table,) = _relations(rendering, source_model) or ["unknown_source_model"]
    relations = [ref(rendering, name) for name in (*_names(satellites), *_names(stage_tables_ldts))]
    dates = ref(rendering, str(as_of_dates_table))
    joined = "".join(f" cross join {relation}" for relation in (dates, *relations))
    return (
        f"select {', '.join(f'{hub_table}.{column}' for column in _named(src_pk))}, {dates}.as_of_date from {hub_table}{joined}"
    )


bridge = pit


def _table(rendering: Rendering, source_model: Any, *columns: Any) -> str:
    """The columns, of each of the source models."""
    written = ", ".join(dict.fromkeys(column for given in columns for column in _selected(given)))
    return " union all ".join(
        f"select distinct {written or '*'} from {relation}" for relation in _relations(rendering, source_model)
    )


def _relations(rendering: Rendering, source_model: Any) -> list[Any]:
    """``'stg_orders'``, ``['a', 'b']``, ``{raw: orders}`` for a source."""
    if isinstance(source_model, dict):
        return [source(rendering, schema, table) for schema, tables in source_model.items() for table in as_list(tables)]
    return [ref(rendering, name) for name in as_list(source_model)]


def _selected(given: Any) -> Iterator[str]:
    """``'ID'``, ``['A', 'B']``, ``{source_column: A, alias: B}``"""
    for column in as_list(given):
        if isinstance(column, dict):
            name, alias = column.get("source_column"), column.get("alias")
            yield f"{name} as {alias}" if alias else str(name)
        elif column:
            yield str(column)


def _named(given: Any) -> list[str]:
    return [str(column.get("source_column")) if isinstance(column, dict) else str(column) for column in as_list(given)]


def _names(given: Any) -> list[str]:
    return [str(name) for name, _ in _items(given)]


def _items(given: Any) -> list[tuple[Any, Any]]:
    return list(given.items()) if isinstance(given, dict) else []


def _ranked(name: Any, how: dict[str, Any]) -> str:
    partition = ", ".join(_named(how.get("partition_by")))
    return f"rank() over (partition by {partition} order by {_order(how.get('order_by'))}) as {name}"


def _order(given: Any) -> str:
    parts = [f"{name} {way}" for each in as_list(given) if isinstance(each, dict) for name, way in each.items()]
    return ", ".join(parts or map(str, as_list(given)))


def _derived(given: Any) -> Iterator[str]:
    """``{SOURCE: '!orders', DAY: "cast(created as date)", KEY: [A, B]}``"""
    for name, how in _items(given):
        made = how.get("source_column") if isinstance(how, dict) else how
        parts = [f"'{part[1:]}'" if str(part).startswith("!") else str(part) for part in as_list(made)]
        yield f"{' || '.join(parts)} as {name}"


def _hashed(given: Any) -> Iterator[str]:
    """``{ORDER_PK: ID, HASHDIFF: {is_hashdiff: true, columns: [A, B]}}``"""
    for name, how in _items(given):
        columns = as_list(how.get("columns") if isinstance(how, dict) else how)
        parts = " || ".join(f"coalesce(cast({column} as varchar), '')" for column in columns)
        yield f"md5({parts}) as {name}" if parts else f"null as {name}"
