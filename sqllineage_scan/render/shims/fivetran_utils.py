# ruff: noqa: PLR0917, S608 -- the macros' own signatures; SQL made of SQL is their trade
"""fivetran_utils: staging models that name the columns they want, whether or not the source has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.render.adapters.default import Forms
from sqllineage_scan.render.configuration import as_list
from sqllineage_scan.render.context.adapter import Adapter
from sqllineage_scan.render.context.settings import var
from sqllineage_scan.render.shims import dbt_utils
from sqllineage_scan.render.vocabulary import symbolic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.render.rendering import Rendering


@symbolic
def fill_staging_columns(source_columns: Any = (), staging_columns: Any = ()) -> str:
    """Each staging column. The package writes null for one that the source lacks; here all of them are there."""
    _ = source_columns
    return ", ".join(f"{quote_column(column)} as {column.get('alias') or quote_column(column)}" for column in staging_columns)


def quote_column(column: Any) -> str:
    return f'"{column["name"]}"' if column.get("quote") else str(column["name"])


def fill_pass_through_columns(rendering: Rendering, pass_through_variable: Any) -> str:
    """``, field as alias`` for each field that a variable lists."""
    written = []
    for field in _fields(rendering, pass_through_variable):
        name = field.get("alias") or field.get("name")
        transformed = field.get("transform_sql")
        written.append(f", {transformed} as {name}" if transformed else f", {name}")
    return " ".join(written)


def persist_pass_through_columns(
    rendering: Rendering,
    pass_through_variable: Any,
    identifier: Any = "",
    transform: Any = "",
    append_string: Any = "",
    exclude_fields: Any = (),
) -> str:
    written = []
    for field in _fields(rendering, pass_through_variable):
        name = str(field.get("alias") or field.get("name")).lower()
        if name not in as_list(exclude_fields):
            column = f"{identifier}.{name}" if identifier else name
            written.append(f", {transform}({column}) as {name}{append_string}" if transform else f", {column} as {name}")
    return " ".join(written)


def add_pass_through_columns(base_columns: Any, pass_through_var: Any) -> str:
    """Adds to the list it is given, and writes nothing."""
    for field in as_list(pass_through_var):
        if isinstance(field, dict):
            base_columns.append({key: field[key] for key in ("name", "alias") if field.get(key)})
    return ""


def _fields(rendering: Rendering, variable: Any) -> Iterator[dict[str, Any]]:
    """``[{name: a, alias: b}, c]``  ->  mappings"""
    for field in as_list(var(rendering)(variable, None)):
        yield field if isinstance(field, dict) else {"name": str(field)}


def remove_prefix_from_columns(columns: Any = (), prefix: Any = "", exclude: Any = ()) -> str:
    names = [str(column["name"]) for column in columns if column["name"] not in as_list(exclude)]
    return ", ".join(f"{name} as {name.removeprefix(str(prefix))}" for name in names if name.startswith(str(prefix)))


# -- several connectors into one --------------------------------------------------------------------------------------


def source_relation(*_args: Any, **_options: Any) -> str:
    return ", '' as source_relation"


def apply_source_relation(*_args: Any, **_options: Any) -> str:
    return ", '' as source_relation"


def partition_by_source_relation(*_args: Any, **_options: Any) -> str:
    return ""


@symbolic
def union_data(
    rendering: Rendering,
    table_identifier: Any = "",
    database_variable: Any = "",
    schema_variable: Any = "",
    default_database: Any = "",
    default_schema: Any = "",
    default_variable: Any = "",
    **_options: Any,
) -> str:
    """The one source of a project that unites nothing, which its default variable names."""
    _ = table_identifier, database_variable, schema_variable, default_database, default_schema
    return f"select * from {var(rendering)(default_variable)}"


# -- expressions ------------------------------------------------------------------------------------------------------


def string_agg(field_to_agg: Any, delimiter: Any) -> str:
    return f"string_agg({field_to_agg}, {delimiter})"


def array_agg(field_to_agg: Any) -> str:
    return f"array_agg({field_to_agg})"


def max_bool(boolean_field: Any) -> str:
    return f"max({boolean_field})"


def ceiling(num: Any) -> str:
    return f"ceiling({num})"


def first_value(first_value_field: Any, partition_field: Any, order_by_field: Any, order: Any = "asc") -> str:
    return f"first_value({first_value_field}) over (partition by {partition_field} order by {order_by_field} {order})"


def percentile(percentile_field: Any, partition_field: Any = "", percent: Any = "0.5") -> str:
    over = f" over (partition by {partition_field})" if partition_field else ""
    return f"percentile_cont({percent}) within group (order by {percentile_field}){over}"


def json_extract(string: Any, string_path: Any) -> str:
    return f"json_extract_path_text({string}, '{string_path}')"


def json_parse(string: Any, string_path: Any) -> str:
    path = ", ".join(f"'{step}'" for step in as_list(string_path))
    return f"json_extract_path_text({string}, {path})"


def timestamp_add(datepart: Any, interval: Any, from_timestamp: Any) -> str:
    return f"dateadd('{datepart}', {interval}, {from_timestamp})"


def timestamp_diff(first_date: Any, second_date: Any, datepart: Any) -> str:
    return f"date_part('{datepart}', ({second_date}) - ({first_date}))"


def dummy_coalesce_value(column: Any = None) -> str:
    _ = column
    return "''"


def try_cast(field: Any, type_: Any = "varchar", **named: Any) -> str:
    return f"cast({field} as {named.get('type', type_)})"


def extract_url_parameter(field: Any, url_parameter: Any) -> str:
    return dbt_utils.get_url_parameter(field, str(url_parameter).rstrip("="))


def fivetran_date_spine(datepart: Any, start_date: Any, end_date: Any) -> str:
    return Forms().date_spine(datepart, start_date, end_date)


def pivot_json_extract(string: Any, list_of_properties: Any) -> str:
    """A column for each property of a JSON text."""
    written = []
    for given in as_list(list_of_properties):
        name = given.get("name") if isinstance(given, dict) else given
        alias = (given.get("alias") if isinstance(given, dict) else None) or str(name).replace(".", "_").replace(" ", "_").lower()
        written.append(f"{json_extract(string, name)} as {alias}")
    return ", ".join(written)


def wrap_in_quotes(rendering: Rendering, object_to_quote: Any) -> str:
    return Adapter(rendering).quote(object_to_quote)


def calculated_fields(rendering: Rendering, variable: Any) -> str:
    """``, transform_sql as name`` for each field that a variable lists."""
    fields = (field for field in _fields(rendering, variable) if field.get("transform_sql"))
    return " ".join(f", {field['transform_sql']} as {field.get('name')}" for field in fields)


def add_dbt_source_relation(*_args: Any, **_options: Any) -> str:
    return ""


@symbolic
def union_relations(relations: Any, aliases: Any = None, column_override: Any = None, **options: Any) -> str:
    _ = aliases
    return dbt_utils.union_relations(relations, column_override, **options)


# -- switches ---------------------------------------------------------------------------------------------------------


def enabled_vars(rendering: Rendering, vars_: Any = (), **named: Any) -> bool:
    names = as_list(named.get("vars", vars_))
    return all(var(rendering)(name, True) for name in names)


def enabled_vars_one_true(rendering: Rendering, vars_: Any = (), **named: Any) -> bool:
    names = as_list(named.get("vars", vars_))
    return any(var(rendering)(name, False) for name in names)


def empty_variable_warning(*_args: Any, **_options: Any) -> str:
    return ""


def drop_schemas_automation(*_args: Any, **_options: Any) -> str:
    return ""
