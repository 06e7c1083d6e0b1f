"""What dbt writes for Postgres."""

from __future__ import annotations

from typing import Any

from sqllineage_scan.render.adapters import default
from sqllineage_scan.render.adapters.default import part

_PER = {"hour": ("day", 24), "minute": ("hour", 60), "second": ("minute", 60), "millisecond": ("minute", 60000)}
_WHOLE = ("second", "millisecond", "microsecond")  # which have decimals


class Forms(default.Forms):
    now = "now()"

    def any_value(self, expression: Any) -> str:
        return f"min({expression})"

    def bool_or(self, expression: Any) -> str:
        return f"bool_or({expression})"

    def split_part(self, string_text: Any, delimiter_text: Any, part_number: Any) -> str:
        if isinstance(part_number, int) and part_number < 0:
            without = f"replace({string_text}, {delimiter_text}, '')"
            part_number = f"length({string_text}) - length( {without} ) + 2 + {part_number}"
        return super().split_part(string_text, delimiter_text, part_number)

    def listagg(self, measure: Any, delimiter_text: Any = "','", order_by_clause: Any = None, limit_num: Any = None) -> str:
        order = f" {order_by_clause}" if order_by_clause else ""
        if limit_num:
            return f"array_to_string( (array_agg( {measure}{order} ))[1:{limit_num}], {delimiter_text} )"
        return f"string_agg( {measure}, {delimiter_text}{order} )"

    def current_timestamp_in_utc_backcompat(self) -> str:
        return "(current_timestamp at time zone 'utc')::timestamp"

    def snapshot_get_time(self) -> str:
        return f"{self.now}::timestamp without time zone"

    def snapshot_string_as_time(self, timestamp: Any) -> str:
        return f"'{timestamp}'::timestamp without time zone"

    def date_trunc(self, datepart: Any, date: Any) -> str:
        return f"date_trunc('{part(datepart)}', {date})"

    def dateadd(self, datepart: Any, interval: Any, from_date_or_timestamp: Any) -> str:
        return f"{from_date_or_timestamp} + ((interval '1 {part(datepart)}') * ({interval}))"

    def datediff(self, first_date: Any, second_date: Any, datepart: Any) -> str:
        """Counted in days, or put together from the parts: a month is a twelfth of a year and the difference of the months."""
        first, second, unit = f"({first_date})", f"({second_date})", part(datepart)
        if unit == "year":
            return f"(date_part('year', {second}::date) - date_part('year', {first}::date))"
        if unit in ("month", "quarter"):
            times = 12 if unit == "month" else 4
            years = self.datediff(first_date, second_date, "year")
            return f"({years} * {times} + date_part('{unit}', {second}::date) - date_part('{unit}', {first}::date))"
        if unit == "week":
            return f"({self.datediff(first_date, second_date, 'day')} / 7 + {weekday_carry(first_date, second_date)})"
        if unit not in _PER:
            return f"({second}::date - {first}::date)"
        larger, times = _PER[unit]
        ends = [f"date_part('{unit}', {end}::timestamp)" for end in (second, first)]
        ends = [f"floor({end})" if unit in _WHOLE else end for end in ends]
        return f"({self.datediff(first_date, second_date, larger)} * {times} + {ends[0]} - {ends[1]})"

    def last_day(self, date: Any, datepart: Any = "month") -> str:
        return self.months_last_day(date, datepart)


def weekday_carry(first: Any, second: Any) -> str:
    """A week more or less where one weekday is before the other."""
    return (
        f"case when date_part('dow', ({first})::timestamp) <= date_part('dow', ({second})::timestamp) "
        f"then case when {first} <= {second} then 0 else -1 end else case when {first} <= {second} then 1 else 0 end end"
    )
