"""How often each rule fires on public repositories: python -m benchmarks.rules PATH…

Writes benchmarks/rules.json, and docs/rules.md of it. Paths are checkouts; they are checked as they are, without a cache.
"""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

from sqllineage_scan import ScanOptions, check
from sqllineage_scan.domain.finding import Severity

ROOT = Path(__file__).parents[1]


def measured(path: Path) -> dict[str, object]:
    """Findings by rule and severity, and the commit that they are of."""
    report = check(path, options=replace(ScanOptions(), processes=1))
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for each in report.open:
        found[each.finding.name][each.finding.severity.value] += 1
    ordered = [severity.value for severity in Severity]
    git = ["git", "-C", str(path), "rev-parse", "--short=12", "HEAD"]
    done = subprocess.run(git, capture_output=True, text=True, check=False)
    return {
        "commit": done.stdout.strip(),
        "files": report.files,
        "rules": {name: {key: counts[key] for key in ordered if counts[key]} for name, counts in sorted(found.items())},
    }


def main(paths: list[str]) -> None:
    known = {path.name: measured(path) for path in map(Path, paths)}
    text = json.dumps({"repositories": known}, indent=2)
    (ROOT / "benchmarks" / "rules.json").write_text(f"{text}\n", encoding="utf-8")
    (ROOT / "docs" / "rules.md").write_text(runpy.run_path(str(ROOT / "docs" / "rules.py"))["page"](), encoding="utf-8")
    for name, each in known.items():
        errors = sum(counts.get("error", 0) for counts in each["rules"].values())  # type: ignore[attr-defined]
        print(f"{name} at {each['commit']}: {each['files']} files, {errors} errors")


if __name__ == "__main__":
    main(sys.argv[1:])
