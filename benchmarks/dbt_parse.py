"""Hold a scan against `dbt parse` on the same project, in one run: nodes, parents, relation names, and the CPU time of both.

python benchmarks/dbt_parse.py PROJECT [PROJECT …] [--dbt PATH] [--manifest target/manifest.json] [--differences] [--rounds 3]

dbt runs in a process of its own with nothing cached, and writes elsewhere than into the project; so do we, column
lineage included. CPU seconds are user and system time of those processes; of several rounds the median ratio counts.
With `--manifest` (below each project) dbt is not run, and nothing is timed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMPARED = ("model", "seed", "snapshot", "source", "exposure")
LISTED = ("nodes", "sources", "exposures", "metrics", "semantic_models", "saved_queries", "unit_tests")
HEAD = """\
| project | nodes: dbt / ours | missing / invented | models with dbt's parents | relation names | dbt, CPU | ours, CPU | ratio |
|---|---|---|---|---|---|---|---|"""
QUIET = {**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}


@dataclass(frozen=True)
class Node:
    resource_type: str
    parents: frozenset[str]
    relation: tuple[str | None, ...]  # database, schema, identifier; () for what has none


Nodes = dict[str, Node]


def of_manifest(manifest: dict[str, Any]) -> Nodes:
    """Every node that dbt has found and that is not disabled."""
    return {
        unique_id: Node(
            node["resource_type"],
            frozenset(node.get("depends_on", {}).get("nodes", ())),
            (node["database"], node["schema"], node.get("identifier") or node["alias"]) if node.get("relation_name") else (),
        )
        for kind in LISTED
        for unique_id, node in manifest[kind].items()
    }


def of_document(document: dict[str, Any], elsewhere: tuple[str, ...] = ()) -> Nodes:
    """Every node that our scan has found, but those of the folders ``elsewhere``."""
    return {
        node["unique_id"]: Node(
            node["resource_type"],
            frozenset(node["depends_on"]),
            tuple(node.get(part) for part in ("database", "schema", "alias")),
        )
        for node in document.get("dbt", {}).get("nodes", ())
        if node["enabled"] and not node["path"].startswith(elsewhere or ("\0",))
    }


@dataclass(frozen=True)
class Comparison:
    dbt: Nodes
    ours: Nodes

    def missing(self) -> list[str]:
        return sorted(set(self.dbt) - set(self.ours))

    def invented(self) -> list[str]:
        return sorted(set(self.ours) - set(self.dbt))

    def shared(self, *kinds: str) -> list[str]:
        return sorted(unique_id for unique_id in set(self.dbt) & set(self.ours) if self.dbt[unique_id].resource_type in kinds)

    def other_parents(self, *kinds: str) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        """Nodes whose parents differ: those that only dbt has, those that only we have."""
        pairs = {each: (self.dbt[each].parents, self.ours[each].parents) for each in self.shared(*kinds)}
        return {each: (theirs - ours, ours - theirs) for each, (theirs, ours) in pairs.items() if theirs != ours}

    def other_relations(self) -> dict[str, tuple[tuple[str | None, ...], tuple[str | None, ...]]]:
        """Nodes that are called otherwise; only those that dbt gives a relation."""
        pairs = {each: (self.dbt[each].relation, self.ours[each].relation) for each in self.shared(*COMPARED)}
        return {each: (theirs, ours) for each, (theirs, ours) in pairs.items() if theirs and theirs != ours}


def compared(comparison: Comparison, *kinds: str) -> Comparison:
    """Only the nodes of these kinds."""
    kept = [
        {each: node for each, node in side.items() if node.resource_type in kinds} for side in (comparison.dbt, comparison.ours)
    ]
    return Comparison(*kept)


def timed(command: list[str], folder: Path) -> float:
    """CPU seconds of a command and of the processes that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, env=QUIET, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} in {folder}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def parse(dbt: str, project: Path, out: Path) -> float:
    """``dbt parse`` with its manifest in ``out``."""
    profiles = ["--profiles-dir", "."] if (project / "profiles.yml").is_file() else []
    options = ["--no-partial-parse", "--target-path", str(out), *profiles]
    return timed([dbt, "--no-version-check", "--log-path", str(out), "parse", *options], project)


def scan(project: Path, out: Path) -> float:
    """Our scan with its document in ``out``; one process, as dbt's, and nothing that dbt has left is looked at."""
    command = [sys.executable, "-m", "sqllineage_scan", "--quiet", "scan", str(project), "--processes", "1", "--no-artifacts"]
    return timed([*command, "--output", str(out / "lineage.json")], Path())


def row(project: Path, comparison: Comparison, times: list[tuple[float, float]]) -> str:
    five = compared(comparison, *COMPARED)
    models = five.shared("model")
    named = [each for each in five.shared(*COMPARED) if comparison.dbt[each].relation]
    figures: list[str] = [
        f"{len(five.dbt):,} / {len(five.ours):,}",
        f"{len(five.missing())} / {len(five.invented())}",
        f"{len(models) - len(five.other_parents('model')):,} of {len(models):,}",
        f"{len(named) - len(five.other_relations()):,} of {len(named):,}",
    ]
    if times:
        theirs, ours = (statistics.median(side) for side in zip(*times, strict=True))
        ratio = statistics.median(theirs / ours for theirs, ours in times)
        figures += [f"{theirs:.1f} s", f"{ours:.1f} s", f"**{ratio:.1f}**"]
    else:
        figures += ["", "", ""]
    return f"| {project.resolve().name} | {' | '.join(figures)} |"


def differences(comparison: Comparison) -> list[str]:
    everything = tuple({node.resource_type for node in comparison.dbt.values()})
    known = compared(comparison, *everything)
    return [
        *(f"  missing    {each}" for each in known.missing()),
        *(f"  invented   {each}" for each in known.invented()),
        *(
            f"  parents    {each}: only dbt {sorted(theirs)}, only we {sorted(ours)}"
            for each, (theirs, ours) in known.other_parents(*everything).items()
        ),
        *(f"  relation   {each}: dbt {theirs}, we {ours}" for each, (theirs, ours) in known.other_relations().items()),
    ]


def measure(project: Path, given: argparse.Namespace) -> tuple[Comparison, list[tuple[float, float]]]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        if given.manifest:
            scan(project, out)
            times, manifest = [], project / given.manifest
        else:
            times = [(parse(given.dbt, project, out), scan(project, out)) for _ in range(given.rounds)]
            manifest = out / "manifest.json"
        document = json.loads((out / "lineage.json").read_text(encoding="utf-8"))
        return Comparison(
            of_manifest(json.loads(manifest.read_text(encoding="utf-8"))), of_document(document, nested(project))
        ), times


def nested(project: Path) -> tuple[str, ...]:
    """The folders of other dbt projects inside this one, which a scan reads too and dbt does not."""
    found = (path.parent.relative_to(project).as_posix() for path in project.rglob("dbt_project.yml"))
    return tuple(sorted(f"{folder}/" for folder in found if folder != "." and not folder.startswith("dbt_packages/")))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("projects", nargs="+", type=Path, metavar="PROJECT")
    arguments.add_argument("--dbt", default="dbt", help="the program, with the adapters that the profiles name")
    arguments.add_argument("--manifest", help="an existing manifest below each project, in place of a run of dbt")
    arguments.add_argument("--differences", action="store_true", help="list every one, of tests and metrics too")
    arguments.add_argument("--rounds", type=int, default=1)
    given = arguments.parse_args()
    print(HEAD)
    for project in given.projects:
        comparison, times = measure(project, given)
        print(row(project, comparison, times), flush=True)
        if given.differences:
            print(*differences(comparison), sep="\n", flush=True)


if __name__ == "__main__":
    main()
