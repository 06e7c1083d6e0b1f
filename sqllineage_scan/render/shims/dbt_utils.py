# ruff: noqa: PLR0917, S608 -- the macros' own signatures; SQL made of SQL is their trade
"""dbt_utils. Macros that would ask the warehouse for columns are symbolic: they win over the installed package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.render.configuration import as_list
from sqllineage_scan.render.context.adapter import Adapter
from sqllineage_scan.render.hole import Unknown, shown
from sqllineage_scan.render.shims.dbt import *  # noqa: F403 -- dbt_utils had these macros first, and old projects ask it
from sqllineage_scan.render.vocabulary import symbolic
from sqllineage_scan.render.warehouse import forms

if TYPE_CHECKING:
    from sqllineage_scan.render.rendering import Rendering

# -- columns of other relations ---------------------------------------------------------------------------------------


@symbolic
def star(
    rendering: Rendering,
    from_: Any,
    relation_alias: Any = "",
    except_: Any = (),
    prefix: Any = "",
    suffix: Any = "",
    quote_identifiers: Any = True,  # noqa: FBT002 -- the macro's signature
    rename: Any = None,
) -> str:
    """``star(from=ref('x'), except=['a'])``: a stand-in that means all columns of x but a."""
    _ = quote_identifiers, rename
    token = str(from_).lower()
    text, reason = f"dbt_utils.star({shown(from_)})", "the columns of another relation"
    if token not in rendering.names:
        return rendering.hole_token(text, reason)
    return rendering.hole_token(
        text,
        reason,
        star=token,
        excluded=tuple(str(column) for column in as_list(except_)),
        alias=str(relation_alias or ""),
        prefix=str(prefix or ""),
        suffix=str(suffix or ""),
    )


@symbolic
def get_filtered_columns_in_relation(rendering: Rendering, from_: Any, except_: Any = ()) -> Any:
    if not rendering.at_run():
        return []
    excluded = tuple(str(column) for column in as_list(except_))
    name = rendering.column_name(from_, "dbt_utils.get_filtered_columns_in_relation", excluded)
    if name is None:
        return Unknown(rendering, f"get_filtered_columns_in_relation({shown(from_)})", "the columns of another relation")
    return [name]


@symbolic
def get_column_values(
    rendering: Rendering, table: Any = "", column: Any = "", *_args: Any, default: Any = None, **_options: Any
) -> Any:
    """The values of a column, unknown to a repository: its ``default`` where the call gives one."""
    hole = rendering.asked_of_warehouse(f"dbt_utils.get_column_values({shown(table)}, {shown(column)})")
    str(hole)  # remembered even where the default takes its place
    return default or hole


@symbolic
def get_query_results_as_dict(rendering: Rendering, query: Any = "") -> Any:
    _ = query
    return rendering.asked_of_warehouse("dbt_utils.get_query_results_as_dict(…)")


@symbolic
def get_single_value(rendering: Rendering, query: Any = "", default: Any = None) -> Any:
    _ = query
    return rendering.asked_of_warehouse("dbt_utils.get_single_value(…)") if default is None else default


@symbolic
def get_relations_by_pattern(rendering: Rendering, *args: Any, **_options: Any) -> Any:
    text = f"dbt_utils.get_relations_by_pattern({', '.join(map(shown, args))})"
    return rendering.asked_of_warehouse(text)


@symbolic
def get_relations_by_prefix(rendering: Rendering, *args: Any, **_options: Any) -> Any:
    text = f"dbt_utils.get_relations_by_prefix({', '.join(map(shown, args))})"
    return rendering.asked_of_warehouse(text)


@symbolic
def union_relations(
    relations: Any,
    column_override: Any = None,
    include: Any = (),
    exclude: Any = (),
    source_column_name: Any = "_dbt_source_relation",
    where: Any = None,
) -> str:
    """Every relation's columns, by name."""
    _ = column_override, exclude
    columns = ", ".join(map(str, as_list(include))) or "*"
    condition = f" where {where}" if where else ""
    label = f"'' as {source_column_name}, " if source_column_name else ""
    return " union all by name ".join(f"select {label}{columns} from {relation}{condition}" for relation in relations)


@symbolic
def unpivot(
    rendering: Rendering,
    relation: Any = None,
    cast_to: Any = "varchar",
    exclude: Any = (),
    remove: Any = (),
    field_name: Any = "field_name",
    value_name: Any = "value",
    quote_identifiers: Any = False,  # noqa: FBT002 -- the macro's signature
    **named: Any,
) -> str:
    """One row for each column but those excluded and removed: its name, and its value."""
    _ = cast_to, quote_identifiers
    source, kept = relation or named.get("table"), as_list(exclude)
    left_out = tuple(str(column) for column in (*kept, *as_list(remove)))
    each = rendering.column_name(source, "dbt_utils.unpivot", left_out) or "null"
    columns = "".join(f"{column}, " for column in kept)
    return f"select {columns}null as {field_name}, cast({each} as {cast_to}) as {value_name} from {source}"


@symbolic
def deduplicate(rendering: Rendering, relation: Any, partition_by: Any = "", order_by: Any = None, **named: Any) -> str:
    """The first row of each partition. ``where`` in the place of ``qualify`` where the database has none."""
    ordered = f" order by {order_by}" if order_by else ""
    partition = partition_by or named.get("group_by", "")
    keep = "where" if rendering.environment.adapter in ("trino", "athena", "starburst") else "qualify"
    return f"select * from {relation} {keep} row_number() over (partition by {partition}{ordered}) = 1"


# -- expressions ------------------------------------------------------------------------------------------------------


def generate_surrogate_key(field_list: Any, *more: Any) -> str:
    """``md5(…)`` of the columns, each with a text in the place of null."""
    fields = [*as_list(field_list), *more]
    parts = [f"coalesce(cast({field} as varchar), '_dbt_utils_surrogate_key_null_')" for field in fields]
    joined = " || '-' || ".join(parts)
    return f"md5(cast({joined} as varchar))"


def surrogate_key(field_list: Any, *more: Any) -> str:
    return generate_surrogate_key(field_list, *more)


def group_by(n: Any) -> str:
    return "group by " + ", ".join(map(str, range(1, min(int(n), 1_000) + 1)))


def safe_add(*fields: Any, field_list: Any = ()) -> str:
    return " + ".join(f"coalesce({field}, 0)" for field in _listed((*fields, field_list)))


def safe_subtract(*fields: Any, field_list: Any = ()) -> str:
    return " - ".join(f"coalesce({field}, 0)" for field in _listed((*fields, field_list)))


def safe_divide(numerator: Any, denominator: Any) -> str:
    return f"({numerator}) / nullif(({denominator}), 0)"


def _listed(fields: tuple[Any, ...]) -> list[Any]:
    return [field for given in fields for field in as_list(given)]


def pivot(
    rendering: Rendering,
    column: Any,
    values: Any,
    alias: Any = True,  # noqa: FBT002 -- the macro's signature
    agg: Any = "sum",
    cmp: Any = "=",
    prefix: Any = "",
    suffix: Any = "",
    then_value: Any = 1,
    else_value: Any = 0,
    quote_identifiers: Any = True,  # noqa: FBT002 -- the macro's signature
    distinct: Any = False,  # noqa: FBT002 -- the macro's signature
) -> str:
    """A column for each of the values that the call gives."""
    mark = '"' if quote_identifiers else ""
    once = "distinct " if distinct else ""
    cases = []
    for value in values:
        name = f" as {mark}{prefix}{value}{suffix}{mark}" if alias else ""
        escaped = forms(rendering.environment.adapter).escape_single_quotes(value)
        cases.append(f"{agg}({once}case when {column} {cmp} '{escaped}' then {then_value} else {else_value} end){name}")
    return ", ".join(cases)


def width_bucket(expr: Any, min_value: Any, max_value: Any, num_buckets: Any) -> str:
    return f"width_bucket({expr}, {min_value}, {max_value}, {num_buckets})"


def haversine_distance(lat1: Any, lon1: Any, lat2: Any, lon2: Any, unit: Any = "mi") -> str:
    _ = unit
    return f"2 * 3961 * asin(sqrt(power(sin(radians({lat2} - {lat1}) / 2), 2) + power(sin(radians({lon2} - {lon1}) / 2), 2)))"


def get_url_parameter(field: Any, url_parameter: Any) -> str:
    return f"nullif(split_part(split_part({field}, '{url_parameter}=', 2), '&', 1), '')"


def get_url_host(field: Any) -> str:
    return f"split_part(split_part(replace({field}, 'android-app://', ''), '//', 2), '/', 1)"


def get_url_path(field: Any) -> str:
    return f"nullif(split_part({field}, '/', 2), '')"


def nullcheck(cols: Any) -> str:
    """Each column, null for an empty text."""
    return ", ".join(f"nullif({column.name}, '') as {column.name}" for column in cols)


def nullcheck_table(rendering: Rendering, relation: Any) -> str:
    columns = Adapter(rendering).get_columns_in_relation(relation)
    return f"select {nullcheck(columns)} from {relation}"


def degrees_to_radians(degrees: Any) -> str:
    return f"acos(-1) * {degrees} / 180"


def identifier(value: Any) -> str:
    return str(value)


# -- text for people --------------------------------------------------------------------------------------------------


def pretty_time(*_args: Any, **_options: Any) -> str:
    return "00:00:00"


def pretty_log_format(message: Any = "") -> str:
    return str(message)


def log_info(*_args: Any, **_named: Any) -> str:
    return ""


def slugify(string: Any) -> str:
    kept = "".join(letter if letter.isalnum() or letter == "_" else "_" for letter in str(string).lower())
    return f"_{kept}" if kept[:1].isdigit() else kept
