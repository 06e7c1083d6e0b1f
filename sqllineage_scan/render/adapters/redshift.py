"""What dbt writes for Redshift."""

from __future__ import annotations

from typing import Any

from sqllineage_scan.render.adapters import default, postgres
from sqllineage_scan.render.adapters.default import part


class Forms(postgres.Forms):
    string = "VARCHAR"
    now = "getdate()"

    def any_value(self, expression: Any) -> str:
        return f"any_value({expression})"

    def listagg(self, measure: Any, delimiter_text: Any = "','", order_by_clause: Any = None, limit_num: Any = None) -> str:
        return default.Forms.listagg(self, measure, delimiter_text, order_by_clause, limit_num)

    def array_construct(self, inputs: Any = (), data_type: Any = None) -> str:
        _ = data_type
        return f"array( {' , '.join(map(str, inputs or ()))} )"

    def array_append(self, array: Any, new_element: Any) -> str:
        return self.array_concat(array, self.array_construct([new_element]))

    def array_concat(self, array_1: Any, array_2: Any) -> str:
        return f"array_concat({array_1}, {array_2})"

    def dateadd(self, datepart: Any, interval: Any, from_date_or_timestamp: Any) -> str:
        return f"dateadd( {part(datepart)}, {interval}, {from_date_or_timestamp} )"

    def datediff(self, first_date: Any, second_date: Any, datepart: Any) -> str:
        return f"datediff( {part(datepart)}, {first_date}, {second_date} )"

    def last_day(self, date: Any, datepart: Any = "month") -> str:
        return default.Forms.last_day(self, date, datepart)
