"""SQLite. sqlite.org/lang_keywords.html: names are not case sensitive, quoted or not."""

from sqllineage_scan.dialects.ansi import Dialect, Folding, leading

DIALECT = Dialect(
    name="sqlite",
    relation_folding=Folding.INSENSITIVE,
    column_folding=Folding.INSENSITIVE,
    default_schema="main",
    passed_over=frozenset({"computed"}),
    hidden_columns=frozenset("rowid _rowid_".split()),
    housekeeping=leading("release"),
    dbt_adapters=("sqlite",),
    hints=(
        (r"\bautoincrement\b|\bwithout\s+rowid\b|\bpragma\s+\w+", "AUTOINCREMENT", 5),
        (r"\binsert\s+or\s+(replace|ignore)\b|\bsqlite_\w+", "INSERT OR REPLACE", 4),
    ),
)
