"""dbt_expectations: most of it are tests; these are the expressions that models borrow from it."""

from __future__ import annotations

from typing import Any


def regexp_instr(source_value: Any, regexp: Any, *_args: Any, **_options: Any) -> str:
    return f"regexp_instr({source_value}, '{regexp}')"


def rand() -> str:
    return "rand()"


def log_natural(x: Any) -> str:
    return f"ln({x})"


def median(field: Any) -> str:
    return percentile_cont(field, 0.5)


def percentile_cont(field: Any, quantile: Any, partition: Any = None) -> str:
    over = f" over (partition by {partition})" if partition else ""
    return f"percentile_cont({quantile}) within group (order by {field}){over}"


def group_by(n: Any) -> str:
    return "group by " + ", ".join(map(str, range(1, min(int(n), 1_000) + 1)))


def type_timestamp() -> str:
    return "timestamp"


def type_datetime() -> str:
    return "timestamp"


def md5(string_value: Any) -> str:
    return f"md5({string_value})"
