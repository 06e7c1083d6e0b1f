"""Measure how often an edge of a given confidence is right, and what each kind of evidence is worth.

python -m benchmarks.calibration REPOSITORY [REPOSITORY …] [--fit] [--write]

Take repositories of which everything is known, hide some of it, scan again, compare. ``--fit`` sets the factors of
``sqllineage_scan/domain/evidence.py`` to what one half of the corpora says; the other half judges them either way.
``--write`` keeps the outcome: ``benchmarks/calibration.json`` and the tables in ``docs/confidence.md``.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from pathlib import Path

from benchmarks.calibration.corpora import FIT, Found, generated_worlds, measure, own_worlds, real_worlds
from benchmarks.calibration.measure import counted, current, fitted
from benchmarks.calibration.report import outcome, tables, write_factors, write_outcome

_GENERATED = 40  # repositories of each family
_ROUNDS = {"jaffle-shop": 3, "examples/shop": 3, "dbt_shopify": 2}


def _rounds(corpus: str) -> int:
    """Small corpora have things hidden in several ways."""
    return _ROUNDS.get(corpus, 1)


def _measured(path: Path) -> Found:
    return measure(real_worlds([path]), _rounds)


def observed(repositories: list[Path], count: int) -> Found:
    """Every corpus measured; real repositories in processes of their own."""
    with ProcessPoolExecutor(2) as executor:
        later = [executor.submit(_measured, path) for path in repositories]
        found = measure(chain(own_worlds(every=3), generated_worlds(count)), _rounds)
        for done in later:
            found.add(done.result())
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(
        prog="python -m benchmarks.calibration", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("repositories", nargs="*", type=Path)
    arguments.add_argument("--generated", type=int, default=_GENERATED, help="random repositories of each family")
    arguments.add_argument("--fit", action="store_true", help="set the factors to what the fitting half says")
    arguments.add_argument("--write", action="store_true", help="keep the outcome in the repository")
    given = arguments.parse_args()
    found = observed(given.repositories, given.generated)
    counts = counted(found.tally)
    factors = current()
    if given.fit:
        factors = fitted([count for count in counts if count.case.corpus in FIT], factors)
        write_factors(factors, counts)
    result = outcome(found, counts, factors)
    sys.stdout.write(tables(result))
    if given.write:
        write_outcome(result)


if __name__ == "__main__":
    main()
