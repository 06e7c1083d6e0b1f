"""What a database does when one source column changes, against what we say: generated queries, scripts, TPC-H, TPC-DS, our pages.

    python benchmarks/execution.py [--queries 20000] [--seed 0] [--processes 2] [--explain 100] [--only pages] [--record FILE]

Needs ``duckdb==1.1.3``, which the dependency group ``test`` brings in: the last release whose wheel carries the TPC queries.
Prints one table; a missed edge is printed with the shortest SQL that shows it, and makes the exit code 1. ``--record`` keeps
what was found, every edge that was never seen to matter among it, and a run that is started again with it goes on where it
stopped: it asks only what was not asked yet, and what missed an edge.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests" / "execution"))

BATCH = 200  # queries of one schema, asked by a process of their own: DuckDB may die of one
CRASHES = 20  # how often a batch is taken up again behind the query that DuckDB died of
SCRIPTS = 20  # one batch in so many is of scripts
SETS = ("generated", "scripts", "tpch", "tpcds", "pages")


def main() -> int:
    options = _options()
    if options.batch:
        for found in _batch(*options.batch.split(":"), explain=options.explain):
            print(json.dumps(found), flush=True)
        return 0
    started = time.perf_counter()
    record = _Record(options.record)
    with ThreadPoolExecutor(options.processes) as pool:
        batches = pool.map(lambda job: record.known.get(job) or record.keep(job, _run(job, options.explain)), _jobs(options))
        found = [line for lines in batches for line in lines]
    _report(found)
    print(f"{time.perf_counter() - started:.0f} s, {sum(line['seconds'] for line in found):.0f} s of CPU")
    return 1 if any(line["missed"] for line in found) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", type=int, default=20_000, help="how many DuckDB has to take; what it refuses is not one")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--explain", type=int, default=100, help="explain the unseen edges of one query in so many")
    parser.add_argument("--only", default=",".join(SETS))
    parser.add_argument("--record", type=Path)
    parser.add_argument("--batch", help=argparse.SUPPRESS)
    return parser.parse_args()


class _Record:
    """A file of what the batches found, one a line: that of a job's last run counts."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.known: dict[str, list[dict]] = {}
        if path is not None and path.exists():
            self.known = dict(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
        self.known = {job: lines for job, lines in self.known.items() if not any(line["missed"] for line in lines)}

    def keep(self, job: str, lines: list[dict]) -> list[dict]:
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps([job, lines]) + "\n")
        return lines


def _jobs(options: argparse.Namespace) -> list[str]:
    """The long ones first."""
    chosen = options.only.split(",")
    jobs = [f"{name}:0:0" for name in ("tpcds", "tpch", "pages") if name in chosen]
    for number in range(-(-options.queries // BATCH)):
        kind = "scripts" if number % SCRIPTS == SCRIPTS - 1 else "generated"
        if kind in chosen:
            jobs.append(f"{kind}:{options.seed + number * 2 * BATCH}:{min(BATCH, options.queries - number * BATCH)}")
    return jobs


def _run(job: str, explain: int) -> list[dict]:
    """A batch in a process of its own; where DuckDB dies of a query, the batch goes on behind it."""
    lines: list[dict] = []
    for _ in range(CRASHES):
        command = [sys.executable, __file__, "--batch", f"{job}:{len(lines)}", "--explain", str(explain)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        lines += [json.loads(line) for line in done.stdout.splitlines()]
        if not done.returncode:
            break
        print(done.stderr[-2000:], file=sys.stderr)
        lines.append(_line(job.split(":", maxsplit=1)[0], "", refused="the process died"))
    wrong = "".join(f"\n  {'; '.join(line['missed'])}\n  {line['sql']}" for line in lines if line["missed"])
    print(f"{job}: {len(lines)}{wrong}", file=sys.stderr, flush=True)
    return lines


def _line(kind: str, sql: str, **more: object) -> dict:
    return {"set": kind, "sql": sql, "refused": "", "missed": [], "edges": 0, "unseen": [], "explained": [], "seconds": 0, **more}


def _batch(kind: str, first: str, count: str, behind: str, *, explain: int):  # noqa: ANN202
    """The cases from number ``behind`` on, until DuckDB has taken ``count``; all of a set that is not drawn."""
    from oracle import Oracle
    from suspects import explanation

    taken = 0
    for number, (name, case, worlds) in enumerate(_cases(kind, int(first))):
        if number < int(behind):
            taken += 1
            continue
        if 0 < int(count) <= taken:
            return
        before = time.process_time()
        outcome = Oracle(case, worlds).check(patience=0)
        taken += not outcome.refused
        reasons = {}
        if number % explain == 0 and not outcome.missed and not case.script:
            reasons = {edge: explanation(case, worlds, edge) for edge in sorted(outcome.suspects)}
        shown = _shortest(case, worlds, outcome.missed) if outcome.missed else ""
        yield _line(
            kind,
            shown or (name if kind.startswith("tpc") else ";\n".join((*case.before, case.sql))),
            refused=outcome.refused,
            missed=sorted({f"{item.what}: {item.source} -> {item.output}" for item in outcome.missed}),
            edges=len(outcome.claimed),
            unseen=[outcome.named(edge) for edge in sorted(outcome.suspects)],
            explained=[(reason, outcome.named(edge)) for edge, reason in reasons.items()],
            undetermined=outcome.undetermined,
            runs=outcome.runs,
            seconds=round(time.process_time() - before, 3),
        )


def _cases(kind: str, first: int):  # noqa: ANN202
    import pages
    import queries
    import scripts
    import tpc
    from claims import Case

    if kind == "generated":
        for number in range(first, first + 2 * BATCH):
            yield str(number), queries.draw(first, random.Random(number)).case, queries.worlds_of(first)
    elif kind == "scripts":
        worlds = queries.worlds_of(first)
        for number in range(first, first + 2 * BATCH):
            for case, state in scripts.cases(scripts.script(random.Random(number), worlds.tables), worlds):
                yield str(number), case, state
    elif kind == "pages":
        yield from pages.cases()
    else:
        for number, sql in tpc.queries(kind):
            yield f"{kind} {number}", Case(sql), tpc.worlds_for(kind, sql)


def _shortest(case, worlds, missed) -> str:  # noqa: ANN001
    from dataclasses import replace

    from oracle import Oracle
    from reductions import shortest

    if case.script:
        return f"{case.script}\n-- at: {case.sql}"
    kinds = {item.what for item in missed}

    def fails(sql: str) -> bool:
        found = Oracle(replace(case, sql=sql, keys=()), worlds).check(patience=0).missed
        return bool(kinds & {item.what for item in found})

    return ";\n".join((*case.before, shortest(case.sql, fails)))


def _report(found: list[dict]) -> None:
    print(f"{'':12}{'queries':>9}{'refused':>9}{'missed':>8}{'edges':>9}{'unseen':>8}{'ties':>6}{'runs':>10}")
    for name in SETS:
        lines = [line for line in found if line["set"] == name]
        ran = [line for line in lines if not line["refused"]]
        if lines:
            edges, ties, runs = (sum(line.get(key, 0) for line in ran) for key in ("edges", "undetermined", "runs"))
            missed, unseen = sum(bool(line["missed"]) for line in ran), sum(len(line["unseen"]) for line in ran)
            print(f"{name:12}{len(ran):9}{len(lines) - len(ran):9}{missed:8}{edges:9}{unseen:8}{ties:6}{runs:10}")
    for name in SETS:
        _explain(name, [line for line in found if line["set"] == name and not line["refused"]])
    for line in found:
        if line["missed"]:
            print(f"\nMISSED in {line['set']}: {'; '.join(line['missed'])}\n{line['sql']}")
    refusals = Counter(line["refused"].partition(":")[0] for line in found if line["refused"])
    print("\nrefused: " + ", ".join(f"{count} {name}" for name, count in refusals.most_common()))


def _explain(name: str, found: list[dict]) -> None:
    """Of the edges that never mattered in the queries of the sample: what hid them."""
    explained = [(reason, edge, line["sql"]) for line in found for reason, edge in line["explained"]]
    if not explained:
        return
    kinds = Counter(edge.rsplit(" ", 1)[1] for line in found for edge in line["unseen"])
    print(f"\n{name}: never seen to matter, by kind: " + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))
    reasons = Counter(reason for reason, _, _ in explained)
    print(f"what hid {len(explained)} of them, the edges of a sample of the queries:")
    for reason, count in reasons.most_common(25):
        print(f"  {count / len(explained):6.1%}  {reason or 'UNEXPLAINED'}")
    without = reasons[""] / len(explained)
    share = sum(len(line["unseen"]) for line in found) / sum(line["edges"] for line in found)
    print(f"unexplained: {without:.1%} of the unseen, {without * share:.2%} of all edges")
    for reason, edge, sql in explained:
        if not reason:
            print(f"  {edge}\n    {sql}")


if __name__ == "__main__":
    sys.exit(main())
