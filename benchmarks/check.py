"""A warm check with one changed file: python benchmarks/check.py [--models 2000] [--changes 7] [FOLDER]

Of a made-up project (benchmarks/generate.py), or of the repository at FOLDER, which is copied first. It is checked twice, so
that the cache knows it, then once for each of several files with something changed in it, in a process of its own each time.
The figure is the CPU time of that process (user and system) over that of ``python -c "import sqlglot"``, timed in turn with it.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

ROOT = Path(__file__).parents[1]
CHECK = (sys.executable, "-m", "sqllineage_scan", "check", "--cache-dir")
PARSER = (sys.executable, "-c", "import sqlglot")


def timed(command: tuple[str, ...], folder: Path) -> tuple[float, float]:
    """CPU and wall seconds of a process."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, perf_counter() - begun


def measure(project: Path, changes: int) -> None:
    with TemporaryDirectory(prefix="check-cache-") as cache:
        command = (*CHECK, cache)
        cold, _ = timed(command, project)
        timed(command, project)
        parser = [timed(PARSER, project)[0]]
        same = [timed(command, project)[0] for _ in range(3)]
        files = sorted(path for path in project.rglob("*.sql") if "select" in path.read_text(encoding="utf-8", errors="ignore"))
        step = max(1, len(files) // changes)
        found: list[tuple[float, float]] = []
        for path in files[step // 2 :: step][:changes]:
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace("select", "select distinct", 1), encoding="utf-8")
            parser.append(timed(PARSER, project)[0])
            found.append(timed(command, project))
            path.write_text(text, encoding="utf-8")
            timed(command, project)
    unit = statistics.median(parser)
    seconds = [cpu for cpu, _ in found]
    usual, slowest = statistics.median(seconds), max(seconds)
    print(f"{len(files)} files; import sqlglot: {unit:.2f} s of CPU")
    print("| check | CPU seconds | times `import sqlglot` |\n|---|---|---|")
    print(f"| cold | {cold:.1f} | {cold / unit:.0f} |")
    print(f"| nothing changed | {statistics.median(same):.2f} | {statistics.median(same) / unit:.1f} |")
    print(f"| one file changed, median of {len(found)} | {usual:.2f} | {usual / unit:.1f} |")
    print(f"| one file changed, the slowest | {slowest:.2f} | {slowest / unit:.1f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--models", type=int, default=2000)
    parser.add_argument("--changes", type=int, default=7)
    chosen = parser.parse_args()
    with TemporaryDirectory(prefix="check-") as name:
        project = Path(name) / "project"
        if chosen.folder is None:
            generate = (sys.executable, str(ROOT / "benchmarks" / "generate.py"), str(project), "--models", str(chosen.models))
            subprocess.run(generate, check=True, stdout=subprocess.DEVNULL)
        else:
            shutil.copytree(chosen.folder, project, symlinks=True)
        measure(project, chosen.changes)


if __name__ == "__main__":
    main()
