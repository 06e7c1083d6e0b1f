"""dbt's own macros: what they write differs by database, what they mean does not.

What is written must keep every column in every dialect's reading: a bare ``day`` would read as a column, and three
arguments of ``datediff`` as two and a unit in half of the dialects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.render.context.adapter import Adapter
from sqllineage_scan.render.hole import Unknown
from sqllineage_scan.render.node import default_alias, default_database, default_schema
from sqllineage_scan.render.relation import Relation

if TYPE_CHECKING:
    from sqllineage_scan.render.rendering import Rendering

# -- what the repository cannot decide, and what asks the warehouse ---------------------------------------------------


def is_incremental(rendering: Rendering) -> bool:
    return rendering.undecided("is_incremental()")


def should_full_refresh() -> bool:
    return False


def should_store_failures() -> bool:
    return False


def run_query(rendering: Rendering, _sql: Any = "") -> Unknown:
    return Unknown(rendering, "run_query(…)", "it asks the warehouse")


def statement(*_args: Any, **_kwargs: Any) -> str:
    return ""


def noop_statement(*_args: Any, **_kwargs: Any) -> str:
    return ""


def load_result(rendering: Rendering, name: Any = "") -> Unknown:
    return Unknown(rendering, f"load_result({name!r})", "it asks the warehouse")


def store_result(*_args: Any, **_kwargs: Any) -> str:
    return ""


def load_relation(rendering: Rendering, relation: Any = None) -> Any:
    if not isinstance(relation, Relation):
        return None
    return Adapter(rendering).get_relation(relation.database, relation.schema, relation.identifier)


def load_cached_relation(rendering: Rendering, relation: Any = None) -> Any:
    return load_relation(rendering, relation)


def get_columns_in_query(rendering: Rendering, _sql: Any = "") -> Unknown:
    return Unknown(rendering, "get_columns_in_query(…)", "it asks the warehouse")


# -- names ------------------------------------------------------------------------------------------------------------


def generate_schema_name(rendering: Rendering, custom_schema_name: str | None = None, node: Any = None) -> str:
    return default_schema(rendering, custom_schema_name, node)


def generate_schema_name_for_env(rendering: Rendering, custom_schema_name: str | None = None, node: Any = None) -> str:
    in_production = rendering.environment.target.get("name") == "prod" and custom_schema_name is not None
    return str(custom_schema_name).strip() if in_production else default_schema(rendering, None, node)


def generate_alias_name(rendering: Rendering, custom_alias_name: str | None = None, node: Any = None) -> str:
    return default_alias(rendering, custom_alias_name, node)


def generate_database_name(rendering: Rendering, custom_database_name: str | None = None, node: Any = None) -> str:
    return default_database(rendering, custom_database_name, node)


# -- types ------------------------------------------------------------------------------------------------------------


def type_string() -> str:
    return "varchar"


def type_numeric() -> str:
    return "numeric(28, 6)"


def type_float() -> str:
    return "float"


def type_int() -> str:
    return "int"


def type_bigint() -> str:
    return "bigint"


def type_timestamp() -> str:
    return "timestamp"


def type_boolean() -> str:
    return "boolean"


def type_date() -> str:
    return "date"


# -- functions --------------------------------------------------------------------------------------------------------


def cast(expression: Any, data_type: Any) -> str:
    return f"cast({expression} as {data_type})"


def safe_cast(field: Any, type_: Any = "varchar", **named: Any) -> str:
    return cast(field, named.get("type", type_))


def cast_bool_to_text(field: Any) -> str:
    return cast(field, "varchar")


def concat(fields: Any) -> str:
    return " || ".join(map(str, fields))


def hash_(field: Any) -> str:
    return f"md5(cast({field} as varchar))"


def string_literal(value: Any) -> str:
    return f"'{value}'"


def escape_single_quotes(rendering: Rendering, expression: Any) -> str:
    escaped = "\\'" if rendering.environment.adapter in ("bigquery", "databricks", "spark") else "''"
    return str(expression).replace("'", escaped)


def length(expression: Any) -> str:
    return f"length({expression})"


def position(substring_text: Any, string_text: Any) -> str:
    return f"position({substring_text} in {string_text})"


def replace(field: Any, old_chars: Any, new_chars: Any) -> str:
    return f"replace({field}, {old_chars}, {new_chars})"


def right(string_text: Any, length_expression: Any) -> str:
    return f"right({string_text}, {length_expression})"


def split_part(string_text: Any, delimiter_text: Any, part_number: Any) -> str:
    return f"split_part({string_text}, {delimiter_text}, {part_number})"


def any_value(expression: Any) -> str:
    return f"any_value({expression})"


def bool_or(expression: Any) -> str:
    return f"max({expression})"


def listagg(measure: Any, delimiter_text: Any = "','", order_by_clause: Any = None, _limit_num: Any = None, **_more: Any) -> str:
    order = f" within group ({order_by_clause})" if order_by_clause else ""
    return f"listagg({measure}, {delimiter_text}){order}"


def except_() -> str:
    return "except"


def intersect() -> str:
    return "intersect"


def array_construct(inputs: Any = (), _data_type: Any = None, **_more: Any) -> str:
    return f"array[{', '.join(map(str, inputs or ()))}]"


def array_append(array: Any, new_element: Any) -> str:
    return f"array_append({array}, {new_element})"


def array_concat(array_1: Any, array_2: Any) -> str:
    return f"array_cat({array_1}, {array_2})"


# -- dates ------------------------------------------------------------------------------------------------------------


def current_timestamp() -> str:
    return "current_timestamp()"


def current_timestamp_in_utc() -> str:
    return "current_timestamp()"


def date(year: Any, month: Any, day: Any) -> str:
    return f"date '{year}-{month:0>2}-{day:0>2}'"


def date_trunc(rendering: Rendering, datepart: Any, date: Any) -> str:
    if rendering.environment.adapter == "bigquery":
        return f"timestamp_trunc(cast({date} as timestamp), {_part(datepart)})"
    return f"date_trunc('{_part(datepart)}', {date})"


def dateadd(datepart: Any, interval: Any, from_date_or_timestamp: Any) -> str:
    return f"dateadd('{_part(datepart)}', {interval}, {from_date_or_timestamp})"


def datediff(first_date: Any, second_date: Any, datepart: Any) -> str:
    return f"date_part('{_part(datepart)}', ({second_date}) - ({first_date}))"


def last_day(date: Any, datepart: Any = "month") -> str:
    return f"last_day({date}, '{_part(datepart)}')"


def date_spine(datepart: Any, start_date: Any, end_date: Any) -> str:
    """A table of one column, ``date_<part>``, between two expressions."""
    part = _part(datepart)
    return f"select dateadd('{part}', 1, {start_date}) as date_{part} where {start_date} < {end_date}"


def get_intervals_between(start_date: Any, end_date: Any, datepart: Any) -> str:
    return datediff(start_date, end_date, datepart)


def generate_series(_upper_bound: Any) -> str:
    return "select 1 as generated_number"


def get_powers_of_two(_upper_bound: Any) -> int:
    return 1


def _part(datepart: Any) -> str:
    return str(datepart).strip("'\" ").lower()
