"""elementary: hooks that upload what a run did, which move none of the project's data, and the expressions that others borrow."""

from __future__ import annotations

from typing import Any

from sqllineage_scan.render.shims.dbt import *  # noqa: F403 -- its cross-database macros come under its own name too
from sqllineage_scan.render.shims.dbt_utils import generate_surrogate_key  # noqa: F401 -- elementary.generate_surrogate_key

# -- hooks ------------------------------------------------------------------------------------------------------------


def on_run_start(*_args: Any, **_options: Any) -> str:
    return ""


on_run_end = upload_dbt_artifacts = upload_run_results = upload_source_freshness = on_run_start
handle_tests_results = log_elementary_test_results = on_run_start


# -- what its materialization of tests is called, where a project names it as its own -----------------------------------


def materialization_test_default(*_args: Any, **_options: Any) -> dict[str, list[Any]]:
    return {"relations": []}


materialization_test_snowflake = materialization_test_default

# -- expressions ------------------------------------------------------------------------------------------------------


def edr_current_timestamp() -> str:
    return "current_timestamp"


def edr_cast_as_timestamp(timestamp_field: Any) -> str:
    return f"cast({timestamp_field} as timestamp)"


def edr_cast_as_date(timestamp_field: Any) -> str:
    return f"cast({timestamp_field} as date)"


def edr_quote(text: Any) -> str:
    return "'" + str(text).replace("'", "''") + "'"
