"""Count the bytecode instructions of a scan, which no busy machine changes, and compare them with the last recorded.

python benchmarks/instructions.py            counts, ratios to what is recorded
python benchmarks/instructions.py --record   what is counted now is the measure from here on

What is counted: a project of 60 generated models, scanned with nothing cached, scanned again with nothing changed, and
checked by the rules; everything is imported and done once before. What compiled code does (sqlglot's parser, SQLite) is not
counted. Pythons differ in their bytecode: each has its own record, and one without is held to that of the version below.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

RECORD = Path(__file__).with_name("instructions.json")
MOST = 1.15  # of what is recorded
MODELS = 60


def counted(work: Callable[[], object]) -> int:
    """Instructions of this thread."""
    number = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal number
        del argument
        if event == "opcode":
            number += 1
        else:
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return trace

    before = sys.gettrace()
    sys._getframe().f_trace_opcodes = True  # noqa: SLF001 -- else Python 3.12 counts none
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return number


def measured() -> dict[str, int]:
    """In this process, which should have been started with ``PYTHONHASHSEED=0``."""
    from benchmarks.generate import generate
    from sqllineage_scan.api import ScanOptions, check, scan

    found = {}
    with tempfile.TemporaryDirectory() as folder:
        root, cache = Path(folder) / "project", Path(folder) / "cache"
        generate(root, MODELS)
        cold, warm = ScanOptions(processes=1), ScanOptions(processes=1, cache_dir=cache)
        for name, work in (
            ("cold scan", lambda: scan(root, options=cold)),
            ("warm scan", lambda: scan(root, options=warm)),
            ("check", lambda: check(root, options=cold)),
        ):
            work()
            found[name] = counted(work)
    return found


def ratios() -> dict[str, float]:
    """Of a process of its own to what is recorded."""
    recorded = json.loads(RECORD.read_text())
    known = recorded[max((version for version in recorded if _key(version) <= sys.version_info[:2]), key=_key)]
    return {name: number / known[name] for name, number in measured_elsewhere().items()}


def measured_elsewhere() -> dict[str, int]:
    command = [sys.executable, "-m", "benchmarks.instructions", "--here"]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONHASHSEED": "0"}, cwd=RECORD.parents[1], check=True, capture_output=True, text=True
    )
    found: dict[str, int] = json.loads(done.stdout)
    return found


def _key(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--record", action="store_true")
    arguments.add_argument("--here", action="store_true", help="count in this process, and print JSON")
    given = arguments.parse_args()
    if given.here:
        print(json.dumps(measured()))
    elif given.record:
        recorded = json.loads(RECORD.read_text()) if RECORD.is_file() else {}
        recorded[".".join(map(str, sys.version_info[:2]))] = measured_elsewhere()
        RECORD.write_text(json.dumps(recorded, indent=2) + "\n")
    else:
        for name, ratio in ratios().items():
            print(f"{name:<10} {ratio:.3f}")


if __name__ == "__main__":
    main()
