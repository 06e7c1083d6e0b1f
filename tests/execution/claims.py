"""What we say of a statement, and what DuckDB said when it was asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

from worlds import HIDDEN

from sqllineage_scan import analyze_sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from worlds import Rows, Table

Source = tuple[str, str]
QUERY = "<query>"


@dataclass(frozen=True)
class Case:
    """One statement. ``target``: what it writes, None for a query. ``fresh``: only rows it adds are its own (INSERT)."""

    sql: str
    dialect: str = "duckdb"
    keys: tuple[str, ...] = ()
    target: str | None = None
    fresh: bool = False
    in_place: bool = False
    ordered: bool = False  # the order in which rows are stored is data to it: POSITIONAL JOIN
    before: tuple[str, ...] = ()  # statements that only define something: macros that the query calls
    script: str = ""  # the whole text that the statement is a part of, its job there, and the tables known before it
    job: str = QUERY
    given: tuple[Table, ...] = ()


class Answer(NamedTuple):
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


class Missed(NamedTuple):
    """``output`` "" where a row edge is missing, ``*`` where values moved between rows."""

    what: str
    source: str
    output: str
    world: int
    how: str

    def __str__(self) -> str:
        return f"{self.what}: {self.source} -> {self.output or QUERY} (world {self.world}, {self.how})"


@dataclass
class Edges:
    columns: dict[Source, set[str]] = field(default_factory=dict)
    rows: dict[Source, set[str]] = field(default_factory=dict)
    datasets: set[str] = field(default_factory=set)
    outputs: list[str] = field(default_factory=list)
    expressions: dict[tuple[Source, str], tuple[str, str]] = field(default_factory=dict)


@dataclass
class Outcome:
    case: Case
    refused: str = ""
    missed: list[Missed] = field(default_factory=list)
    edges: Edges = field(default_factory=Edges)
    seen: set[tuple[Source, str]] = field(default_factory=set)  # output "" for row edges
    sure: set[tuple[Source, str]] = field(default_factory=set)
    undetermined: int = 0
    answers: set[Answer] = field(default_factory=set)
    runs: int = 0

    @property
    def claimed(self) -> set[tuple[Source, str]]:
        """All edges, as (source, output); row edges with the output ""."""
        found = {(source, output) for source, outputs in self.edges.columns.items() for output in outputs}
        return found | {(source, "") for source in self.edges.rows}

    @property
    def suspects(self) -> set[tuple[Source, str]]:
        return {edge for edge in self.claimed - self.seen if edge[0][1] not in HIDDEN}

    def named(self, edge: tuple[Source, str]) -> str:
        """``orders.k => FILTER``, ``orders.a -> total AGGREGATION``"""
        source, output = edge
        if output:
            return f"{'.'.join(source)} -> {output} {self.edges.expressions[edge][0]}"
        return f"{'.'.join(source)} => {'/'.join(sorted(self.edges.rows[source]))}"


def edges_of(case: Case, schema: Mapping[str, Mapping[str, str]]) -> Edges:
    """What we say: the edges of the case's own job, their sources as columns of the schema's tables."""
    text, job = case.script or ";\n".join((*case.before, case.sql)), case.job
    if case.before:
        job = f"{QUERY}#{len(case.before) + 1}"
    document = analyze_sql(text, dialect=case.dialect, schema=schema).to_dict()
    target = case.target or QUERY
    found = Edges()
    for edge in document["column_edges"]:
        if edge["job"] == job and edge["target"]["dataset"] == target:
            source, output = _source(edge["source"]), edge["target"]["column"]
            found.columns.setdefault(source, set()).add(output)
            found.expressions[source, output] = (edge["subtype"], edge["expression"])
    for edge in document["row_edges"]:
        if edge["job"] == job and edge["target"] == target:
            found.rows.setdefault(_source(edge["source"]), set()).add(edge["subtype"])
    found.datasets = {edge["source"] for edge in document["dataset_edges"] if edge["job"] == job and edge["target"] == target}
    dataset = next((item for item in document["datasets"] if item["id"] == target), None)
    found.outputs = [column["name"] for column in dataset.get("columns") or ()] if dataset else []
    return found


def _source(end: Mapping[str, str]) -> Source:
    return end["dataset"], end["column"].split(".")[0]


def frozen(value: Any) -> Any:
    """A value that can be compared and hashed."""
    if isinstance(value, list):
        return ("list", *(frozen(item) for item in value))
    if isinstance(value, dict):
        return ("struct", *((key, frozen(item)) for key, item in value.items()))
    if isinstance(value, float):
        return "not a number" if value != value else float(f"{value:.9g}")  # noqa: PLR0124 -- what NaN is
    return value


FAMILY = "*"
"""In the name that we give to the columns of a dynamic PIVOT, whose own names are in the data: ``*``, ``*_total``."""


def shaped(columns: tuple[str, ...], rows: Rows, names: tuple[str, ...] = ()) -> Answer:
    """An answer that can be compared. ``names``: ours, where some are families; each family becomes one column."""
    frozen_rows = [tuple(frozen(value) for value in row) for row in rows]
    families = [name for name in names if FAMILY in name]
    if not families:
        return Answer(columns, tuple(frozen_rows))
    alone = [place for place, name in enumerate(columns) if name.lower() in names]
    folded = [
        [place for place, name in enumerate(columns) if place not in alone and fnmatchcase(name.lower(), family)]
        for family in families
    ]
    return Answer(
        (*(columns[place] for place in alone), *families),
        tuple(
            (*(row[place] for place in alone), *(tuple((columns[place], row[place]) for place in places) for places in folded))
            for row in frozen_rows
        ),
    )


def bag(answer: Answer, places: Iterable[int]) -> Counter[Any]:
    """The rows, of which only some columns count."""
    chosen = list(places)
    return Counter(tuple(row[place] for place in chosen) for row in answer.rows)
