"""Time a cold scan against sqlglot merely parsing the same rendered SQL, in one run, as a ratio.

python benchmarks/cold_scan.py REPOSITORY [REPOSITORY …] [--rounds 5]

Both sides run in this process, one after the other, round by round, so that a busy machine slows both; the ratio of a
round is scan / parse, and the median of the rounds is what counts. Parsing is given the rendered text for nothing.
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
from sqlglot.errors import SqlglotError

from sqllineage_scan.discover.project import DiscoverOptions, discover
from sqllineage_scan.domain.source import FileKind
from sqllineage_scan.pipeline.decode import read_text
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import environments, scan_repository
from sqllineage_scan.render.file import render_file

if TYPE_CHECKING:
    from collections.abc import Callable

WITH_SQL = {FileKind.SQL, FileKind.MODEL, FileKind.SNAPSHOT, FileKind.ANALYSIS, FileKind.TEST}


def rendered_texts(root: Path) -> list[tuple[str, str]]:
    """(dialect, text) of every way of rendering every file: what a scan of ``root`` parses."""
    project = discover(root, DiscoverOptions())
    seen = environments(root, project, ScanOptions())
    found = []
    for file in project.files:
        text = read_text(root, file.path).text if file.kind in WITH_SQL else None
        if text is not None:
            environment = seen.get(file.dbt_project) if file.dbt_project is not None else None
            found.extend((file.dialect, variant.text) for variant in render_file(file, text, environment).variants)
    return found


def parse_all(texts: list[tuple[str, str]]) -> None:
    for dialect, text in texts:
        with contextlib.suppress(SqlglotError):
            sqlglot.parse(text, read=dialect or None)


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(root: Path, rounds: int) -> str:
    texts = rendered_texts(root)
    options = ScanOptions(processes=1)
    scan_repository(root, options)  # imports, and the files into the machine's own cache
    parse_all(texts)
    pairs = [(seconds(lambda: scan_repository(root, options)), seconds(lambda: parse_all(texts))) for _ in range(rounds)]
    scan, parse = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(scan / parse for scan, parse in pairs)
    size = sum(len(text) for _, text in texts)
    return f"| {root.resolve().name} | {len(texts):,} | {size / 1e6:.2f} MB | {parse:.2f} s | {scan:.2f} s | **{ratio:.2f}** |"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("repositories", nargs="+", type=Path)
    arguments.add_argument("--rounds", type=int, default=5)
    given = arguments.parse_args()
    logging.getLogger("sqlglot").disabled = True
    print("| repository | rendered texts | SQL | sqlglot parse, CPU | cold scan, CPU | ratio |")
    print("|---|---|---|---|---|---|")
    for root in given.repositories:
        print(measure(root, given.rounds), flush=True)


if __name__ == "__main__":
    main()
