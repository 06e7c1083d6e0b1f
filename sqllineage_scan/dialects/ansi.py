"""The questions asked of a dialect, with the standard's answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqllineage_scan.domain.unit import AliasRule


def leading(phrases: str) -> frozenset[str]:
    """``"msck repair, add jar"``: the words that statements begin with."""
    return frozenset(phrases.split(", "))


class Folding(StrEnum):
    """What an identifier becomes before it is looked up."""

    LOWER = "lower"  # unquoted folds down, quoted is exact: Postgres
    UPPER = "upper"  # unquoted folds up, quoted is exact: Snowflake, Oracle, the standard
    INSENSITIVE = "insensitive"  # case never matters, quoted or not: DuckDB, SQLite, SQL Server's default
    SENSITIVE = "sensitive"  # case always matters: BigQuery's tables, ClickHouse


class PivotAggregate(StrEnum):
    """When the aggregate is a part of a pivoted column's name."""

    IF_ALIASED = "if_aliased"  # pivot (sum(a) as total …): Q1_total
    IF_SEVERAL = "if_several"  # pivot (sum(a), max(a) …): Q1_sum(a), Q1_max(a)
    IF_ALIASED_OR_SEVERAL = "if_aliased_or_several"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    name: str = ""  # as sqlglot calls it; "" is sqlglot's own superset
    also_called: tuple[str, ...] = ()  # by sqlfluff or by people: sparksql, postgresql, mssql
    relation_folding: Folding = Folding.INSENSITIVE
    column_folding: Folding = Folding.INSENSITIVE
    alias_rule: AliasRule = AliasRule.NEVER  # select a + 1 as b, b * 2 as c
    group_by_alias: AliasRule = AliasRule.AFTER_COLUMNS  # select lower(a) as b … group by b
    having_alias: AliasRule = AliasRule.AFTER_COLUMNS  # … having b > 'm'
    where_alias: AliasRule = AliasRule.NEVER  # … where b > 'm'
    qualify_alias: AliasRule = AliasRule.AFTER_COLUMNS  # … qualify b = 1
    order_by_alias: AliasRule = AliasRule.BEFORE_COLUMNS  # … order by b || 'x'; b alone means the alias everywhere
    implied_recursion: bool = False  # with r as (… union all select … from r): no word RECURSIVE is needed
    semi_joins_show: bool = False  # select * from a semi join b shows b's columns too
    left_wins: bool = False  # from a join b: a name that both have is a's
    subqueries_see_siblings: bool = False  # from t, (select unnest(t.a) as x): every derived table is lateral
    wildcard_tables: bool = False  # from `project.dataset.events_*`
    path_relations: bool = False  # from parquet.`/data/orders`
    numbered_columns: bool = False  # select $1, $2
    passed_over: frozenset[str] = frozenset()  # what an INSERT without a list does not count: "computed", "identity"
    hides_computed: bool = False  # such columns are not in a star either
    hidden_columns: frozenset[str] = frozenset()  # columns that every table has and no star shows: ctid, _table_suffix
    pseudo_columns: frozenset[str] = frozenset()  # words that look like columns and are none: rownum
    calls_name_columns: bool = False  # select max(a) from t has a column called max
    pipeline_schema: str = ""  # before the tables that a pipeline itself makes: live
    placed_temporaries: bool = False  # a temporary table lives in the current schema, and may be called by it
    default_schema: str = ""  # what `orders` means when it lives in no schema that is said: public, main, dbo
    pivot_aggregate: PivotAggregate = PivotAggregate.IF_ALIASED
    pivots_joins: bool = False  # from a cross join b pivot (…) spreads both, not b alone
    pivot_quotes: bool = False  # pivot (… for q in ('Q1')) makes a column 'Q1' with its quotes
    pivot_prefix: bool = False  # … total_Q1 rather than Q1_total
    pivot_braces: bool = False  # … for (q, y) in (('Q1', 2020)) makes a column {Q1, 2020}
    housekeeping: frozenset[str] = frozenset()  # the leading words of statements that move no values: msck repair
    dbt_adapters: tuple[str, ...] = ()  # profile types that speak it
    dbt_quotes: bool = True  # whether dbt quotes relation names by default
    hints: tuple[tuple[str, str, int], ...] = ()  # (regular expression, how to call it, weight): signs of the dialect in SQL

    def renamed(self, name: str) -> Dialect:
        return replace(self, name=name)

    def adapted(self, **answers: Any) -> Dialect:
        """The same dialect with some answers changed."""
        return replace(self, **answers)

    def relation(self, text: str, *, quoted: bool = False) -> str:
        """The canonical form of one part of a relation's name."""
        return canonical(text, self.relation_folding, quoted=quoted)

    def column(self, text: str, *, quoted: bool = False) -> str:
        """The canonical form of a column's name."""
        if quoted or self.column_folding is Folding.SENSITIVE:
            return canonical(text, self.column_folding, quoted=quoted)
        return _lowered(text)


@lru_cache(maxsize=100_000)  # a repository says its names again and again
def canonical(text: str, folding: Folding, *, quoted: bool) -> str:
    """Fold an identifier so that equal results mean the same object (see ``sqllineage_scan.domain.names``).

    Postgres:   Orders, orders, "orders" -> orders;   "Orders" -> "Orders" with its quotes
    Snowflake:  Orders, orders, "ORDERS" -> orders;   "orders" -> "orders" with its quotes
    DuckDB:     all of them              -> orders
    BigQuery:   `Orders` -> Orders, orders -> orders
    """
    if folding is Folding.INSENSITIVE:
        return text.lower()
    if folding is Folding.SENSITIVE:
        return text
    if not quoted:
        return text.lower()
    folded = text.lower() if folding is Folding.LOWER else text.upper()
    return text.lower() if text == folded else f'"{text}"'


_lowered = lru_cache(maxsize=100_000)(str.lower)  # one object for each name, so that it is hashed once


ANSI = Dialect()
DIALECT = ANSI
