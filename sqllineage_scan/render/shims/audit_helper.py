# ruff: noqa: PLR0917, S608 -- the macros' own signatures; SQL made of SQL is their trade
"""audit_helper: queries that compare two relations or two queries. Those over a relation's columns take them all as a star."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.render.configuration import as_list
from sqllineage_scan.render.hole import Unknown
from sqllineage_scan.render.shims.dbt_utils import star
from sqllineage_scan.render.warehouse import forms

if TYPE_CHECKING:
    from sqllineage_scan.render.rendering import Rendering


def compare_queries(
    rendering: Rendering,
    a_query: Any,
    b_query: Any,
    primary_key: Any = None,
    summarize: Any = True,  # noqa: FBT002 -- the macro's signature
    limit: Any = None,
) -> str:
    """How many rows are in both, in a alone, in b alone; or, without ``summarize``, the rows that are not in both."""
    if summarize:
        counted = 'count(*) as "count", 100.0 * count(*) / sum(count(*)) over () as percent_of_total'
        return f"{_compared(rendering, a_query, b_query)} select in_a, in_b, {counted} from compared group by in_a, in_b"
    order = f" order by {primary_key}" if primary_key else ""
    cut = f" limit {limit}" if limit else ""
    return f"{_compared(rendering, a_query, b_query)} select * from compared where not (in_a and in_b){order}{cut}"


def compare_relations(
    rendering: Rendering,
    a_relation: Any,
    b_relation: Any,
    exclude_columns: Any = (),
    primary_key: Any = None,
    summarize: Any = True,  # noqa: FBT002 -- the macro's signature
    limit: Any = None,
) -> str:
    """``compare_queries`` over the columns of both, but those left out."""
    queries = [f"select {star(rendering, one, except_=exclude_columns)} from {one}" for one in (a_relation, b_relation)]
    return compare_queries(rendering, queries[0], queries[1], primary_key, summarize, limit)


def compare_and_classify_query_results(
    rendering: Rendering,
    a_query: Any,
    b_query: Any,
    primary_key_columns: Any = (),
    columns: Any = (),
    *_args: Any,
    **_options: Any,
) -> str:
    """Each row with where it is found, and how many there are of its kind."""
    kept = ", ".join(dict.fromkeys(str(name) for name in (*as_list(primary_key_columns), *as_list(columns)))) or "*"
    queries = [f"select {kept} from ({query}) q" for query in (a_query, b_query)]
    status = "case when in_a and in_b then 'identical' when in_a then 'removed' else 'added' end as dbt_audit_row_status"
    counted = "count(*) over (partition by in_a, in_b) as dbt_audit_num_rows_in_status"
    found_in = "in_a as dbt_audit_in_a, in_b as dbt_audit_in_b"
    return f"{_compared(rendering, *queries)} select {kept}, {found_in}, {status}, {counted} from compared"


def compare_and_classify_relation_rows(
    rendering: Rendering, a_relation: Any, b_relation: Any, primary_key_columns: Any = (), columns: Any = None, **options: Any
) -> str:
    queries = [f"select {star(rendering, one)} from {one}" for one in (a_relation, b_relation)]
    keys = primary_key_columns if columns else ()
    return compare_and_classify_query_results(rendering, queries[0], queries[1], keys, columns or (), **options)


def compare_column_values(
    a_query: Any,
    b_query: Any,
    primary_key: Any,
    column_to_compare: Any,
    emojis: Any = True,  # noqa: FBT002 -- the macro's signature
    *_args: Any,
    **_options: Any,
) -> str:
    """How often a column's values match, row by row of the same key."""
    _ = emojis
    column, key = column_to_compare, primary_key
    status = (
        f"case when a_side.{column} = b_side.{column} then 'match' when a_side.{key} is null then 'missing from a' "
        f"when b_side.{key} is null then 'missing from b' else 'no match' end as match_status"
    )
    counted = "count(*) as count_records, 100.0 * count(*) / sum(count(*)) over () as percent_of_total"
    return (
        f"with a_side as ({a_query}), b_side as ({b_query}), joined as (select {status} from a_side full outer join b_side "
        f"on a_side.{key} = b_side.{key}) select match_status, {counted} from joined group by match_status"
    )


def compare_row_counts(a_relation: Any, b_relation: Any) -> str:
    return " union all ".join(
        f"select '{one}' as relation_name, count(*) as total_records from {one}" for one in (a_relation, b_relation)
    )


def compare_relation_columns(rendering: Rendering, a_relation: Any, b_relation: Any) -> Any:
    """What the warehouse's catalog says of both: no data of theirs."""
    _ = a_relation, b_relation
    return Unknown(rendering, "audit_helper.compare_relation_columns(…)", "asks the warehouse's catalog")


def quick_are_queries_identical(query_a: Any, query_b: Any, columns: Any = (), *_args: Any, **_options: Any) -> str:
    """One column, ``are_tables_identical``, made of a hash of every row of both."""
    kept = ", ".join(map(str, as_list(columns))) or "*"
    sides = [f"(select sum(hash({kept})) as fingerprint from ({query}) q)" for query in (query_a, query_b)]
    return f"select one.fingerprint = other.fingerprint as are_tables_identical from {sides[0]} one cross join {sides[1]} other"


def quick_are_relations_identical(a_relation: Any, b_relation: Any, columns: Any = (), *_args: Any, **_options: Any) -> str:
    return quick_are_queries_identical(f"select * from {a_relation}", f"select * from {b_relation}", columns)


def _compared(rendering: Rendering, a_query: Any, b_query: Any) -> str:
    """The rows of both, each once, with where they are found."""
    words = forms(rendering.environment.adapter)
    parts = [
        f"select *, true as in_a, true as in_b from (select * from a_rows {words.intersect()} select * from b_rows) both_sides",
        f"select *, true as in_a, false as in_b from (select * from a_rows {words.except_()} select * from b_rows) only_a",
        f"select *, false as in_a, true as in_b from (select * from b_rows {words.except_()} select * from a_rows) only_b",
    ]
    return f"with a_rows as ({a_query}), b_rows as ({b_query}), compared as ({' union all '.join(parts)})"
