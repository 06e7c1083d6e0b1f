"""How long the site takes to write, and how large it is: python benchmarks/site.py [MODELS …] [--keep FOLDER]

Made-up projects, straight as lineage graphs: layers of models of 25 columns, each model reading one to four of the layer before
or, now and then, of an older one; SQL of some forty lines each, classed by the real highlighter. Prints a table.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import tempfile
from itertools import accumulate
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from sqllineage_scan.domain.coverage import Coverage
from sqllineage_scan.domain.dataset import Column, Dataset, DatasetKind, SchemaOrigin
from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.job import Job, JobKind
from sqllineage_scan.domain.names import ColumnId, DatasetId, JobId
from sqllineage_scan.domain.span import Span
from sqllineage_scan.domain.transformation import Transformation, TransformationSubtype
from sqllineage_scan.graph.build import build_graph
from sqllineage_scan.outputs.site.book import open_book
from sqllineage_scan.outputs.site.core import groups
from sqllineage_scan.outputs.site.layout import map_of
from sqllineage_scan.outputs.site.write import SiteOptions, write_site
from sqllineage_scan.parse.highlight import highlight
from sqllineage_scan.pipeline.memory import rare_collection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.graph.model import LineageGraph

COLUMNS = 25
WORDS = "order customer amount status created updated channel region product price quantity margin source target account".split()
NAMES = [f"{WORDS[number % len(WORDS)]}_{WORDS[number * 7 % 11]}_{number}" for number in range(COLUMNS)]
FOLDERS = "raw staging intermediate core marts reporting".split()
SUBTYPES = [TransformationSubtype.IDENTITY] * 6 + [TransformationSubtype.TRANSFORMATION] * 3 + [TransformationSubtype.AGGREGATION]
TYPES = ("integer", "varchar", "timestamp", "decimal(18, 2)")
SURE = (Evidence(EvidenceKind.QUALIFIED),)
HEAD = "models x 25 columns,column edges,layout (CPU),write (CPU),write,size,files,pages,shards,api,peak memory".split(",")
LESS = (Evidence(EvidenceKind.OPEN_STAR), Evidence(EvidenceKind.SOLE_INPUT))


class GeneratedTexts:
    """The SQL of each model, as ``Texts`` has it."""

    def __init__(self) -> None:
        self.sql: dict[str, str] = {}

    def lines(self, path: str, dialect: str) -> list[list[tuple[str, str]]]:
        return highlight(self.sql.get(path, ""), dialect)


def project(models: int, seed: int = 1) -> tuple[LineageGraph, GeneratedTexts]:
    """``models`` datasets in layers that grow and shrink as those of real projects do."""
    chance = random.Random(seed)
    layers = _layers(models)
    datasets, jobs, values, rows, tables = [], [], [], [], []
    texts = GeneratedTexts()
    for depth, layer in enumerate(layers):
        folder = FOLDERS[min(depth * len(FOLDERS) // len(layers), len(FOLDERS) - 1)]
        for number in layer:
            target = DatasetId("", f"{folder}.model_{number:05}")
            path = f"models/{folder}/model_{number:05}.sql"
            datasets.append(_dataset(target, path, raw=not depth, chance=chance))
            if not depth:
                continue
            job = JobId("", path)
            older = [_name(chance.choice(layers[depth - 1]), layers) for _ in range(chance.choice((1, 1, 2, 2, 3, 4)))]
            if depth > 1 and chance.random() < 0.2:
                older.append(_name(chance.choice(layers[chance.randrange(depth - 1)]), layers))
            sources = list(dict.fromkeys(older))
            texts.sql[path] = _sql(sources, chance)
            jobs.append(
                Job(
                    job,
                    JobKind.QUERY,
                    "postgres",
                    Span(path, 1, 1, 40, 1),
                    tuple(sources),
                    (target,),
                    f"model.generated.model_{number}",
                )
            )
            tables += [DatasetEdge(source, target, job, SURE) for source in sources]
            for line, name in enumerate(NAMES, 3):
                for source in chance.sample(sources, min(len(sources), chance.choice((1, 1, 1, 2)))):
                    subtype = chance.choice(SUBTYPES)
                    words = "" if subtype is TransformationSubtype.IDENTITY else f"coalesce(round(a.{name} * 100, 2), 0)"
                    values.append(
                        ColumnEdge(
                            ColumnId(source, chance.choice(NAMES)),
                            ColumnId(target, name),
                            job,
                            Transformation(subtype, words or f"a.{name}"),
                            SURE if chance.random() < 0.9 else LESS,
                            Span(path, line, 5, line, 40),
                        )
                    )
            rows += [
                RowEdge(ColumnId(source, NAMES[0]), target, job, TransformationSubtype.JOIN, SURE, Span(path, 31, 4, 31, 30))
                for source in sources[1:]
            ]
    graph = build_graph(
        name=f"{models:,} models",
        datasets=datasets,
        jobs=jobs,
        column_edges=values,
        row_edges=rows,
        dataset_edges=tables,
        coverage=Coverage(),
    )
    return graph, texts


def _layers(models: int, depth: int = 9) -> list[range]:
    weights = [3, 6, 8, 7, 5, 4, 3, 2, 1][:depth]
    ends = [round(models * part / sum(weights)) for part in accumulate(weights)]
    return [range(start, end) for start, end in zip([0, *ends], ends, strict=False)]


def _name(number: int, layers: list[range]) -> DatasetId:
    depth = next(depth for depth, layer in enumerate(layers) if number in layer)
    folder = FOLDERS[min(depth * len(FOLDERS) // len(layers), len(FOLDERS) - 1)]
    return DatasetId("", f"{folder}.model_{number:05}")


def _dataset(name: DatasetId, path: str, *, raw: bool, chance: random.Random) -> Dataset:
    columns = tuple(
        Column(column, chance.choice(TYPES), place, f"The {column.replace('_', ' ')}." if chance.random() < 0.4 else "")
        for place, column in enumerate(NAMES, 1)
    )
    kind = DatasetKind.SOURCE if raw else DatasetKind.MODEL
    return Dataset(
        name,
        kind,
        columns,
        SchemaOrigin.DDL,
        Span(path, 1, 1, 1, 2),
        owner="team",
        tags=("nightly",),
        description=f"Rows of {name.name}.",
    )


def _sql(sources: list[DatasetId], chance: random.Random) -> str:
    items = ",\n".join(
        f"    {chance.choice((f'a.{name}', f'coalesce(round(a.{name} * 100, 2), 0)'))} as {name}" for name in NAMES
    )
    joins = "\n".join(
        f"left join {{{{ ref('{source.name}') }}}} as b{place} on a.id = b{place}.id" for place, source in enumerate(sources[1:])
    )
    return f"-- generated\nselect\n{items}\nfrom {{{{ ref('{sources[0].name}') }}}} as a\n{joins}\nwhere a.status <> 'deleted'\n"


def measure(models: int, folder: Path) -> None:
    graph, texts = project(models)
    book = open_book(graph, "", texts, None)
    edges = [(book.number[edge.source], book.number[edge.target]) for edge in graph.dataset_edges]
    start = process_time()
    map_of(edges, groups(book))
    layout = process_time() - start
    wall, start = perf_counter(), process_time()
    with rare_collection():  # as api.write_site has it
        write_site(graph, folder, texts, SiteOptions())
    cpu, wall = process_time() - start, perf_counter() - wall
    files = [path for path in folder.rglob("*") if path.is_file()]
    figures = [
        f"{models:,}",
        f"{len(graph.column_edges):,}",
        f"{layout:.2f} s",
        f"{cpu:.1f} s",
        f"{wall:.1f} s",
        f"**{_megabytes(files):.1f} MB**",
        f"{len(files):,}",
        *(
            f"{_megabytes(path for path in files if path.is_relative_to(folder / part)):.1f} MB"
            for part in ("dataset", "data", "api")
        ),
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB",
    ]
    print(f"| {' | '.join(figures)} |", flush=True)


def _megabytes(files: Iterable[Path]) -> float:
    return sum(path.stat().st_size for path in files) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", type=int, default=[1_000, 10_000])
    parser.add_argument("--keep", type=Path, help="leave the last site here")
    chosen = parser.parse_args()
    print(f"| {' | '.join(HEAD)} |")
    print("|---" * len(HEAD) + "|")
    for models in chosen.models:
        folder = Path(tempfile.mkdtemp()) / "site"
        measure(models, folder)
        if chosen.keep:
            shutil.rmtree(chosen.keep, ignore_errors=True)
            shutil.move(folder, chosen.keep)
        shutil.rmtree(folder.parent)


if __name__ == "__main__":
    main()
