"""Apache Hive. cwiki.apache.org/confluence/display/Hive/LanguageManual."""

from sqllineage_scan.dialects.ansi import Dialect, Folding, leading
from sqllineage_scan.domain.unit import AliasRule

DIALECT = Dialect(
    name="hive",
    also_called=("impala",),
    relation_folding=Folding.INSENSITIVE,
    column_folding=Folding.INSENSITIVE,
    default_schema="default",
    group_by_alias=AliasRule.NEVER,
    pseudo_columns=frozenset({"grouping__id"}),
    hidden_columns=frozenset("input__file__name block__offset__inside__file".split()),
    housekeeping=leading(
        "msck repair, reload function, reload functions, abort transactions, add jar, add jars, add file, add files, add "
        "archive, delete jar, list jar, list jars, list file, list files, dfs, create connector, kill query"
    ),
    dbt_adapters=("hive",),
    hints=(
        (r"\blateral\s+view\b", "LATERAL VIEW", 3),
        (r"\bstored\s+as\b|\brow\s+format\b|\bmsck\s+repair\b", "STORED AS", 4),
        (r"\binsert\s+overwrite\b", "INSERT OVERWRITE", 2),
    ),
)
