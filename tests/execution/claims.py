"""What we say of a statement, and what DuckDB said when it was asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

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
        return self.claimed - self.seen


def edges_of(case: Case, schema: Mapping[str, Mapping[str, str]]) -> Edges:
    """What we say: the edges of the case's own job, their sources as columns of the schema's tables."""
    document = analyze_sql(case.script or case.sql, dialect=case.dialect, schema=schema).to_dict()
    target = case.target or QUERY
    found = Edges()
    for edge in document["column_edges"]:
        if edge["job"] == case.job and edge["target"]["dataset"] == target:
            source, output = _source(edge["source"]), edge["target"]["column"]
            found.columns.setdefault(source, set()).add(output)
            found.expressions[source, output] = (edge["subtype"], edge["expression"])
    for edge in document["row_edges"]:
        if edge["job"] == case.job and edge["target"] == target:
            found.rows.setdefault(_source(edge["source"]), set()).add(edge["subtype"])
    found.datasets = {
        edge["source"] for edge in document["dataset_edges"] if edge["job"] == case.job and edge["target"] == target
    }
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
"""What we call the columns of a dynamic PIVOT, whose names are in the data."""


def shaped(columns: tuple[str, ...], rows: Rows, known: frozenset[str] | None = None) -> Answer:
    """An answer that can be compared. Of a family of columns only ``known`` ones stand alone, the rest is one column."""
    frozen_rows = [tuple(frozen(value) for value in row) for row in rows]
    if known is None:
        return Answer(columns, tuple(frozen_rows))
    alone = [place for place, name in enumerate(columns) if name.lower() in known]
    others = [place for place in range(len(columns)) if place not in alone]
    folded = ((*(row[place] for place in alone), tuple((columns[place], row[place]) for place in others)) for row in frozen_rows)
    return Answer((*(columns[place] for place in alone), FAMILY), tuple(folded))


def bag(answer: Answer, places: Iterable[int]) -> Counter[Any]:
    """The rows, of which only some columns count."""
    chosen = list(places)
    return Counter(tuple(row[place] for place in chosen) for row in answer.rows)
