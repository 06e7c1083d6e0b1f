"""What a database does when one source column changes, against what we say: generated queries, scripts, TPC-H, TPC-DS, our pages.

    python benchmarks/execution.py [--queries 20000] [--seed 0] [--processes 2] [--explain 400] [--only generated,tpch]

Needs ``duckdb==1.1.3``, which the dependency group ``test`` brings in: the last release whose wheel carries the TPC queries.
Prints one table; a missed edge is printed with the shortest SQL that shows it, and makes the exit code 1.
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
SCRIPTS = 20  # one batch in so many is of scripts
SETS = ("generated", "scripts", "tpch", "tpcds", "pages")


def main() -> int:
    options = _options()
    if options.batch:
        sys.stdout.writelines(json.dumps(found) + "\n" for found in _batch(*options.batch.split(":"), explain=options.explain))
        return 0
    started = time.perf_counter()
    jobs = _jobs(options)
    with ThreadPoolExecutor(options.processes) as pool:
        found = [line for lines in pool.map(lambda job: _run(job, options.explain), jobs) for line in lines]
    _report(found, time.perf_counter() - started)
    return 1 if any(line["missed"] for line in found) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--explain", type=int, default=400, help="explain the suspects of one query in so many")
    parser.add_argument("--only", default=",".join(SETS))
    parser.add_argument("--batch", help=argparse.SUPPRESS)
    return parser.parse_args()


def _jobs(options: argparse.Namespace) -> list[str]:
    chosen = options.only.split(",")
    jobs = []
    for number in range(-(-options.queries // BATCH)):
        kind = "scripts" if number % SCRIPTS == SCRIPTS - 1 else "generated"
        if kind in chosen:
            first = options.seed + number * BATCH
            jobs.append(f"{kind}:{first}:{min(BATCH, options.queries - number * BATCH)}")
    return jobs + [f"{name}:0:0" for name in ("tpch", "tpcds", "pages") if name in chosen]


def _run(job: str, explain: int) -> list[dict]:
    """A batch in a process of its own; where that dies, what it had found until then and one query that killed DuckDB."""
    command = [sys.executable, __file__, "--batch", job, "--explain", str(explain)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
        lines.append(_line(job.split(":", maxsplit=1)[0], "", refused="the process died"))
    print(f"{job}: {len(lines)}", file=sys.stderr, flush=True)
    return lines


def _line(kind: str, sql: str, **more: object) -> dict:
    return {"set": kind, "sql": sql, "refused": "", "missed": [], "edges": 0, "suspects": 0, "explained": [], **more}


def _batch(kind: str, first: str, count: str, *, explain: int):  # noqa: ANN202
    from oracle import Oracle
    from suspects import explanation

    for number, (name, case, worlds) in enumerate(_cases(kind, int(first), int(count))):
        outcome = Oracle(case, worlds).check(patience=1)
        reasons = []
        if number % explain == 0 and not outcome.missed and kind != "scripts":
            rng = random.Random(number)
            reasons = [explanation(case, worlds, edge, rng) for edge in sorted(outcome.suspects)]
        shown = _shortest(case, worlds, outcome.missed) if outcome.missed else ""
        yield _line(
            kind,
            shown or name,
            refused=outcome.refused,
            missed=sorted({f"{item.what}: {item.source} -> {item.output}" for item in outcome.missed}),
            edges=len(outcome.claimed),
            suspects=len(outcome.suspects),
            explained=reasons,
            undetermined=outcome.undetermined,
            runs=outcome.runs,
        )


def _cases(kind: str, first: int, count: int):  # noqa: ANN202
    import pages
    import queries
    import scripts
    import tpc
    from claims import Case

    if kind == "generated":
        for number in range(first, first + count):
            drawn = queries.draw(first, random.Random(number))
            yield str(number), drawn.case, queries.worlds_of(first)
    elif kind == "scripts":
        worlds = queries.worlds_of(first)
        for number in range(first, first + count // 4):  # of about four statements each
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

    return shortest(case.sql, fails)


def _report(found: list[dict], seconds: float) -> None:
    print(f"{'':12}{'queries':>9}{'refused':>9}{'missed':>8}{'edges':>9}{'unseen':>8}{'ties':>6}{'runs':>10}")
    for name in SETS:
        lines = [line for line in found if line["set"] == name]
        ran = [line for line in lines if not line["refused"]]
        if lines:
            counts = [sum(line.get(key, 0) for line in ran) for key in ("edges", "suspects", "undetermined", "runs")]
            missed = sum(bool(line["missed"]) for line in ran)
            print(
                f"{name:12}{len(ran):9}{len(lines) - len(ran):9}{missed:8}{counts[0]:9}{counts[1]:8}{counts[2]:6}{counts[3]:10}"
            )
    _explain(found)
    for line in found:
        if line["missed"]:
            print(f"\nMISSED in {line['set']}: {'; '.join(line['missed'])}\n{line['sql']}")
    refusals = Counter(line["refused"].partition(":")[0] for line in found if line["refused"])
    print("\nrefused: " + ", ".join(f"{count} {name}" for name, count in refusals.most_common()))
    print(f"{seconds:.0f} s")


def _explain(found: list[dict]) -> None:
    """Of the edges that never mattered in the queries of the sample: what hid them."""
    reasons = Counter(reason for line in found for reason in line["explained"])
    sampled = [line for line in found if line["explained"] or not line["suspects"]]
    total = sum(reasons.values())
    edges, suspects = (sum(line[key] for line in found) for key in ("edges", "suspects"))
    if not total or not edges:
        return
    print(f"\nunseen edges of {len(sampled)} queries, {total} in all, and what hid them")
    for reason, count in reasons.most_common(25):
        print(f"  {count / total:6.1%}  {reason or 'UNEXPLAINED'}")
    share = reasons[""] / total * suspects / edges
    print(f"unexplained: {reasons[''] / total:.1%} of the unseen, {share:.2%} of all edges")


if __name__ == "__main__":
    sys.exit(main())
