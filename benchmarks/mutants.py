"""How many small changes of resolve, lineage and diff a test notices: python -m benchmarks.mutants [--sample 200]

mutmut makes them (what is changed and which tests run: [tool.mutmut] of pyproject.toml); a sample is drawn with a fixed seed, so
that two runs tell the same. Prints the share that was noticed, by package, and the names of those that lived: `mutmut show NAME`.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

_SEED = 10
_NOTICED = frozenset((1, 3, 24, -24, 152, 255, 36))  # a test failed, or the change made it run for ever
_ONE = "sqllineage_scan.diff.order.*"  # a few of them: mutmut makes all before it tries these


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=0, help="how many; all of them without")
    sample = parser.parse_args().sample
    program = Path(sys.executable).with_name("mutmut")
    subprocess.run([program, "run", *([_ONE] if sample else [])], check=False)
    names = sorted(outcomes())
    if sample:
        names = sorted(random.Random(_SEED).sample(names, min(sample, len(names))))
        subprocess.run([program, "run", *names], check=False)
    report(names)


def outcomes() -> dict[str, int | None]:
    """By the name of a mutant, what the tests exited with; None for those that were not tried."""
    found: dict[str, int | None] = {}
    for meta in Path("mutants").rglob("*.meta"):
        found |= json.loads(meta.read_text()).get("exit_code_by_key", {})
    return found


def report(names: list[str]) -> None:
    found = outcomes()
    tried = [name for name in names if found[name] is not None]
    noticed = {name for name in tried if found[name] in _NOTICED}
    for package, number in sorted(Counter(name.split(".")[1] for name in tried).items()):
        of_it = sum(name.split(".")[1] == package for name in noticed)
        print(f"{package:<10} {of_it:>5} of {number:>5}  {of_it / number:>6.1%}")
    print(f"{'all':<10} {len(noticed):>5} of {len(tried):>5}  {len(noticed) / max(len(tried), 1):>6.1%}")
    for name in tried:
        if name not in noticed:
            print(f"lives: {name}")


if __name__ == "__main__":
    main()
