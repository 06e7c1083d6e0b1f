"""What dbt writes for Snowflake."""

from __future__ import annotations

from typing import Any

from sqllineage_scan.render.adapters import default
from sqllineage_scan.render.adapters.default import part


class Forms(default.Forms):
    now = "convert_timezone('UTC', current_timestamp())"
    escaped_quote = "\\'"

    def safe_cast(self, field: Any, type: Any = "varchar") -> str:  # noqa: A002 -- dbt's word
        return f"try_cast({field} as {type})"

    def right(self, string_text: Any, length_expression: Any) -> str:
        return f"case when {length_expression} = 0 then '' else {super().right(string_text, length_expression)} end"

    def bool_or(self, expression: Any) -> str:
        return f"boolor_agg({expression})"

    def listagg(self, measure: Any, delimiter_text: Any = "','", order_by_clause: Any = None, limit_num: Any = None) -> str:
        if not limit_num:
            return super().listagg(measure, delimiter_text, order_by_clause)
        order = f"within group ({order_by_clause})" if order_by_clause else ""
        return f"array_to_string( array_slice( array_agg( {measure} ){order} ,0 ,{limit_num} ), {delimiter_text} )"

    def array_construct(self, inputs: Any = (), data_type: Any = None) -> str:
        _ = data_type
        return f"array_construct( {' , '.join(map(str, inputs or ()))} )"

    def current_timestamp_in_utc_backcompat(self) -> str:
        return "convert_timezone('UTC', current_timestamp::timestamp )::timestamp"

    def snapshot_get_time(self) -> str:
        return f"to_timestamp_ntz({self.now})"

    def snapshot_string_as_time(self, timestamp: Any) -> str:
        return f"to_timestamp_ntz('{timestamp}')"

    def date_trunc(self, datepart: Any, date: Any) -> str:
        return f"date_trunc('{part(datepart)}', {date})"

    def dateadd(self, datepart: Any, interval: Any, from_date_or_timestamp: Any) -> str:
        return f"dateadd( {part(datepart)}, {interval}, {from_date_or_timestamp} )"

    def datediff(self, first_date: Any, second_date: Any, datepart: Any) -> str:
        return f"datediff( {part(datepart)}, {first_date}, {second_date} )"
