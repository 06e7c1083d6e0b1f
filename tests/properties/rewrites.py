"""Ways to write a query differently that mean the same, as changes of sqlglot's tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable

    Rewrite = Callable[[exp.Query], exp.Query | None]


def _plain(tree: exp.Query) -> exp.Select | None:
    """A SELECT of which each name is told by its SELECT alone: no CTE, subquery or set operation in it."""
    inner = tree.find(exp.CTE, exp.Subquery, exp.SetOperation, exp.Lateral, exp.Unnest, exp.Pivot, exp.Exists, exp.In)
    return tree if isinstance(tree, exp.Select) and inner is None else None


def rename_aliases(tree: exp.Query) -> exp.Query | None:
    """``from orders o`` becomes ``from orders o_renamed``, and ``o.id`` with it."""
    select = _plain(tree)
    if select is None:
        return None
    new = select.copy()
    aliases = {
        table.alias: f"{table.alias}_renamed"
        for table in new.find_all(exp.Table)
        if table.alias and not table.args["alias"].columns
    }
    said_otherwise = {table.db for table in new.find_all(exp.Table)} | {column.name for column in new.find_all(exp.Column)}
    if not aliases or new.find(exp.Dot) or aliases.keys() & (said_otherwise | {column.db for column in new.find_all(exp.Column)}):
        return None
    for table in new.find_all(exp.Table):
        if table.alias in aliases:
            table.set("alias", exp.TableAlias(this=exp.to_identifier(aliases[table.alias])))
    for column in new.find_all(exp.Column):
        if column.table in aliases:
            column.set("table", exp.to_identifier(aliases[column.table]))
    return new


def _named(tree: exp.Query) -> bool:
    """Whether every column of the result has a name that is its own, so that it can be asked for from outside."""
    if any(isinstance(star.parent, (exp.Select, exp.Column)) for star in tree.find_all(exp.Star)):
        return True
    names = tree.named_selects
    return all(names) and len(set(names)) == len(names)


def _wrappable(tree: exp.Query) -> bool:
    """What writes cannot stand inside another query: ``select … into t``, ``with i as (insert into t …)``."""
    return _named(tree) and tree.find(exp.Into, exp.DML) is None


def in_cte(tree: exp.Query) -> exp.Query | None:
    """``with wrapped as (…) select * from wrapped``."""
    if not _wrappable(tree) or tree.args.get("with_") or tree.args.get("with"):
        return None
    return exp.select("*").from_("wrapped").with_("wrapped", as_=tree.copy())


def in_subquery(tree: exp.Query) -> exp.Query | None:
    """``select * from (…) as wrapped``."""
    return exp.select("*").from_(tree.copy().subquery("wrapped")) if _wrappable(tree) else None


def reorder_joins(tree: exp.Query) -> exp.Query | None:
    """``from a join b on …`` becomes ``from b join a on …``; only of an inner join of two, with a list and no star."""
    joins = tree.args.get("joins") or []
    if not isinstance(tree, exp.Select) or len(joins) != 1 or any(isinstance(each, exp.Star) for each in tree.find_all(exp.Star)):
        return None
    join = joins[0]
    plain = join.args.get("on") and not any(join.args.get(word) for word in ("side", "method", "using", "match_condition"))
    if not plain or join.kind not in ("", "INNER") or not isinstance(join.this, exp.Table) or join.find(exp.Subquery):
        return None
    new = tree.copy()
    source = new.args.get("from_") or new.args["from"]
    first, second = source.this, new.args["joins"][0].this
    if not isinstance(first, exp.Table) or first.args.get("joins") or second.args.get("joins"):
        return None
    one, two = first.copy(), second.copy()
    first.replace(two)
    second.replace(one)
    return new


def add_parentheses(tree: exp.Query) -> exp.Query | None:
    """``where a = b and c`` becomes ``where ((a = b) and (c))``."""
    new = tree.copy()
    filters = [each for where in new.find_all(exp.Where, exp.Having) for each in where.find_all(exp.Connector, exp.EQ, exp.GT)]
    found = [*filters, *new.find_all(exp.Add, exp.Mul)]
    for each in found:
        each.replace(exp.paren(each.copy(), copy=False))
    return new if found else None


REWRITES: dict[str, Rewrite] = {
    "aliases renamed": rename_aliases,
    "wrapped in a CTE": in_cte,
    "wrapped in a subquery": in_subquery,
    "joined the other way round": reorder_joins,
    "parentheses": add_parentheses,
}
