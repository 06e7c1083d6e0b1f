"""Every page of ``tests/sql`` and many generated queries, written differently: the same edges end to end."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import pytest
import sqlglot
from rewrites import REWRITES, in_subquery
from sqlglot import Dialect, exp
from sqlglot.errors import SqlglotError
from sqlglot.tokens import TokenType

from benchmarks.calibration.corpora import own_worlds
from benchmarks.calibration.generate import SCRIPTS, WAREHOUSE, repository
from sqllineage_scan.pipeline.statement import analyze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.graph.model import LineageGraph


class Query(NamedTuple):
    name: str
    sql: str
    tree: exp.Query
    dialect: str
    schema: dict[str, tuple[str, ...]]


def pages() -> Iterator[Query]:
    for _, world in own_worlds():
        script = world.scripts.get("case.sql")
        if script is None or "{" in script.text:
            continue
        try:
            trees = sqlglot.parse(script.text, read=script.file.dialect or None)
        except SqlglotError:
            continue
        if len(trees) == 1 and isinstance(trees[0], exp.Query):
            schema = {".".join(parts): columns for parts, columns in world.schema.items()}
            yield Query(world.name, script.text, trees[0], script.file.dialect, schema)


def generated() -> Iterator[Query]:
    for family in (WAREHOUSE, SCRIPTS):
        for number in range(10):
            world = repository(family, Random(number))
            schema = {".".join(parts): columns for parts, columns in world.schema.items()}
            for path, script in world.scripts.items():
                for tree in sqlglot.parse(script.text, read=family.dialect):
                    query = tree.expression if isinstance(tree, (exp.Create, exp.Insert)) else None
                    if isinstance(query, exp.Query):
                        text = query.sql(dialect=family.dialect)
                        yield Query(f"{family.name} {number} {path}", text, query, family.dialect, schema)


def edges(sql: str, query: Query) -> set[tuple[str, ...]]:
    return edges_of(analyze(sql, dialect=query.dialect, schema=query.schema, default_catalog=None, default_schema=None))


def as_written(query: Query, known: dict[tuple[str, str], set[tuple[str, ...]]] = {}) -> set[tuple[str, ...]]:  # noqa: B006
    """The edges of a query as it stands, worked out once."""
    key = (query.name, query.sql)
    if key not in known:
        known[key] = edges(query.sql, query)
    return known[key]


def edges_of(graph: LineageGraph) -> set[tuple[str, ...]]:
    values = {
        (str(edge.source), str(edge.target), str(edge.transformation.subtype), f"{edge.transformation.masking}")
        for edge in graph.column_edges
    }
    return values | {(str(edge.source), str(edge.target), str(edge.subtype)) for edge in graph.row_edges}


def reparsed(query: Query) -> bool:
    """Whether sqlglot writes the query as it was: where its own text means something else, the text is no rewrite of ours."""
    return edges(query.tree.sql(dialect=query.dialect), query) == as_written(query)


# ClickHouse takes a name that both sides of a join have for the left side's: the other way round it means another column.
NOT_THE_SAME = (("joined the other way round", "clickhouse"),)
NO_CTAS = ("tsql", "fabric")  # they say select … into
QUERIES = [*pages(), *generated()]


@pytest.mark.parametrize("way", REWRITES)
def test_same_edges(way: str) -> None:
    rewrite, tried, wrong = REWRITES[way], 0, []
    for query in QUERIES:
        new = rewrite(query.tree)
        if new is None or not reparsed(query) or (way, query.dialect) in NOT_THE_SAME:
            continue
        tried += 1
        sql = new.sql(dialect=query.dialect)
        found, expected = edges(sql, query), as_written(query)
        if found != expected:
            wrong.append(f"{query.name}\n  {sql}\n  new: {sorted(found - expected)}\n  gone: {sorted(expected - found)}")
    assert wrong == [], f"{len(wrong)} of {tried}\n" + "\n".join(wrong)
    assert tried > 15


def with_comments(query: Query) -> str:
    """A comment and a new line wherever the text has a space between words."""
    tokens = Dialect.get_or_raise(query.dialect or None).tokenize(query.sql)
    text = ""
    for before, token in pairwise([None, *tokens]):
        apart = before is not None and before.end + 1 < token.start
        hint = token.token_type is TokenType.HINT  # behind a comment it is one
        gap = "" if not apart else " " if hint else "\n/* why; select */ "
        text += gap + query.sql[token.start : token.end + 1]
    return text


def test_comments_and_layout() -> None:
    for query in QUERIES:
        sql = with_comments(query)
        assert edges(sql, query) == as_written(query), sql


def test_split_over_two_statements() -> None:
    """What the query gives is made first, and read in a second statement: the edges into what is made are the query's."""
    tried = 0
    for query in QUERIES:
        if in_subquery(query.tree) is None or query.dialect in NO_CTAS:
            continue
        sql = query.sql.rstrip().rstrip(";")
        graph = analyze(
            f"create table made as {sql};\ncreate table result as select * from made",
            dialect=query.dialect,
            schema=query.schema,
            default_catalog=None,
            default_schema=None,
        )
        into = {edge for edge in edges_of(graph) if edge[1].split(".")[0] == "made"}
        expected = {(edge[0], edge[1].replace("<query>", "made"), *edge[2:]) for edge in as_written(query)}
        assert into == expected, query.sql
        passed = {(str(edge.source), str(edge.target)) for edge in graph.column_edges if edge.target.dataset.name == "result"}
        assert passed >= {(edge[1], edge[1].replace("made", "result", 1)) for edge in into if "." in edge[1]}, query.sql
        tried += 1
    assert tried > 100
