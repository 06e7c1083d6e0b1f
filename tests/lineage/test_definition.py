"""Normal forms: what is laid out in another way is equal, what means something else is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.api import analyze_sql

if TYPE_CHECKING:
    from sqllineage_scan.domain.definition import Definition, Form

SCHEMA = {
    "orders": {"id": "int", "user_id": "int", "amount": "int", "tax": "int", "status": "text", "day": "date"},
    "users": {"id": "int", "name": "text", "boss": "int", "live": "bool"},
    "t": {"a": "int", "b": "int", "k": "int"},
}


def _definition(sql: str, dialect: str = "duckdb") -> Definition:
    graph = analyze_sql(sql, dialect, schema=SCHEMA)
    (found,) = graph.definitions.values()
    return found


def _columns(definition: Definition) -> list[tuple[str, Form]]:
    return [(column.name, column.form) for column in definition.columns]


EQUAL = {
    "layout and comments": (
        "select amount - tax as net from orders",
        "SELECT  -- net\n amount-tax\n AS net FROM orders /* all */",
    ),
    "a table alias": ("select amount from orders", "select o.amount from orders as o"),
    "another table alias": ("select o.amount + o.tax as x from orders o", "select q.amount + q.tax as x from orders q"),
    "a qualifier in a join": (
        "select amount, name from orders join users on user_id = users.id",
        "select o.amount, u.name from orders o join users u on o.user_id = u.id",
    ),
    "redundant parentheses": ("select a from t where a > 1 and b > 2", "select (a) as a from t where ((a > 1) and (b > 2))"),
    "the order of conjuncts": (
        "select a from t where a > 1 and b > 2 and k = 3",
        "select a from t where k = 3 and b > 2 and a > 1",
    ),
    "the order of disjuncts": ("select a from t where a > 1 or b > 2", "select a from t where b > 2 or a > 1"),
    "a conjunct with a subquery moved": (
        "select a from t where a in (select id from users) and b in (select id from orders)",
        "select a from t where b in (select id from orders) and a in (select id from users)",
    ),
    "sides of an equation": ("select a from t where a = b", "select a from t where b = a"),
    "another spelling of unequal": ("select a from t where a <> 1", "select a from t where a != 1"),
    "another spelling of a cast": ("select cast(a as int) as x from t", "select a::int as x from t"),
    "a list in another order": ("select a from t where a in (1, 2)", "select a from t where a in (2, 1)"),
    "the case of words and names": ("select sum(A) as X from T group by B", "SELECT SUM(a) AS x FROM t GROUP BY b"),
    "quotes that change nothing": ('select "a" as "x" from "t"', "select a as x from t"),
    "a CTE in the place of a subquery": (
        "select x from (select a + 1 as x from t where b > 1) d",
        "with d as (select a + 1 as x from t where b > 1) select x from d",
    ),
    "a CTE by another name": (
        "with c as (select a from t where b > 1) select a from c",
        "with filtered as (select a from t where b > 1) select f.a from filtered f",
    ),
    "a CTE moved": (
        "with c as (select a from t), d as (select id from users) select c.a, d.id from c join d on c.a = d.id",
        "with d as (select id from users), c as (select a from t) select c.a, d.id from c join d on c.a = d.id",
    ),
    "import CTEs": (
        "select amount from orders where status = 'paid'",
        "with orders_ as (select * from orders), final as (select amount from orders_ where status = 'paid') select * from final",
    ),
    "an unused CTE": ("select a from t", "with u as (select * from users) select a from t"),
    "inner joins in another order": (
        "select o.amount, u.name from orders o join users u on o.user_id = u.id",
        "select o.amount, u.name from users u inner join orders o on u.id = o.user_id",
    ),
    "a comma join": (
        "select o.amount from orders o join users u on o.user_id = u.id where u.live",
        "select o.amount from orders o, users u where u.live and o.user_id = u.id",
    ),
    "a number in GROUP BY": ("select a, sum(b) as s from t group by 1", "select a, sum(b) as s from t group by a"),
    "keys of GROUP BY in another order": (
        "select a, k, sum(b) as s from t group by a, k",
        "select a, k, sum(b) as s from t group by k, a",
    ),
    "ORDER BY that cuts nothing": ("select a from t", "select a from t order by b"),
    "a star written out": ("select * from t", "select a, b, k from t"),
    "the arms of a UNION": (
        "select a from t where a > 1 union all select a from t where b > 2",
        "select x.a from t x where x.a > 1 union all select y.a from t y where y.b > 2",
    ),
    "an alias used again": (
        "select a + 1 as x, (a + 1) * 2 as y from t",
        "select a + 1 as x, x * 2 as y from t",
    ),
    "an alias inside EXISTS": (
        "select a from t where exists (select 1 from users u where u.id = t.a)",
        "select q.a from t q where exists (select * from users where users.id = q.a)",
    ),
    "a named window": (
        "select sum(a) over (partition by b) as s from t",
        "select sum(a) over w as s from t window w as (partition by b)",
    ),
}

DIFFERENT = {
    "an operand": ("select amount - tax as net from orders", "select amount + tax as net from orders"),
    "operands of minus": ("select amount - tax as net from orders", "select tax - amount as net from orders"),
    "a constant": ("select a + 1 as x from t", "select a + 2 as x from t"),
    "only a constant": ("select 1 as x from t", "select 2 as x from t"),
    "a column": ("select a as x from t", "select b as x from t"),
    "a function": ("select sum(a) as x from t", "select max(a) as x from t"),
    "a text's case": ("select a from t where status = 'paid'", "select a from t where status = 'PAID'"),
    "a branch of CASE": (
        "select case when a > 1 then b end as x from t",
        "select case when a > 1 then b else 0 end as x from t",
    ),
    "a filter more": ("select a from t", "select a from t where b > 1"),
    "a filter less strict": ("select a from t where b > 1", "select a from t where b >= 1"),
    "AND for OR": ("select a from t where a > 1 and b > 2", "select a from t where a > 1 or b > 2"),
    "the kind of a join": (
        "select o.amount from orders o join users u on o.user_id = u.id",
        "select o.amount from orders o left join users u on o.user_id = u.id",
    ),
    "outer joins the other way round": (
        "select o.amount from orders o left join users u on o.user_id = u.id",
        "select o.amount from users u left join orders o on o.user_id = u.id",
    ),
    "a condition from ON to WHERE of an outer join": (
        "select o.amount from orders o left join users u on o.user_id = u.id and u.live",
        "select o.amount from orders o left join users u on o.user_id = u.id where u.live",
    ),
    "a join more": ("select o.amount from orders o", "select o.amount from orders o join users u on o.user_id = u.id"),
    "which of two instances": (
        "select s.name from users s join users m on s.boss = m.id",
        "select m.name from users s join users m on s.boss = m.id",
    ),
    "the direction of a self join": (
        "select s.name from users s join users m on s.boss = m.id",
        "select s.name from users s join users m on m.boss = s.id",
    ),
    "which of two CTEs over one table": (
        "with x as (select a from t where b = 1), y as (select a from t where b = 2) select x.a from x join y on x.a < y.a",
        "with x as (select a from t where b = 1), y as (select a from t where b = 2) select y.a from x join y on x.a < y.a",
    ),
    "inner or outer column of a correlated subquery": (
        "select a from t where exists (select 1 from t u where u.k = t.a)",
        "select a from t where exists (select 1 from t u where t.k = u.a)",
    ),
    "the list of a subquery": (
        "select a from t where a in (select id from users)",
        "select a from t where a in (select boss from users)",
    ),
    "the filter of a subquery": (
        "select a from t where a in (select id from users)",
        "select a from t where a in (select id from users where live)",
    ),
    "the filter of a scalar subquery": (
        "select (select max(id) from users) as m from t",
        "select (select max(id) from users where live) as m from t",
    ),
    "DISTINCT": ("select a from t", "select distinct a from t"),
    "a limit": ("select a from t limit 10", "select a from t limit 20"),
    "the order under a limit": ("select a from t order by a limit 1", "select a from t order by b limit 1"),
    "a key of GROUP BY": ("select sum(b) as s from t group by a", "select sum(b) as s from t group by a, k"),
    "UNION ALL": ("select a from t union all select b from t", "select a from t union select b from t"),
    "the arms of EXCEPT": ("select a from t except select b from t", "select b from t except select a from t"),
    "the right side of EXCEPT": ("select a from t except select b from t", "select a from t except select k from t"),
    "what a subquery keeps": (
        "select x from (select a as x from t limit 5) d",
        "select x from (select a as x from t limit 6) d",
    ),
    "the aggregate of a pivot": (
        "select * from t pivot (sum(a) for k in (1, 2))",
        "select * from t pivot (max(a) for k in (1, 2))",
    ),
    "a sample": ("select a from t", "select a from t tablesample 10 percent"),
    "a row of VALUES": ("select x from (values (1), (2)) v (x)", "select x from (values (1), (3)) v (x)"),
    "a field of a struct": (
        "select s.x from (select struct_pack(x := a + 1) as s from t) d",
        "select s.x from (select struct_pack(x := a + 2) as s from t) d",
    ),
    "a window's order": (
        "select row_number() over (order by a) as n from t",
        "select row_number() over (order by a desc) as n from t",
    ),
    "a filter inside a deep CTE": (
        "with x as (select * from t where a > 1), y as (select * from x), z as (select * from y) select a from z",
        "with x as (select * from t where a > 2), y as (select * from x), z as (select * from y) select a from z",
    ),
    "the base of a recursion": (
        "with recursive r as (select a from t where b = 1 union all select r.a + 1 from r where a < 5) select a from r",
        "with recursive r as (select a from t where b = 2 union all select r.a + 1 from r where a < 5) select a from r",
    ),
    "the step of a recursion": (
        "with recursive r as (select a from t union all select r.a + 1 from r where a < 5) select a from r",
        "with recursive r as (select a from t union all select r.a + 1 from r where a < 6) select a from r",
    ),
    "an updated value": ("update t set a = b + 1", "update t set a = b + 2"),
    "the condition of an UPDATE": ("update t set a = b where k = 1", "update t set a = b where k = 2"),
    "the condition of a DELETE": ("delete from t where k = 1", "delete from t where k = 2"),
    "a branch of a MERGE": (
        "merge into t using orders o on t.k = o.id when matched then update set a = o.amount",
        "merge into t using orders o on t.k = o.id when matched and o.tax > 0 then update set a = o.amount",
    ),
    "ON of a MERGE": (
        "merge into t using orders o on t.k = o.id when matched then update set a = o.amount",
        "merge into t using orders o on t.k = o.user_id when matched then update set a = o.amount",
    ),
    "what an INSERT does with a conflict": (
        "insert into t (a) select a from orders on conflict do nothing",
        "insert into t (a) select a from orders",
    ),
    "a variable": ("set variable m = 5; create table x as select a from t where b > getvariable('m')",
                   "set variable m = 6; create table x as select a from t where b > getvariable('m')"),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other"), EQUAL.values(), ids=EQUAL)
def test_is_proven_equal(one, other) -> None:
    before, after = _definition(one), _definition(other)
    assert _columns(before) == _columns(after)
    assert before.rows == after.rows


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_is_not_taken_for_equal(one, other) -> None:
    before, after = _definition(one), _definition(other)
    assert (_columns(before), before.rows) != (_columns(after), after.rows)


def test_a_filter_is_of_the_rows_and_of_no_column() -> None:
    before, after = _definition("select a, b + 1 as x from t"), _definition("select a, b + 1 as x from t where k > 1")
    assert _columns(before) == _columns(after)
    assert before.rows != after.rows
    assert [(rule.kind, rule.text) for rule in after.rules] == [("filter", "k > 1")]


def test_a_join_more_changes_no_other_column() -> None:
    before = _definition("select o.amount, o.tax * 2 as x from orders o")
    after = _definition("select o.amount, o.tax * 2 as x from orders o join users u on o.user_id = u.id")
    assert _columns(before) == _columns(after)
    assert before.rows != after.rows


def test_a_value_that_changes_leaves_the_rows_alone() -> None:
    before, after = _definition("update t set a = b + 1 where k = 1"), _definition("update t set a = b + 2 where k = 1")
    assert before.rows == after.rows
    assert _columns(before) != _columns(after)


@pytest.mark.parametrize("mark", [chr(number) for number in range(1, 7)])
def test_characters_that_are_marks_of_ours_are_text_in_a_literal_or_a_name(mark) -> None:
    where = f"b = '{mark}' or a = 1 or '{mark}' = k"
    sql = f"""select a || '{mark}x' as one, "k{mark}" as two, f{mark}(b) as three from t where {where}"""
    found = _definition(sql)
    assert [name for name, _ in _columns(found)][:2] == ["one", "two"]
    assert found.rows != _definition(sql.replace(mark, "")).rows
