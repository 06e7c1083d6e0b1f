"""What a scan makes of real repositories: the table in docs/coverage.md.

python benchmarks/coverage_table.py REPOSITORY [REPOSITORY …]
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import scan_repository

HEAD = (
    "| repository | files | read | in part | not | statements understood | datasets | column edges "
    "| certain | likely | ambiguous | guessed | references bound to one column | findings |"
)


def row(root: Path) -> str:
    graph = scan_repository(root, ScanOptions())
    coverage = graph.coverage
    status = Counter(str(record.status) for record in coverage.files)
    bands = Counter(str(edge.band) for edge in graph.column_edges)
    total = max(len(graph.column_edges), 1)
    shares = " | ".join(f"{bands[name] / total:.1%}" for name in ("certain", "likely", "ambiguous", "guessed"))
    findings = Counter(finding.severity for finding in graph.findings)
    said = ", ".join(f"{findings[severity]} {severity}" for severity in Severity if findings[severity]) or "none"
    bound = f"{coverage.references_resolved / max(coverage.references, 1):.2%} of {coverage.references:,}"
    return (
        f"| {root.resolve().name} | {len(coverage.files):,} | {status['read']:,} | {status['partial']:,} | {status['failed']:,} "
        f"| {coverage.statements_understood:,} of {coverage.statements:,} | {len(graph.datasets):,} "
        f"| {len(graph.column_edges):,} | {shares} | {bound} | {said} |"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("repositories", nargs="+", type=Path)
    print(HEAD)
    print("|" + "---|" * (HEAD.count("|") - 1))
    for root in arguments.parse_args().repositories:
        print(row(root), flush=True)


if __name__ == "__main__":
    main()
