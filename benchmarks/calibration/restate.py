"""Numbers of ``tests/sql`` pages after the factors have changed.

python -m benchmarks.calibration.restate

A confidence on a page follows from the evidence of its edge. Where page and code agree on an edge and not on its number, the
page gets the code's; whatever else they differ in stays. Read the diff: a number may also differ because evidence does.
"""

from __future__ import annotations

import re
import sys

from benchmarks.calibration.corpora import ROOT, page_module

_LINE = re.compile(r"^(?P<edge>\S.*?\s(?:->|=>)\s.*?)(?P<number>[01]\.\d\d)(?P<rest>.*)$")


def restated(page: str, found: dict[tuple[str, ...], str]) -> str:
    """One lineage block with the numbers that the code gives its edges."""
    lines = []
    for line in page.splitlines(keepends=True):
        match = _LINE.match(line)
        number = found.get(tuple(match["edge"].split())) if match else None
        lines.append(f"{match['edge']}{number}{match['rest']}\n" if match and number else line)
    return "".join(lines)


def main() -> None:
    pages = page_module()
    for path in sorted((ROOT / "tests" / "sql").glob("*.md")):
        text = path.read_text()
        cases = iter(pages.cases_of(path))

        def block(match: re.Match[str], cases: object = cases) -> str:
            edges = pages.found_edges(next(cases))
            found = {}
            for edge in edges:
                place = next((index for index, word in enumerate(edge) if re.fullmatch(r"[01]\.\d\d", word)), None)
                if place is not None:
                    found[tuple(" ".join(edge[:place]).split())] = edge[place]
            return match[1] + restated(match[2], found) + match[3]

        after = re.sub(r"(^```lineage\n)(.*?)(^```$)", block, text, flags=re.MULTILINE | re.DOTALL)
        if after != text:
            path.write_text(after)
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
