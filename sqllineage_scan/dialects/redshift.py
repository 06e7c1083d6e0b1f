"""Amazon Redshift. docs.aws.amazon.com/redshift/latest/dg/r_names.html: identifiers fold down, quoted or not, by default."""

from sqllineage_scan.dialects.ansi import Dialect, Folding, leading
from sqllineage_scan.domain.unit import AliasRule

DIALECT = Dialect(
    name="redshift",
    calls_name_columns=True,
    relation_folding=Folding.INSENSITIVE,
    column_folding=Folding.INSENSITIVE,
    alias_rule=AliasRule.AFTER_COLUMNS,
    order_by_alias=AliasRule.NEVER,
    default_schema="public",
    hidden_columns=frozenset("$path $size".split()),
    pseudo_columns=frozenset({"user", "current_role", "current_schema", "current_user_id"}),
    housekeeping=leading(
        "analyze compression, create datashare, alter datashare, desc datashare, create external schema, create external "
        "function, create or replace external function, create identity provider, alter identity provider, attach, detach, "
        "cancel, close, fetch"
    ),
    dbt_adapters=("redshift",),
    hints=(
        (r"\b(distkey|sortkey|diststyle|interleaved)\b", "DISTKEY", 6),
        (r"\bencode\s+(zstd|lzo|az64|raw|bytedict)\b", "ENCODE", 5),
        (r"\b(unload\s*\(|getdate\s*\(|iam_role)", "UNLOAD", 4),
        (r"\w::\w+", "::", 1),
    ),
)
