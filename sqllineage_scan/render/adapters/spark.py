"""What dbt writes for Spark, and for Databricks."""

from __future__ import annotations

from typing import Any

from sqllineage_scan.render.adapters import default
from sqllineage_scan.render.adapters.default import part


class Forms(default.Forms):
    string, integer, escaped_quote = "string", "int", "\\'"

    def concat(self, fields: Any) -> str:
        return f"concat({', '.join(map(str, fields))})"

    def bool_or(self, expression: Any) -> str:
        return f"bool_or({expression})"

    def split_part(self, string_text: Any, delimiter_text: Any, part_number: Any) -> str:
        place: Any = part_number - 1 if isinstance(part_number, int) else f"{part_number} - 1"
        return f"split( {string_text}, {delimiter_text} )[({place})]"

    def listagg(self, measure: Any, delimiter_text: Any = "','", order_by_clause: Any = None, limit_num: Any = None) -> str:
        _ = order_by_clause, limit_num
        return f"array_join( collect_list( {measure} ), {delimiter_text} )"

    def array_construct(self, inputs: Any = (), data_type: Any = None) -> str:
        _ = data_type
        return f"array( {' , '.join(map(str, inputs or ()))} )"

    def array_append(self, array: Any, new_element: Any) -> str:
        return self.array_concat(array, self.array_construct([new_element]))

    def array_concat(self, array_1: Any, array_2: Any) -> str:
        return f"concat({array_1}, {array_2})"

    def date(self, year: Any, month: Any, day: Any) -> str:
        return f"make_date({year}, {month}, {day})"

    def date_trunc(self, datepart: Any, date: Any) -> str:
        return f"date_trunc('{part(datepart)}', {date})"

    def dateadd(self, datepart: Any, interval: Any, from_date_or_timestamp: Any) -> str:
        return f"timestampadd({part(datepart)}, {interval}, {from_date_or_timestamp})"

    def datediff(self, first_date: Any, second_date: Any, datepart: Any) -> str:
        return f"timestampdiff({part(datepart)}, {first_date}, {second_date})"
