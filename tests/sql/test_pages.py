"""Every page of this folder is a suite: prose, a ``sql`` block, what else the case needs, and a ``lineage`` block.

A ``sql`` block may name its dialect (```` ```sql snowflake ````). A ``schema`` block gives known tables, one a line:
``raw.orders(id, amount)``. A ``lineage`` block has one line an edge, and holds all of them:

    raw.orders.amount -> <query>.total   AGGREGATION  1.00     what decides a value
    raw.orders.status => <query>         FILTER       1.00     what decides the rows
    raw.orders        ~> <query>                               which datasets are read, where a case is about that
    ! parse.failed 3:1                                         a finding, with its line and column
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from sqllineage_scan.domain.transformation import TransformationSubtype
from sqllineage_scan.pipeline.statement import analyze

SUBTYPES = frozenset(TransformationSubtype)
HERE = Path(__file__).parent
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$|^(#+) ([^\n]*)$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Case:
    name: str
    sql: str
    dialect: str
    schema: dict[str, list[str]]
    expected: frozenset[tuple[str, ...]]


def cases_of(page: Path) -> list[Case]:
    found: list[Case] = []
    heading, sql, dialect, schema = page.stem, "", "", {}
    for block in FENCE.finditer(page.read_text()):
        kind, info, body, level, title = block.groups()
        if level:
            heading, schema = title, {}
        elif kind == "sql":
            sql, dialect = body, info.strip()
        elif kind == "schema":
            schema = dict(_table(line) for line in body.splitlines() if line.strip())
        elif kind == "lineage":
            expected = frozenset(_edge(line) for line in body.splitlines() if line.strip())
            number = sum(case.name.startswith(f"{page.stem}: {heading}") for case in found)
            name = f"{page.stem}: {heading}" + (f" ({number + 1})" if number else "")
            found.append(Case(name, sql, dialect, schema, expected))
    return found


def _table(line: str) -> tuple[str, list[str]]:
    name, _, columns = line.strip().rstrip(")").partition("(")
    return name.strip(), [column.strip() for column in columns.split(",")]


def _edge(line: str) -> tuple[str, ...]:
    words = line.split()
    if words[0] == "!":
        return tuple(words)
    arrow = next(index for index, word in enumerate(words) if word in ("->", "=>", "~>"))
    behind = next((index for index, word in enumerate(words) if word in SUBTYPES), len(words))  # {{ tbl }}.a has spaces in it
    return (" ".join(words[:arrow]), words[arrow], " ".join(words[arrow + 1 : behind]), *words[behind:])


def found_edges(case: Case) -> frozenset[tuple[str, ...]]:
    graph = analyze(case.sql, dialect=case.dialect, schema=case.schema, default_catalog=None, default_schema=None)
    edges: set[tuple[str, ...]] = set()
    for edge in graph.column_edges:
        masking = ("masking",) if edge.transformation.masking else ()
        edges.add(
            (str(edge.source), "->", str(edge.target), str(edge.transformation.subtype), f"{edge.confidence:.2f}", *masking)
        )
    edges.update(
        (str(edge.source), "=>", str(edge.target), str(edge.subtype), f"{edge.confidence:.2f}") for edge in graph.row_edges
    )
    if any("~>" in line for line in case.expected):
        edges.update((str(edge.source), "~>", str(edge.target)) for edge in graph.dataset_edges)
    edges.update(("!", finding.name, f"{finding.span.line}:{finding.span.column}") for finding in graph.findings)
    return frozenset(edges)


ALL = [case for page in sorted(HERE.glob("*.md")) for case in cases_of(page)]


@pytest.mark.parametrize("case", ALL, ids=[case.name.replace("\N{HORIZONTAL ELLIPSIS}", "...") for case in ALL])
def test_page(case: Case) -> None:
    found = found_edges(case)
    missing = "\n".join("  " + " ".join(line) for line in sorted(case.expected - found))
    surplus = "\n".join("  " + " ".join(line) for line in sorted(found - case.expected))
    assert found == case.expected, f"\n{case.sql}\nnot found:\n{missing}\nnot expected:\n{surplus}"


def test_every_page_has_cases() -> None:
    pages = sorted(HERE.glob("*.md"))
    assert len(pages) >= 12
    assert [page.name for page in pages if not cases_of(page)] == []
