"""dbt's own macros. What those write that differ by database is in ``adapters``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqllineage_scan.render.bounds import bounded_range
from sqllineage_scan.render.context.adapter import Adapter
from sqllineage_scan.render.context.modules import NOW
from sqllineage_scan.render.node import default_alias, default_database, default_schema
from sqllineage_scan.render.relation import Relation
from sqllineage_scan.render.warehouse import FORMS, forms

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqllineage_scan.render.rendering import Rendering

# -- what the repository cannot decide, and what asks the warehouse ---------------------------------------------------


def is_incremental(rendering: Rendering) -> bool:
    return rendering.undecided("is_incremental()")


def should_full_refresh() -> bool:
    return False


def should_store_failures() -> bool:
    return False


def run_query(rendering: Rendering, _sql: Any = "") -> Any:
    return rendering.asked_of_warehouse("run_query(…)")


def statement(*_args: Any, **_kwargs: Any) -> str:
    return ""


def noop_statement(*_args: Any, **_kwargs: Any) -> str:
    return ""


def load_result(rendering: Rendering, name: Any = "") -> Any:
    return rendering.asked_of_warehouse(f"load_result({name!r})")


def store_result(*_args: Any, **_kwargs: Any) -> str:
    return ""


def load_relation(rendering: Rendering, relation: Any = None) -> Any:
    if not isinstance(relation, Relation):
        return None
    return Adapter(rendering).get_relation(relation.database, relation.schema, relation.identifier)


def load_cached_relation(rendering: Rendering, relation: Any = None) -> Any:
    return load_relation(rendering, relation)


def get_columns_in_query(rendering: Rendering, _sql: Any = "") -> Any:
    return rendering.asked_of_warehouse("get_columns_in_query(…)")


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


# -- in the words of the database -----------------------------------------------------------------------------------------


def _written_by_the_adapter(name: str) -> Callable[..., Any]:
    """``dateadd``, ``concat`` …: what ``adapters`` has for the project's adapter."""

    def macro(rendering: Rendering, *args: Any, **kwargs: Any) -> Any:
        return getattr(forms(rendering.environment.adapter), name)(*args, **kwargs)

    return macro


globals().update({name: _written_by_the_adapter(name) for name in FORMS})


# -- values -----------------------------------------------------------------------------------------------------------


def convert_datetime(date_str: Any, date_fmt: Any) -> dt.datetime:
    return dt.datetime.strptime(str(date_str), str(date_fmt))  # noqa: DTZ007 -- dbt's has no zone either


def dates_in_range(start_date_str: Any, end_date_str: Any = None, in_fmt: Any = "%Y%m%d", out_fmt: Any = "%Y%m%d") -> list[str]:
    """``dates_in_range('20260101', '20260103')``: the days as texts, both ends among them."""
    first = convert_datetime(start_date_str, in_fmt)
    last = convert_datetime(end_date_str or start_date_str, in_fmt)
    days = bounded_range((last - first).days + 1)
    return [(first + dt.timedelta(days=day)).strftime(str(out_fmt)) for day in days]


def partition_range(raw_partition_date: Any, date_fmt: Any = "%Y%m%d") -> list[str]:
    ends = [end.strip() for end in str(raw_partition_date).split(",")]
    return dates_in_range(ends[0], ends[1] if len(ends) > 1 else None, in_fmt=date_fmt)


def py_current_timestring() -> str:
    return NOW.strftime("%Y%m%d%H%M%S%f")


def get_quoted_csv(rendering: Rendering, column_names: Any) -> str:
    return ", ".join(map(Adapter(rendering).quote, column_names))


def get_intervals_between(*_args: Any, **_kwargs: Any) -> int:
    """How many the database would count; one, as while dbt parses."""
    return 1
