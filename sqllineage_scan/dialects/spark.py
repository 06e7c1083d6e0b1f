"""Apache Spark SQL. spark.apache.org/docs/latest/sql-ref-identifier.html."""

from sqllineage_scan.dialects.ansi import Dialect, Folding, PivotAggregate, leading
from sqllineage_scan.domain.unit import AliasRule

DIALECT = Dialect(
    name="spark",
    also_called=("sparksql", "spark_sql", "spark-sql", "spark sql", "pyspark"),
    relation_folding=Folding.INSENSITIVE,
    column_folding=Folding.INSENSITIVE,
    alias_rule=AliasRule.AFTER_COLUMNS,
    pivots_joins=True,
    default_schema="default",
    pivot_aggregate=PivotAggregate.IF_SEVERAL,
    pivot_braces=True,
    path_relations=True,
    pseudo_columns=frozenset({"grouping__id"}),
    hidden_columns=frozenset("_metadata".split()),
    housekeeping=leading(
        "msck repair, add jar, add jars, add file, add files, add archive, list jar, list jars, list file, list files, clear "
        "cache"
    ),
    dbt_adapters=("spark", "glue", "synapse-spark"),
    hints=(
        (r"\bdistribute\s+by\b|\bcluster\s+by\s+\w+\s*(;|$)", "DISTRIBUTE BY", 3),
        (r"\busing\s+(parquet|orc|csv|json)\b", "USING PARQUET", 4),
        (r"\b(posexplode|from_unixtime|sequence\s*\(|named_struct)\b", "Spark functions", 2),
    ),
)
