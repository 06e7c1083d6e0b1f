"""MySQL. dev.mysql.com/doc/refman/8.4/en/identifier-case-sensitivity.html: tables by file system, columns never."""

from sqllineage_scan.dialects.ansi import Dialect, Folding

DIALECT = Dialect(
    name="mysql",
    also_called=("mariadb",),
    relation_folding=Folding.SENSITIVE,
    column_folding=Folding.INSENSITIVE,
    placed_temporaries=True,
    pseudo_columns=frozenset({"utc_date", "utc_time", "utc_timestamp"}),
    dbt_adapters=("mysql", "mariadb", "singlestore"),
    hints=(
        (r"\bengine\s*=\s*\w+|\bauto_increment\b|\bdefault\s+charset\b", "ENGINE=", 5),
        (r"^\s*delimiter\s", "DELIMITER", 5),
        (r"\bon\s+duplicate\s+key\b|\bgroup_concat\s*\(", "ON DUPLICATE KEY", 4),
        (r"`\w+`", "backticks", 1),
        (r"\bifnull\s*\(", "IFNULL", 1),
    ),
)
