"""MySQL. dev.mysql.com/doc/refman/8.4/en/identifier-case-sensitivity.html: tables by file system, columns never."""

from sqllineage_scan.dialects.ansi import Dialect, Folding, leading

DIALECT = Dialect(
    name="mysql",
    also_called=("mariadb",),
    relation_folding=Folding.SENSITIVE,
    column_folding=Folding.INSENSITIVE,
    placed_temporaries=True,
    pseudo_columns=frozenset({"utc_date", "utc_time", "utc_timestamp"}),
    housekeeping=leading(
        "release savepoint, lock tables, lock table, unlock tables, flush, handler, check table, check tables, checksum "
        "table, checksum tables, repair table, repair tables, xa, cache index, load index, install, uninstall, binlog, change "
        "replication, change master, start replica, start slave, stop replica, stop slave, start group_replication, stop "
        "group_replication, purge, do, help, import table, clone local, clone instance, restart, create logfile group, create "
        "tablespace, create server, create resource group, create spatial reference system, get diagnostics"
    ),
    dbt_adapters=("mysql", "mariadb", "singlestore"),
    hints=(
        (r"\bengine\s*=\s*\w+|\bauto_increment\b|\bdefault\s+charset\b", "ENGINE=", 5),
        (r"^\s*delimiter\s", "DELIMITER", 5),
        (r"\bon\s+duplicate\s+key\b|\bgroup_concat\s*\(", "ON DUPLICATE KEY", 4),
        (r"`\w+`", "backticks", 1),
        (r"\bifnull\s*\(", "IFNULL", 1),
    ),
)
