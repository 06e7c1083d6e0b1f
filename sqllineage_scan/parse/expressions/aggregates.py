"""Functions that make one value of many rows: sqlglot knows most by type, the rest is told by name."""

from __future__ import annotations

from sqlglot import exp

# Aggregates to sqlglot that hand one row's value through, or only number the rows, when they stand over a window.
ROW_FUNCTIONS = (exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.NthValue, exp.Ntile)
ROW_FUNCTION_NAMES = frozenset({"laginframe", "leadinframe"})

_TYPES: tuple[type[exp.Expr], ...] = (exp.AggFunc, exp.XMLAgg) if hasattr(exp, "XMLAgg") else (exp.AggFunc,)
_NAMES = frozenset(
    # several dialects
    "every some any any_value arbitrary total product collect collect_list collect_set wm_concat xmlagg json_agg jsonb_agg "
    "json_object_agg jsonb_object_agg json_arrayagg json_objectagg json_group_array json_group_object range_agg "
    "range_intersect_agg string_agg array_agg list listagg histogram histogram_numeric numeric_histogram histogram_exact "
    "stats_mode mode median entropy sem mad geometric_mean geomean ratio_to_report "
    # Spark, Databricks
    "try_sum try_avg percentile percentile_approx approx_percentile approx_count_distinct count_min_sketch schema_of_json_agg "
    "hll_sketch_agg hll_union_agg bitmap_construct_agg bitmap_or_agg grouping_id regr_count bool_and bool_or max_by min_by "
    # Trino
    "map_agg multimap_agg map_union map_union_sum set_agg set_union reduce_agg approx_set tdigest_agg qdigest_agg "
    "approx_most_frequent bitwise_and_agg bitwise_or_agg bitwise_xor_agg convex_hull_agg geometry_union_agg "
    # DuckDB
    "arg_max_null arg_min_null favg fsum sumkahan kahan_sum bitstring_agg quantile quantile_cont quantile_disc "
    "reservoir_quantile approx_quantile approx_top_k first last "
    # T-SQL, MySQL, Oracle, Snowflake, BigQuery
    "checksum_agg varp var stdevp stdev std variance count_big approx_count_distinct_agg json_arrayagg_strict "
    "approx_median stats_t_test cluster_details hll hll_accumulate hll_combine booland_agg boolor_agg boolxor_agg "
    "array_union_agg object_agg vector_sum vector_avg st_union_agg st_collect st_extent st_centroid_agg st_clusterdbscan "
    "array_concat_agg logical_and logical_or "
    # ClickHouse
    "medianexact mediantiming mediandeterministic mediantdigest medianbfloat16 kolmogorovsmirnovtest".split()
)
_NAMES_OF = {"trino": frozenset({"checksum", "merge"}), "athena": frozenset({"checksum", "merge"})}  # functions elsewhere
_SKETCHES = frozenset({"hll_count", "kll_quantiles", "hll_count.init"})
_SKETCH_AGGREGATES = frozenset({"init", "init_int64", "init_float64", "init_uint64", "merge", "merge_partial"})


def aggregates(node: exp.Expr, dialect: str) -> bool:
    """Whether ``node`` itself aggregates: ``sum(a)``, ``my_stuff_agg(a)``; not the sum inside ``1 + sum(a)``."""
    if isinstance(node, _TYPES):
        return True
    if not isinstance(node, exp.Anonymous):
        return False
    name = node.name.lower()
    return name in _NAMES or name in _NAMES_OF.get(dialect, ()) or name.endswith("_agg") or _is_sketch(node, name)


def aggregates_by_type(kind: type[exp.Expr]) -> bool:
    """Whether every expression of that type does."""
    return issubclass(kind, _TYPES)


def _is_sketch(node: exp.Anonymous, name: str) -> bool:
    """BigQuery's ``hll_count.init(a)``."""
    owner = node.parent
    return name in _SKETCH_AGGREGATES and isinstance(owner, exp.Dot) and owner.this.name.lower() in _SKETCHES


# Functions that make many rows of one where they stand in a SELECT list.
_MULTIPLYING = (exp.Explode, exp.Posexplode, exp.Inline, exp.ExplodingGenerateSeries, exp.Unnest)
_RETURN_ROWS = frozenset(
    "json_array_elements json_array_elements_text jsonb_array_elements jsonb_array_elements_text json_each jsonb_each "
    "json_each_text jsonb_each_text json_object_keys jsonb_object_keys regexp_split_to_table regexp_matches string_to_table "
    "jsonb_path_query json_populate_recordset jsonb_populate_recordset json_to_recordset jsonb_to_recordset "
    "generate_subscripts explode_outer posexplode_outer inline_outer variant_explode arrayjoin".split()
)


def multiplies(node: exp.Expr) -> bool:
    """Whether ``node`` returns many rows for one: ``unnest(items)``."""
    return isinstance(node, _MULTIPLYING) or (isinstance(node, exp.Anonymous) and node.name.lower() in _RETURN_ROWS)


def multiplies_by_type(kind: type[exp.Expr]) -> bool:
    """Whether every expression of that type does."""
    return issubclass(kind, _MULTIPLYING)
