"""What a comparison takes, commit by commit, against a cold scan:  python -m benchmarks.diff /path/to/clone [commits]

Seconds are of the processor, so that a busy machine counts for nothing. The repository is only read. The cache is a folder
of its own; the first comparison fills it and is told apart.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from sqllineage_scan.api import ScanOptions, compare, scan
from sqllineage_scan.config.load import load_settings
from sqllineage_scan.config.settings import options_from


def main(root: Path, number: int) -> None:
    with tempfile.TemporaryDirectory() as cache:

        def options(folder: Path) -> ScanOptions:
            return replace(options_from(load_settings(folder), root=root), processes=1, cache_dir=Path(cache))

        scan(root, options=options(root))  # imports, and the page cache
        began = time.process_time()
        scan(root, options=replace(options(root), cache_dir=None))
        cold = time.process_time() - began
        words = ["git", "-C", str(root), "log", "--format=%H", "-n", str(number), "--no-merges", "--", "*.sql", "*.yml"]
        commits = subprocess.run(words, capture_output=True, check=True, text=True).stdout.split()
        compare(f"{commits[0]}^", commits[0], path=root, options=options)
        took: list[float] = []
        verdicts: Counter[str] = Counter()
        for commit in reversed(commits):  # each finds what the one before it has left, as in a life
            began = time.process_time()
            diff = compare(f"{commit}^", commit, path=root, options=options)
            took.append(time.process_time() - began)
            verdicts[diff.verdict] += 1
            print(f"{commit[:9]}  {took[-1]:6.2f} s  {took[-1] / cold:5.0%}  {diff.verdict:<8}  {len(diff.changes)} changes")
    ordered = sorted(took)
    median, most = ordered[len(ordered) // 2], ordered[-1]
    print(f"cold scan {cold:.2f} s; {len(took)} comparisons: median {median:.2f} s ({median / cold:.0%}), most {most:.2f} s")
    print(f"below a fifth: {sum(each < cold / 5 for each in took)} of {len(took)};  {dict(verdicts)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 50)
