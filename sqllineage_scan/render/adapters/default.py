# ruff: noqa: S608 -- SQL made of SQL is its trade
"""Databases that have no file of their own: a portable form, so that every dialect's reading keeps each column.

A bare ``day`` would read as a column, and three arguments of ``datediff`` as two and a unit in half of the dialects.
"""

from __future__ import annotations

from typing import Any


class Forms:
    """Macro by macro, under dbt's names and with dbt's parameters. A trailing underscore keeps a word out of Python's way."""

    string, integer, float_, numeric = "TEXT", "integer", "float", "numeric(28,6)"
    bigint, boolean, timestamp, date_type = "bigint", "boolean", "timestamp", "date"
    now = "current_timestamp()"
    escaped_quote = "''"

    # -- types -----------------------------------------------------------------------------------------------------

    def type_string(self) -> str:
        return self.string

    def type_int(self) -> str:
        return self.integer

    def type_float(self) -> str:
        return self.float_

    def type_numeric(self) -> str:
        return self.numeric

    def type_bigint(self) -> str:
        return self.bigint

    def type_boolean(self) -> str:
        return self.boolean

    def type_timestamp(self) -> str:
        return self.timestamp

    def type_date(self) -> str:
        return self.date_type

    # -- expressions -----------------------------------------------------------------------------------------------

    def cast(self, field: Any, type: Any) -> str:  # noqa: A002 -- dbt's word
        return f"cast({field} as {type})"

    def safe_cast(self, field: Any, type: Any = "varchar") -> str:  # noqa: A002 -- dbt's word
        return self.cast(field, type)

    def cast_bool_to_text(self, field: Any) -> str:
        return self.cast(field, self.string)

    def concat(self, fields: Any) -> str:
        return " || ".join(map(str, fields))

    def hash_(self, field: Any) -> str:
        return f"md5({self.cast(field, self.string)})"

    def string_literal(self, value: Any) -> str:
        return f"'{value}'"

    def escape_single_quotes(self, expression: Any) -> str:
        return str(expression).replace("'", self.escaped_quote)

    def equals(self, expr1: Any, expr2: Any) -> str:
        return f"({expr1} = {expr2})"

    def length(self, expression: Any) -> str:
        return f"length( {expression} )"

    def position(self, substring_text: Any, string_text: Any) -> str:
        return f"position( {substring_text} in {string_text} )"

    def replace(self, field: Any, old_chars: Any, new_chars: Any) -> str:
        return f"replace( {field}, {old_chars}, {new_chars} )"

    def right(self, string_text: Any, length_expression: Any) -> str:
        return f"right( {string_text}, {length_expression} )"

    def split_part(self, string_text: Any, delimiter_text: Any, part_number: Any) -> str:
        return f"split_part( {string_text}, {delimiter_text}, {part_number} )"

    def any_value(self, expression: Any) -> str:
        return f"any_value({expression})"

    def bool_or(self, expression: Any) -> str:
        return f"max({expression})"

    def listagg(self, measure: Any, delimiter_text: Any = "','", order_by_clause: Any = None, limit_num: Any = None) -> str:
        _ = limit_num
        order = f" within group ({order_by_clause})" if order_by_clause else ""
        return f"listagg( {measure}, {delimiter_text} ){order}"

    def except_(self) -> str:
        return " except "

    def intersect(self) -> str:
        return "intersect"

    def array_construct(self, inputs: Any = (), data_type: Any = None) -> str:
        items = ", ".join(map(str, inputs or ()))
        return f"array[ {items} ]" if items else f"array[]::{data_type or self.integer}[]"

    def array_append(self, array: Any, new_element: Any) -> str:
        return f"array_append({array}, {new_element})"

    def array_concat(self, array_1: Any, array_2: Any) -> str:
        return f"array_cat({array_1}, {array_2})"

    def snapshot_hash_arguments(self, args: Any) -> str:
        parts = " || '|' || ".join(f"coalesce(cast({arg} as varchar ), '')" for arg in args)
        return f"md5({parts})"

    # -- dates -----------------------------------------------------------------------------------------------------

    def current_timestamp(self) -> str:
        return self.now

    def current_timestamp_backcompat(self) -> str:
        return "current_timestamp::timestamp"

    def current_timestamp_in_utc_backcompat(self) -> str:
        return self.current_timestamp_backcompat()

    def current_timestamp_in_utc(self) -> str:
        return self.current_timestamp()

    def snapshot_get_time(self) -> str:
        return self.current_timestamp()

    def snapshot_string_as_time(self, timestamp: Any) -> str:
        return f"cast('{timestamp}' as {self.timestamp})"

    def date(self, year: Any, month: Any, day: Any) -> str:
        return f"to_date('{year}-{month:0>2}-{day:0>2}', 'YYYY-MM-DD')"

    def date_trunc(self, datepart: Any, date: Any) -> str:
        return f"date_trunc('{part(datepart)}', cast({date} as timestamp))"

    def dateadd(self, datepart: Any, interval: Any, from_date_or_timestamp: Any) -> str:
        return f"dateadd('{part(datepart)}', {interval}, {from_date_or_timestamp})"

    def datediff(self, first_date: Any, second_date: Any, datepart: Any) -> str:
        return f"date_part('{part(datepart)}', ({second_date}) - ({first_date}))"

    def last_day(self, date: Any, datepart: Any = "month") -> str:
        return self.day_before(self.dateadd(datepart, 1, self.date_trunc(datepart, date)))

    def day_before(self, date: str) -> str:
        return f"cast({self.dateadd('day', -1, date)} as date)"

    def months_last_day(self, date: Any, datepart: Any) -> str:
        """The same where an interval has no quarters."""
        if part(datepart) == "quarter":
            return self.day_before(self.dateadd("month", 3, self.date_trunc("quarter", date)))
        return Forms.last_day(self, date, datepart)

    # -- rows ------------------------------------------------------------------------------------------------------

    def get_powers_of_two(self, upper_bound: Any) -> int:
        """How many bits it takes: 7 for 100."""
        return max((int(upper_bound) - 1).bit_length(), 1)

    def generate_series(self, upper_bound: Any) -> str:
        """A table of one column of numbers, put together of bits."""
        bits = range(self.get_powers_of_two(upper_bound))
        number = " + ".join(f"p{bit}.generated_number * power(2, {bit})" for bit in bits)
        return (
            "with p as ( select 0 as generated_number union all select 1 ), unioned as ( "
            f"select {number} + 1 as generated_number from {' cross join '.join(f'p as p{bit}' for bit in bits)} ) "
            f"select * from unioned where generated_number <= {upper_bound} order by generated_number"
        )

    def date_spine(self, datepart: Any, start_date: Any, end_date: Any, intervals: int = 1) -> str:
        """A table of one column, ``date_<part>``, from the first date on; how many rows only the database can tell."""
        day = self.dateadd(datepart, "row_number() over (order by 1) - 1", start_date)
        name = f"date_{datepart}"
        return (
            f"with rawdata as ( {self.generate_series(intervals)} ), "
            f"all_periods as ( select ( {day} ) as {name} from rawdata ), "
            f"filtered as ( select * from all_periods where {name} <= {end_date} ) select * from filtered"
        )


def part(datepart: Any) -> str:
    return str(datepart).strip("'\" ").lower()
