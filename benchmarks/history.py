"""What it takes to walk the history of a repository: ``python benchmarks/history.py CHECKOUT [--commits 1000] [--processes 0]``.

First with the caches of compiled and linked files as they are (``--cold`` empties them), then again with what the commits did
forgotten, then with nothing forgotten: what a second question costs. CPU time is that of this process and its children, since
wall-clock time says as much about who else uses the machine.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqllineage_scan.pipeline.cache.store import FILE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--commits", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=0)
    parser.add_argument("--name", help="of a dataset; any will do", default="")
    parser.add_argument("--cache", type=Path, help="a folder that is kept, and may be warm", default=None)
    parser.add_argument("--cold", action="store_true", help="empty it first")
    given = parser.parse_args()
    cache = given.cache or Path(tempfile.mkdtemp(prefix="history-"))
    if given.cold:
        shutil.rmtree(cache, ignore_errors=True)
    name = given.name or _some_dataset(given.checkout, cache)
    for what in ("as it is", "commits forgotten", "second question"):
        if what == "commits forgotten":
            _forget(cache)
        words = ["log", name, str(given.checkout), "-n", str(given.commits), "--processes", str(given.processes)]
        print(json.dumps({"run": what, **_timed([*words, "--cache-dir", str(cache), "--json"])}))
    if given.cache is None:
        shutil.rmtree(cache)


def _some_dataset(checkout: Path, cache: Path) -> str:
    words = [sys.executable, "-m", "sqllineage_scan", "scan", str(checkout), "-o", "-", "-q", "--cache-dir", str(cache)]
    document = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    return next(dataset["id"] for dataset in document["datasets"] if dataset.get("definition"))


def _timed(words: list[str]) -> dict[str, object]:
    before, since = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([sys.executable, "-m", "sqllineage_scan", *words], check=True, capture_output=True)
    after, found = resource.getrusage(resource.RUSAGE_CHILDREN), json.loads(done.stdout)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "commits": found["commits_looked_at"],
        "told": len(found["commits"]),
        "wall_seconds": round(time.monotonic() - since, 1),
        "cpu_seconds": round(cpu, 1),
    }


def _forget(cache: Path) -> None:
    with sqlite3.connect(cache / FILE) as connection:
        connection.execute("DELETE FROM entry WHERE namespace = 'history'")


if __name__ == "__main__":
    main()
