"""What dbt writes for BigQuery."""

from __future__ import annotations

from typing import Any

from sqllineage_scan.render.adapters import default
from sqllineage_scan.render.adapters.default import part


class Forms(default.Forms):
    string, integer, float_, numeric = "string", "INT64", "FLOAT64", "numeric"
    escaped_quote = "\\'"

    def safe_cast(self, field: Any, type: Any = "string") -> str:  # noqa: A002 -- dbt's word
        return f"safe_cast({field} as {type})"

    def hash_(self, field: Any) -> str:
        return f"to_hex({super().hash_(field)})"

    def string_literal(self, value: Any) -> str:
        return f"'''{value}'''"

    def position(self, substring_text: Any, string_text: Any) -> str:
        return f"strpos( {string_text}, {substring_text} )"

    def right(self, string_text: Any, length_expression: Any) -> str:
        return f"case when {length_expression} = 0 then '' else substr( {string_text}, -1 * ({length_expression}) ) end"

    def split_part(self, string_text: Any, delimiter_text: Any, part_number: Any) -> str:
        place: Any = part_number - 1 if isinstance(part_number, int) else f"{part_number} - 1"
        if isinstance(part_number, int) and part_number < 0:
            without = f"replace({string_text}, {delimiter_text}, '')"
            place = f" length({string_text}) - length( {without} ) + 1 + {part_number} "
        return f"split( {string_text}, {delimiter_text} )[safe_offset({place})]"

    def bool_or(self, expression: Any) -> str:
        return f"logical_or({expression})"

    def listagg(self, measure: Any, delimiter_text: Any = "','", order_by_clause: Any = None, limit_num: Any = None) -> str:
        order = f" {order_by_clause}" if order_by_clause else ""
        limit = f" limit {limit_num}" if limit_num else ""
        return f"string_agg( {measure}, {delimiter_text}{order}{limit} )"

    def except_(self) -> str:
        return " except distinct "

    def intersect(self) -> str:
        return "intersect distinct"

    def array_construct(self, inputs: Any = (), data_type: Any = None) -> str:
        items = " , ".join(map(str, inputs or ()))
        return f"[ {items} ]" if items else f"ARRAY<{data_type or self.integer}>[]"

    def array_append(self, array: Any, new_element: Any) -> str:
        return self.array_concat(array, self.array_construct([new_element]))

    def array_concat(self, array_1: Any, array_2: Any) -> str:
        return f"array_concat({array_1}, {array_2})"

    def snapshot_hash_arguments(self, args: Any) -> str:
        parts = ", '|',".join(f"coalesce(cast({arg} as string), '')" for arg in args)
        return f"to_hex(md5(concat({parts})))"

    def current_timestamp_backcompat(self) -> str:
        return "current_timestamp"

    def snapshot_string_as_time(self, timestamp: Any) -> str:
        return f'TIMESTAMP("{timestamp}")'

    def date(self, year: Any, month: Any, day: Any) -> str:
        return f"date({year}, {month}, {day})"

    def date_trunc(self, datepart: Any, date: Any) -> str:
        return f"timestamp_trunc( cast({date} as timestamp), {part(datepart)} )"

    def dateadd(self, datepart: Any, interval: Any, from_date_or_timestamp: Any) -> str:
        return f"datetime_add( cast( {from_date_or_timestamp} as datetime), interval {interval} {part(datepart)} )"

    def datediff(self, first_date: Any, second_date: Any, datepart: Any) -> str:
        return f"datetime_diff( cast({second_date} as datetime), cast({first_date} as datetime), {part(datepart)} )"
