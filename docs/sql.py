"""Write docs/sql.md, the list of what we understand of SQL: python docs/sql.py

Each page of tests/sql is a chapter and a suite; what is listed here is executed by `make test`.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
_CASE = re.compile(r"^```sql *(\w*)", re.MULTILINE)
_HEAD = """# What is understood of SQL, case by case

Every line is a page of [tests/sql](../tests/sql) that anyone who knows SQL can read: statements, and every edge that they make
with its OpenLineage subtype and confidence. `make test` executes all of them. Written by `python docs/sql.py`.
"""


def listing() -> str:
    """The page: a table of the chapters, and how many cases each dialect has."""
    rows, dialects, topics = [], Counter[str](), 0
    for page in sorted((ROOT / "tests" / "sql").glob("*.md")):
        text = page.read_text()
        title = text.partition("\n")[0].removeprefix("# ").replace("|", "\\|")
        heads = [line.removeprefix("## ").replace("|", "\\|") for line in text.splitlines() if line.startswith("## ")]
        cases = _CASE.findall(text)
        dialects.update(name or "any" for name in cases)
        topics += len(heads)
        rows.append(f"| [{title}](../tests/sql/{page.name}) | {len(cases)} | {' · '.join(heads)} |")
    counts = ", ".join(f"{name} {count}" for name, count in sorted(dialects.items(), key=lambda item: (-item[1], item[0])))
    total = f"{len(rows)} pages, {topics} topics, {sum(dialects.values())} cases: {counts}."
    return "\n".join((_HEAD, total, "", "| page | cases | topics |", "|---|---|---|", *rows, ""))


if __name__ == "__main__":
    (ROOT / "docs" / "sql.md").write_text(listing())
