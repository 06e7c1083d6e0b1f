"""Fuzz one target for so many minutes of CPU time: python -m benchmarks.fuzz render --minutes 30 [--corpus FOLDER]

It needs atheris (pip install --group fuzz), and is best run without sqlglot's compiled build, which no coverage is seen of:
`make fuzz` makes such an environment in .venv/fuzz. What it finds lies in FOLDER/findings; put it into corpus/<target>, where
a test runs it again.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import traceback
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import atheris

if TYPE_CHECKING:
    from collections.abc import Callable

_INSTRUMENTED = ("sqllineage_scan", "sqlglot", "jinja2", "yaml")
_SLOWEST = 60  # seconds of one input, as much as a file may take
_MEMORY = 4096  # megabytes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=["render", "parse", "documents"])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--corpus", type=Path, default=Path("demo/fuzz"))
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    folder = given.corpus / given.target
    (folder / "findings").mkdir(parents=True, exist_ok=True)
    (folder / "inputs").mkdir(exist_ok=True)
    # In a process of its own: what it imports here would have been imported before coverage is looked at.
    subprocess.run([sys.executable, "-m", "benchmarks.fuzz.seeds", given.target, str(folder / "seeds")], check=True)
    with atheris.instrument_imports(include=list(_INSTRUMENTED)):
        from benchmarks.fuzz.targets import TARGETS
    options = [
        f"-timeout={_SLOWEST}",
        f"-rss_limit_mb={_MEMORY}",
        f"-artifact_prefix={folder / 'findings'}/",
        f"-seed={given.seed}",
        "-max_len=4096",
        "-print_final_stats=1",
    ]
    atheris.Setup(
        [sys.argv[0], *options, str(folder / "inputs"), str(folder / "seeds")],
        _noting(TARGETS[given.target], folder / "findings", given.minutes * 60),
    )
    atheris.Fuzz()


def _noting(target: Callable[[bytes], None], folder: Path, seconds: float) -> Callable[[bytes], None]:
    """What raises is kept, one input a place in the code, and the run goes on. Hangs and too much memory end it."""
    runs, since = 0, time.process_time()

    def run(data: bytes) -> None:
        nonlocal runs
        runs += 1
        if time.process_time() - since > seconds:
            spent = f"{(time.process_time() - since) / 60:.1f} CPU minutes, {runs} inputs"
            print(f"DONE {spent}, {len(list(folder.iterdir()))} findings in {folder}", flush=True)
            os._exit(0)
        try:
            target(data)
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is a finding
            frames = traceback.extract_tb(error.__traceback__)[-3:]
            place = " <- ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
            name = sha256(f"{type(error).__name__} {place}".encode()).hexdigest()[:12]
            if not (folder / name).exists() or (folder / name).stat().st_size > len(data):
                (folder / name).write_bytes(data)
                print(f"FOUND {name}: {type(error).__name__}: {str(error)[:200]!r} at {place}", flush=True)

    return run


if __name__ == "__main__":
    main()
