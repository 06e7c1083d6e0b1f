# ruff: noqa: S608 -- SQL made of SQL is its trade
"""What dbt writes for DuckDB."""

from __future__ import annotations

from typing import Any

from sqllineage_scan.render.adapters import default
from sqllineage_scan.render.adapters.default import part
from sqllineage_scan.render.adapters.postgres import weekday_carry


class Forms(default.Forms):
    now = "now()"

    def any_value(self, expression: Any) -> str:
        return f"arbitrary({expression})"

    def bool_or(self, expression: Any) -> str:
        return f"bool_or({expression})"

    def split_part(self, string_text: Any, delimiter_text: Any, part_number: Any) -> str:
        return f"string_split({string_text}, {delimiter_text})[ {part_number} ]"

    def listagg(self, measure: Any, delimiter_text: Any = "','", order_by_clause: Any = None, limit_num: Any = None) -> str:
        order = f" {order_by_clause}" if order_by_clause else ""
        if limit_num:
            return f"list_aggr( (array_agg( {measure}{order} ))[1:{limit_num}], 'string_agg', {delimiter_text} )"
        return f"string_agg( {measure}, {delimiter_text}{order} )"

    def snapshot_get_time(self) -> str:
        return f"{self.now}::timestamp"

    def snapshot_string_as_time(self, timestamp: Any) -> str:
        return f"'{timestamp}'::timestamp"

    def date(self, year: Any, month: Any, day: Any) -> str:
        return f"make_date({year}, {month}, {day})"

    def date_trunc(self, datepart: Any, date: Any) -> str:
        return f"date_trunc('{part(datepart)}', {date})"

    def dateadd(self, datepart: Any, interval: Any, from_date_or_timestamp: Any) -> str:
        return f"({from_date_or_timestamp} + cast({interval} as bigint) * interval 1 {part(datepart)})"

    def datediff(self, first_date: Any, second_date: Any, datepart: Any) -> str:
        if part(datepart) == "week":
            return f"({self.datediff(first_date, second_date, 'day')} // 7 + {weekday_carry(first_date, second_date)})"
        return f"(date_diff('{part(datepart)}', {first_date}::timestamp, {second_date}::timestamp ))"

    def last_day(self, date: Any, datepart: Any = "month") -> str:
        return self.months_last_day(date, datepart)

    def generate_series(self, upper_bound: Any) -> str:
        return f"select generate_series as generated_number from generate_series(1, {upper_bound})"
