"""What shape dbt projects have: the numbers that benchmarks/generate.py draws from.

python benchmarks/shape.py REPOSITORY [REPOSITORY …]

Counted over the models of all repositories given, each number with its deciles: what stands between the least and the most of
a tenth of the models. docs/benchmarks.md says which repositories were measured.
"""

from __future__ import annotations

import argparse
import re
import statistics
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from sqllineage_scan.domain.source import FileKind
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import compile_repository, scan_repository

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqllineage_scan.domain.source import CompiledFile

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
LOGIC = re.compile(r"\{%-?\s*(?!config|snapshot|endsnapshot|set\b)\w+")
PLAIN = re.compile(r"\{\{-?\s*(?:ref|source|config)\s*\(")


def deciles(values: Sequence[float]) -> list[float]:
    """The least, nine points between, and the most."""
    ordered = sorted(values)
    return [ordered[0], *(round(cut, 2) for cut in statistics.quantiles(ordered, n=10)), ordered[-1]]


def depth_of_ctes(file: CompiledFile) -> int:
    """The longest chain of relations that read each other inside one statement."""
    longest = 0
    for unit in file.units:
        depth: list[int] = []
        for relation in unit.relations:
            below = [read.source for read in relation.inputs if isinstance(read.source, int)] + list(relation.branches)
            depth.append(1 + max((depth[number] for number in below if number < len(depth)), default=0))
        longest = max(longest, *depth, 0)
    return longest


def measure(roots: Iterable[Path]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}

    def count(name: str, value: float) -> None:
        found.setdefault(name, []).append(value)

    for root in roots:
        compiled = compile_repository(root, ScanOptions(processes=0))
        graph = scan_repository(root, ScanOptions(processes=0))
        widths = {dataset.unique_id: len(dataset.columns or ()) for dataset in graph.datasets if dataset.unique_id}
        parents = {node.unique_id: node.depends_on for node in graph.nodes if node.resource_type == "model" and node.enabled}
        readers = Counter(parent for of in parents.values() for parent in of)
        level: dict[str, int] = {}

        def depth(name: str, level: dict[str, int] = level, parents: dict[str, tuple[str, ...]] = parents) -> int:
            if name not in level:
                level[name] = 0
                level[name] = 1 + max((depth(parent) for parent in parents.get(name, ())), default=-1)
            return level[name]

        for file in compiled.files:
            if file.kind is not FileKind.MODEL or file.node is None or not file.node.enabled:
                continue
            text = (root / file.path).read_text(encoding="utf-8", errors="replace")
            tags = [tag for tag in TAG.findall(text) if not tag.startswith("{#")]
            count("lines of a model", text.count("\n") + 1)
            count("characters of a model", len(text))
            count("parents of a model", len(parents.get(file.node.unique_id, ())))
            count("readers of a model", readers[file.node.unique_id])
            count("columns of a model", widths.get(file.node.unique_id, 0))
            count("layers below a model", depth(file.node.unique_id))
            count("relations of a statement (CTEs, subqueries)", max((len(unit.relations) for unit in file.units), default=0))
            count("relations over each other (CTE depth)", depth_of_ctes(file))
            count("Jinja tags of a model", len(tags))
            count("Jinja tags but ref, source, config", sum(1 for tag in tags if not PLAIN.match(tag)))
            count("1 where a model has control flow (if, for)", float(bool(LOGIC.search(text))))
            count("1 where a model has a star", float("*" in re.sub(r"count\(\s*\*\s*\)|/\*|\*/", "", text)))
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("repositories", nargs="+", type=Path)
    measured = measure(arguments.parse_args().repositories)
    models = len(next(iter(measured.values())))
    print(f"{models:,} models\n")
    print("| | mean | least | " + " | ".join(f"{tenth}0 %" for tenth in range(1, 10)) + " | most |")
    print("|" + "---|" * 13)
    for name, values in measured.items():
        cells = [f"{statistics.mean(values):.2f}", *(f"{value:g}" for value in deciles(values))]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
