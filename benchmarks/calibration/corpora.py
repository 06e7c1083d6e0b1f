"""Which worlds are measured, what is hidden of them, and which half each is in."""

from __future__ import annotations

import sys
import zlib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.calibration.generate import SCRIPTS, WAREHOUSE
from benchmarks.calibration.generate import repository as generated
from benchmarks.calibration.gold import gold_of
from benchmarks.calibration.hide import (
    Hidden,
    age_schemas,
    break_statements,
    drop_qualifiers,
    forget_column_lists,
    forget_files,
    forget_schemas,
    guess_dialects,
    misread_statements,
    mistake_dialects,
    nothing,
    shorten_names,
    withhold_values,
)
from benchmarks.calibration.score import known_of, observe
from benchmarks.calibration.world import plain, repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import ModuleType

    from benchmarks.calibration.measure import Case
    from benchmarks.calibration.sites import Known
    from benchmarks.calibration.world import World

ROOT = Path(__file__).parents[2]

HIDINGS: dict[str, tuple[Callable[[Known, Random, Hidden], None], ...]] = {
    "nothing": (nothing,),
    "schemas": (forget_schemas,),
    "qualifiers": (drop_qualifiers,),
    "schemas and qualifiers": (forget_schemas, drop_qualifiers),
    "files, schemas and qualifiers": (forget_files, forget_schemas, drop_qualifiers),
    "columns added since": (age_schemas, drop_qualifiers),
    "columns added since, and parts of names": (age_schemas, shorten_names),
    "parts of names": (shorten_names,),
    "parts of names, schemas and qualifiers": (shorten_names, forget_schemas, drop_qualifiers),
    "values of templates": (withhold_values,),
    "values of templates and schemas": (withhold_values, forget_schemas),
    "correct spelling": (break_statements,),
    "the dialect, guessed": (guess_dialects,),
    "the dialect, guessed, and schemas": (guess_dialects, forget_schemas, drop_qualifiers),
    "the dialect, mistaken": (mistake_dialects,),
    "the dialect, so that it does not parse": (misread_statements,),
    "column lists of INSERT": (forget_column_lists,),
}

_LARGE = 200  # files; a repository of more is hidden from in fewer ways, so that a run takes minutes
_OF_LARGE = frozenset(
    {
        "nothing",
        "schemas",
        "schemas and qualifiers",
        "files, schemas and qualifiers",
        "columns added since, and parts of names",
        "parts of names, schemas and qualifiers",
        "values of templates and schemas",
        "correct spelling",
        "the dialect, guessed, and schemas",
        "the dialect, so that it does not parse",
    }
)

FIT = ("mattermost-data-warehouse", "jaffle-shop", "warehouse", "tests/sql, odd pages")
"""The corpora that factors are fitted to. The others judge."""


def own_worlds(every: int = 1) -> Iterator[tuple[str, World]]:
    """What this repository has itself: its example and its pages, one case of so many; each case is a world."""
    yield "examples/shop", repository(ROOT / "examples" / "shop")
    pages = sorted((ROOT / "tests" / "sql").glob("*.md"))
    cases_of = page_module().cases_of
    seen = 0
    for number, page in enumerate(pages):
        half = "tests/sql, odd pages" if number % 2 else "tests/sql, even pages"
        for case in cases_of(page):
            seen += 1
            if seen % every:
                continue
            schema = {tuple(name.split(".")): tuple(columns) for name, columns in case.schema.items()}
            if not any(edge[0] == "!" for edge in case.expected):
                yield half, plain(case.name, {"case.sql": case.sql}, case.dialect, schema)


def page_module() -> ModuleType:
    """What reads ``tests/sql`` pages: the test module beside them."""
    spec = spec_from_file_location("calibration_pages", ROOT / "tests" / "sql" / "test_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def generated_worlds(count: int) -> Iterator[tuple[str, World]]:
    for family in (WAREHOUSE, SCRIPTS):
        for number in range(count):
            yield family.name, generated(family, Random(f"{family.name} {number}"))


def real_worlds(paths: Sequence[Path]) -> Iterator[tuple[str, World]]:
    for path in paths:
        yield path.resolve().name, repository(path)


class Found(NamedTuple):
    """What was seen: by case the edges and the right ones; by corpus how many edges are decided, of how many."""

    tally: dict[Case, list[int]]
    decided: dict[str, list[int]]
    recall: dict[str, list[int]]

    def add(self, other: Found) -> None:
        """Take in what was seen elsewhere, of other corpora."""
        self.tally.update(other.tally)
        self.decided.update(other.decided)
        for hiding, (edges, seen) in other.recall.items():
            own = self.recall.setdefault(hiding, [0, 0])
            own[0] += edges
            own[1] += seen


def measure(worlds: Iterable[tuple[str, World]], rounds: Callable[[str], int] = lambda _: 1) -> Found:
    """Hide in every way, scan, count."""
    found = Found({}, {}, {})
    for corpus, world in worlds:
        known = known_of(gold_of(world, Random(world.name)))
        sums = found.decided.setdefault(corpus, [0, 0, 0])
        sums[0] += 1
        sums[1] += len(known.gold.edges)
        sums[2] += sum(known.gold.decided(job) for job in known.gold.edges.values())
        large = len(world.scripts) > _LARGE
        for hiding, operators in HIDINGS.items():
            if large and hiding not in _OF_LARGE:
                continue
            for number in range(rounds(corpus)):
                rng = Random(zlib.crc32(f"{world.name} {hiding} {number}".encode()))
                hidden = Hidden()
                for operator in operators:
                    operator(known, rng, hidden)
                recall = observe(known, hidden, corpus, hiding, found.tally)
                of = found.recall.setdefault(hiding, [0, 0])
                of[0] += recall["edges"]
                of[1] += recall["found"]
    return found
