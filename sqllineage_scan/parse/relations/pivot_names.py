"""What the columns of a PIVOT are called: by their value, their aggregate, and the rules of the dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.dialects.ansi import PivotAggregate

if TYPE_CHECKING:
    from sqllineage_scan.dialects import Dialect
    from sqllineage_scan.parse.scope import Scope


def value_name(value: exp.Expr, scope: Scope) -> str:
    """``'Q1'`` is Q1, in Snowflake and Oracle 'Q1' with its quotes, in BigQuery a number is _1; an alias is as it is.
    ``*`` for what only the data knows: ``any``, ``select distinct q from t``.
    """
    if isinstance(value, (exp.PivotAlias, exp.Alias)):
        alias = value.args["alias"]
        if isinstance(alias, exp.Literal):
            return scope.dialect.column(str(alias.this), quoted=True)
        return scope.alias_name(alias)
    if isinstance(value, (exp.PivotAny, exp.Query, exp.Subquery)):
        return "*"
    if isinstance(value, exp.Column):
        return scope.alias_name(value.this)
    if isinstance(value, exp.Tuple):
        parts = [value_name(part, scope) for part in value.expressions]
        return "{" + ", ".join(parts) + "}" if scope.dialect.pivot_braces else "_".join(parts)
    text = _spelled(value, scope.dialect)
    return scope.dialect.column(text, quoted=isinstance(value, exp.Literal) and value.is_string)


def _spelled(value: exp.Expr, dialect: Dialect) -> str:
    if isinstance(value, exp.Literal) and value.is_string:
        return f"'{value.this}'" if dialect.pivot_quotes else str(value.this)
    text = value.this.name if isinstance(value, exp.Cast) else value.sql(dialect.name or None, comments=False)
    if not dialect.pivot_prefix:
        return text
    # cloud.google.com/bigquery/docs/reference/standard-sql/query-syntax#pivot_operator, "Rules for pivot column names"
    bare = text.replace("-", "_" if isinstance(value, exp.Cast) else "minus_").replace(".", "_point_")
    return f"_{bare}" if bare[:1].isdigit() else bare


def column_name(values: tuple[str, ...], alias: str, text: str, aggregates: int, dialect: Dialect) -> str:
    """``Q1_total`` of the value Q1 and the aggregate total; BigQuery has it the other way round."""
    value = "*" if set(values) == {"*"} else "_".join(values)
    rule = dialect.pivot_aggregate
    if rule is PivotAggregate.IF_ALIASED:
        aggregate = alias
    else:
        aggregate = (alias or text) if aggregates > 1 or (alias and rule is PivotAggregate.IF_ALIASED_OR_SEVERAL) else ""
    if not aggregate:
        return value
    return f"{aggregate}_{value.removeprefix('_')}" if dialect.pivot_prefix else f"{value}_{aggregate}"
