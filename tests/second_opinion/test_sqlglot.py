"""A second opinion: sqlglot's own ``qualify`` and ``lineage``, where schemas are complete.

Both are asked which columns decide each column of a SELECT. sqlglot makes no difference between a value and a condition
that chooses it, so its columns lie between two sets of ours: those of DIRECT edges, and those of all column edges.

Where they differ, the query must have a construct of ``READ_OTHERWISE``, with the reason; anything else is a fault of ours.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify

from benchmarks.calibration.corpora import own_worlds
from benchmarks.calibration.generate import SCRIPTS, WAREHOUSE, repository
from benchmarks.calibration.gold import gold_of
from sqllineage_scan.domain.transformation import TransformationType
from sqllineage_scan.pipeline.statement import analyze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.calibration.world import World

Columns = dict[str, frozenset[str]]


READ_OTHERWISE: dict[str, Callable[[exp.Query], bool]] = {
    "USING and NATURAL: sqlglot takes the key for coalesce(a.id, b.id); but for a FULL JOIN its value is one side's": (
        lambda tree: _joins(tree, "using", "natural")
    ),
    "LATERAL and APPLY: sqlglot follows the names of the query around, and not the subquery's own": (
        lambda tree: tree.find(exp.Lateral) is not None
    ),
    "Set operations by name, and EXCEPT and INTERSECT, whose right side gives no values: sqlglot goes by position, into both": (
        lambda tree: any(each.args.get("by_name") or not isinstance(each, exp.Union) for each in tree.find_all(exp.SetOperation))
    ),
    "Pseudo-columns, as LEVEL, ROWNUM and GROUPING(a): sqlglot takes them for columns, or for values of a": (
        lambda tree: (
            any(column.name.lower() in ("level", "rownum") for column in tree.find_all(exp.Column))
            or _calls(tree, "grouping", "grouping_id")
        )
    ),
    "dictGet and joinGet: they name a table and its columns in strings": (
        lambda tree: _calls(tree, "dictget", "dictgetfloat64", "dictgetordefault", "joinget")
    ),
    "Numbered columns, as $1: sqlglot takes them for parameters": lambda tree: tree.find(exp.Parameter) is not None,
    "New names for a table's columns, as in t as x (a, b): sqlglot's lineage keeps the new ones": (
        lambda tree: any(table.args.get("alias") and table.args["alias"].columns for table in tree.find_all(exp.Table))
    ),
    "Two columns of one name: sqlglot finds the first": lambda tree: len(set(tree.named_selects)) < len(tree.named_selects),
    "UNNEST of several arrays: each column has its own, sqlglot gives it all": (
        lambda tree: any(len(unnest.expressions) > 1 for unnest in tree.find_all(exp.Unnest))
    ),
    "Recursive CTEs whose columns change places: sqlglot goes round once": (
        lambda tree: any(cte.args.get("recursive") for cte in tree.find_all(exp.With))
    ),
    "Stars with patterns, and functions over stars: sqlglot does not expand them": (
        lambda tree: (
            any(isinstance(star.parent, (exp.Like, exp.Columns, exp.Apply)) for star in tree.find_all(exp.Star))
            or tree.find(exp.Columns) is not None
            or any(isinstance(part, exp.Literal) for star in tree.find_all(exp.Star) for part in star.args.get("except_") or ())
        )
    ),
    "Whole rows and structs, as in to_json(o) and o.address.*: sqlglot knows no columns that make them": (
        lambda tree: bool(_whole_rows(tree))
    ),
    "Values put together in the statement, as in struct(a as x, b as y).x: sqlglot takes all of the value": (
        lambda tree: (
            tree.find(exp.Struct, exp.JSONObject, exp.Map, exp.VarMap, exp.Tuple) is not None
            or _calls(tree, "row", "jsonb_build_object")
            or any(select.args.get("kind") == "STRUCT" for select in tree.find_all(exp.Select))
        )
    ),
    "EXISTS as a value asks for a row: sqlglot takes what the subquery selects": (
        lambda tree: any(exists.find_ancestor(exp.Where, exp.Join, exp.Having) is None for exists in tree.find_all(exp.Exists))
    ),
    "Methods, as in name.upper(): sqlglot takes the value for a schema": (
        lambda tree: any(isinstance(dot.expression, exp.Func) for dot in tree.find_all(exp.Dot))
    ),
    "Recursion that no word RECURSIVE announces: sqlglot looks for a table": (
        lambda tree: any(
            table.name == cte.alias and not cte.parent.args.get("recursive")
            for cte in tree.find_all(exp.CTE)
            for table in cte.find_all(exp.Table)
        )
    ),
    "UNNEST inside a subquery, of an array of the query around: sqlglot does not follow the array": (
        lambda tree: any(unnest.find_ancestor(exp.Subquery) is not None for unnest in tree.find_all(exp.Unnest))
    ),
    "The row of an UNNEST whose columns have names, as u of unnest(xs) as u (x): sqlglot knows no such column": (
        lambda tree: any(
            column.name == unnest.alias and unnest.args["alias"].columns
            for unnest in tree.find_all(exp.Unnest)
            for column in tree.find_all(exp.Column)
            if unnest.alias
        )
    ),
}


def _joins(tree: exp.Query, *words: str) -> bool:
    return any(
        join.args.get(word) or join.args.get("method") == word.upper() for join in tree.find_all(exp.Join) for word in words
    )


def _calls(tree: exp.Query, *names: str) -> bool:
    called = {each.name if isinstance(each, exp.Anonymous) else each.sql_name() for each in tree.find_all(exp.Func)}
    return not {each.lower() for each in called}.isdisjoint(names)


def _whole_rows(tree: exp.Query) -> list[exp.Expr]:
    names = {source.alias_or_name for source in tree.find_all(exp.Table, exp.Subquery, exp.CTE)}
    rows = [column for column in tree.find_all(exp.Column) if column.name in names and not column.table]
    stars = [star for star in tree.find_all(exp.Star) if isinstance(star.parent, exp.Column) and star.parent.table not in names]
    inside = [star for star in tree.find_all(exp.Star) if isinstance(star.parent, (exp.Anonymous, exp.Distinct))]
    return [*rows, *stars, *inside, *tree.find_all(exp.StarMap)]


class Query(NamedTuple):
    name: str
    tree: exp.Query
    dialect: str
    schema: dict[str, tuple[str, ...]]


def pages() -> Iterator[Query]:
    """The pages' statements that stand alone: where a page gives no columns, its tables have those that it reads, and more."""
    for number, (_, world) in enumerate(own_worlds()):
        if not any(sign in script.text for script in world.scripts.values() for sign in ("{{", "{%")):
            found = list(queries(world, number))
            yield from found if len(found) == len(gold_of(world, Random(number)).units) == 1 else ()


def generated() -> Iterator[Query]:
    """The SELECT of every statement of some generated repositories."""
    for family in (WAREHOUSE, SCRIPTS):
        for number in range(12):
            yield from queries(repository(family, Random(number)), number)


def queries(world: World, number: int) -> Iterator[Query]:
    gold = gold_of(world, Random(number))
    for path, script in gold.world.scripts.items():
        dialect = script.file.dialect
        try:
            trees = sqlglot.parse(script.text, read=dialect or None)
        except SqlglotError:
            continue
        for place, tree in enumerate(trees if not gold.undecided else ()):
            query = tree.expression if isinstance(tree, (exp.Create, exp.Insert)) else tree
            query = query.unnest() if isinstance(query, exp.Subquery) else query
            if isinstance(query, exp.Query) and described(query, gold.columns):
                yield Query(f"{world.name} {path} {place}", query, dialect, gold.columns)


def described(tree: exp.Query, schema: dict[str, tuple[str, ...]]) -> bool:
    """Whether the columns of every table that a query reads are given."""
    return all(schema.get(name) for name in read(tree))


def read(tree: exp.Query) -> set[str]:
    """The tables that a query reads."""
    ctes = {cte.alias for cte in tree.find_all(exp.CTE)}
    return {".".join(part.name for part in table.parts) for table in tree.find_all(exp.Table)} - ctes


def ours(query: Query) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """By output column: the sources of DIRECT edges, and of all."""
    sql = query.tree.sql(dialect=query.dialect)
    graph = analyze(sql, dialect=query.dialect, schema=query.schema, default_catalog=None, default_schema=None)
    found: dict[str, tuple[set[str], set[str]]] = {}
    for edge in graph.column_edges:
        direct, every = found.setdefault(edge.target.column, (set(), set()))
        every.add(str(edge.source))
        if edge.transformation.type is TransformationType.DIRECT:
            direct.add(str(edge.source))
    return {name: (frozenset(direct), frozenset(every)) for name, (direct, every) in found.items()}


def theirs(query: Query) -> Columns | None:
    """By output column: the columns of tables at the ends of sqlglot's lineage. None where it gives up."""
    schema: dict[str, object] = {}
    for name in read(query.tree):
        columns = query.schema[name]
        level = schema
        *outer, last = name.split(".")
        for part in outer:
            level = level.setdefault(part, {})  # type: ignore[assignment]
        level[last] = dict.fromkeys(columns, "int")
    try:
        tree = qualify(query.tree.copy(), schema=schema, dialect=query.dialect or None, identify=False, quote_identifiers=False)
        found = {}
        for name in tree.named_selects:
            node = lineage(name, tree.copy(), schema=schema, dialect=query.dialect or None, copy=False)
            found[name.lower()] = frozenset(leaf for step in node.walk() if not step.downstream and (leaf := _column(step)))
    except (SqlglotError, ValueError, KeyError, TypeError, RecursionError, AssertionError):  # a MERGE in FROM is asserted away
        return None
    return found


def _column(node: object) -> str:
    source = node.source  # type: ignore[attr-defined]
    if not isinstance(source, exp.Table):
        return ""
    column = node.name.rsplit(".", 1)[-1].strip('"`')  # type: ignore[attr-defined]
    return ".".join([*(part.name for part in source.parts), column]).lower()


def differences(query: Query) -> list[str] | None:
    """None where sqlglot has no opinion: it gives up on a query when one name in it means nothing to it."""
    found, other = ours(query), theirs(query)
    if other is None:
        return None
    differing = []
    for name, columns in other.items():
        if name.startswith("_"):
            continue  # select 1: whatever each makes up
        direct, every = found.get(name, (frozenset(), frozenset()))
        if not (direct <= columns <= every):
            differing.append(f"{name}: sqlglot {sorted(columns)}, DIRECT {sorted(direct)}, all {sorted(every)}")
    return differing


PAGE_QUERIES = list(pages())


def reasons(query: Query) -> set[str]:
    return {reason for reason, has in READ_OTHERWISE.items() if has(query.tree)}


@pytest.mark.parametrize("query", PAGE_QUERIES, ids=lambda query: query.name)
def test_pages(query: Query) -> None:
    if not reasons(query):
        assert not differences(query)


def test_generated_queries() -> None:
    """Nothing in them is read otherwise, so nothing may differ."""
    found = list(generated())
    assert len(found) > 150
    for query in found:
        assert reasons(query) == set()
        assert differences(query) == [], query.tree.sql()


def test_every_reason_is_needed() -> None:
    """A reason by which nothing differs any more has had its time."""
    needed: Counter[str] = Counter()
    for query in PAGE_QUERIES:
        found = reasons(query)
        if len(found) == 1 and differences(query):
            needed.update(found)
    assert set(needed) == set(READ_OTHERWISE)


def test_most_pages_are_compared() -> None:
    compared = sum(not reasons(query) and differences(query) is not None for query in PAGE_QUERIES)
    assert compared > 100
    assert compared > len(PAGE_QUERIES) / 2
