"""What understanding SQL costs on top of parsing it, in one run, as ratios.

python benchmarks/compile_cost.py REPOSITORY [REPOSITORY …] [--rounds 3]

compile   per file: our parse stage (which includes sqlglot's parse) less sqlglot's parse of the same text, over that parse;
          the median over the files.
link      resolve and trace of all files over the parse of all files.

Both sides run in this process, file by file, so that a busy machine slows both. Which build of sqlglot is at work decides
the ratios as much as we do: its compiled build parses four times as fast as its Python source, so the table names it.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import logging
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import sqlglot
import sqlglot.parser
from sqlglot.errors import SqlglotError

from sqllineage_scan.dialects import dialect
from sqllineage_scan.discover.project import DiscoverOptions, discover
from sqllineage_scan.lineage.edges import trace_all
from sqllineage_scan.parse.file import parse_file
from sqllineage_scan.pipeline.compile import compile_files
from sqllineage_scan.pipeline.decode import read_text
from sqllineage_scan.pipeline.memory import rare_collection
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import environments
from sqllineage_scan.pipeline.workshop import Workshop
from sqllineage_scan.render.file import render_file
from sqllineage_scan.resolve.link import LinkOptions, link

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqllineage_scan.domain.source import Rendered, SourceFile

WITH_SQL = {"sql", "model", "snapshot", "analysis", "test"}


def least(work: Callable[[], object], rounds: int) -> float:
    """The least CPU time of some rounds: what the work costs where nothing disturbs it."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def parse(file: SourceFile, ways: Sequence[Rendered]) -> None:
    for way in ways:
        with contextlib.suppress(SqlglotError):
            sqlglot.parse(way.text, read=file.dialect or None)


def measure(root: Path, rounds: int) -> str:
    project = discover(root, DiscoverOptions())
    seen = environments(root, project, ScanOptions())
    ratios, parsing, compiling, models = [], 0.0, 0.0, 0
    for file in project.files:
        text = read_text(root, file.path).text if file.kind in WITH_SQL else None
        if text is None:
            continue
        ways = render_file(file, text, seen.get(file.dbt_project) if file.dbt_project is not None else None).variants
        models += 1
        parsed = least(lambda file=file, ways=ways: parse(file, ways), rounds)  # type: ignore[misc]
        whole = least(lambda file=file, ways=ways: parse_file(ways, dialect(file.dialect), file.dialect_guess), rounds)  # type: ignore[misc]
        parsing, compiling = parsing + parsed, compiling + whole
        if parsed > 0:
            ratios.append((whole - parsed) / parsed)
    files = compile_files(project.files, Workshop(root, seen), 1)
    gc.collect()
    linking = least(lambda: trace_all(link(files, LinkOptions()).bound), rounds)
    cells = (root.resolve().name, f"{models:,}", f"{parsing:.2f} s", f"{statistics.median(ratios):.2f}")
    return f"| {' | '.join(cells)} | {(compiling - parsing) / parsing:.2f} | {linking / parsing:.2f} |"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("repositories", nargs="+", type=Path)
    arguments.add_argument("--rounds", type=int, default=3)
    given = arguments.parse_args()
    logging.getLogger("sqlglot").disabled = True
    build = "compiled" if not str(sqlglot.parser.__file__).endswith(".py") else "Python"
    print(f"sqlglot {sqlglot.__version__}, {build} build\n")
    print("| repository | files | sqlglot parse, CPU | compile on top, median file | compile on top, all | link and trace |")
    print("|---|---|---|---|---|---|")
    for root in given.repositories:
        with rare_collection():
            print(measure(root, given.rounds), flush=True)


if __name__ == "__main__":
    main()
