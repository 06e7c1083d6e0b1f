"""Many mutated SQL files: python -m benchmarks.fuzz.mutate [--files 50000] [--seed 1]

Each is a statement or two of our own pages, damaged as hands, editors and merges damage files. All of them lie beside an intact
repository, a few hundred at a time. Each must give units or a finding, none may raise, and the edges of the rest must stay what
they are without it.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.fuzz.seeds import statements
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import scan_repository

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.graph.model import LineageGraph

INTACT = {
    "intact/orders.sql": "create table intact.orders (id int, amount int);\n",
    "intact/totals.sql": "create view intact.totals as select o.id, sum(o.amount) as total from intact.orders o group by o.id;\n",
    "intact/names.sql": "create view intact.names as select t.id, t.total * 2 as twice from intact.totals t where t.total > 1;\n",
}
_SCRAPS = (
    *("(", ")", "((", "))", "'", '"', "`", ";", ",", ".", "--", "/*", "*/", "{{", "}}", "{%", "%}", "$$", "\\", "::", "[", "]"),
    *(
        "<<<<<<< HEAD\n",
        "=======\n",
        ">>>>>>> theirs\n",
        "\t",
        "\u00a0",
        "\u200b",
        "\u202e",
        "\ufeff",
        "\r",
        "\r\n",
        "\x00",
        "\x1b",
    ),
    *(
        " select ",
        " from ",
        " where ",
        " join ",
        " union all ",
        " with x as (",
        " case when ",
        " end ",
        " over (",
        " as ",
        " on ",
    ),
    *(
        "\u0430",
        "\u0391",
        "\U0001f4a5",
        "\ud800",
        "0x",
        "1e999",
        "9" * 400,
        " is not distinct from ",
        " pivot (",
        " begin ",
        " end;",
    ),
)


class Outcome(NamedTuple):
    files: int
    silent: tuple[str, ...]  # of which there is neither a statement nor a finding
    changed: bool  # whether an edge of what is intact is another


def damaged(text: str, other: str, luck: random.Random) -> bytes:
    """``text`` after one to four accidents."""
    for _ in range(luck.randint(1, 4)):
        at, to = sorted((luck.randint(0, len(text)), luck.randint(0, len(text))))
        to = min(to, at + luck.choice((1, 3, 20, 200)))
        text = luck.choice(
            (
                text[:at] + text[to:],  # something is gone
                text[:at] + luck.choice(_SCRAPS) + text[at:],
                text[:to] + text[at:to] * luck.choice((1, 2, 30)) + text[to:],  # stands twice
                text[:at] + other[: to - at + 10] + text[to:],  # stands elsewhere
                text[:at] + text[at:to].swapcase() + text[to:],
                text[:at] + text[at:to][::-1] + text[to:],
                text[:at],  # cut off
            )
        )
    data = text.encode("utf-8", "surrogatepass")
    if luck.random() < 0.05:
        at = luck.randint(0, len(data))
        data = data[:at] + bytes([luck.randint(128, 255)]) + data[at:]
    return data


def files(count: int, seed: int) -> Iterable[bytes]:
    luck = random.Random(seed)
    texts = [data[1:].decode() for data in statements()]
    for _ in range(count):
        yield damaged(luck.choice(texts), luck.choice(texts), luck)


def survive(batch: Iterable[bytes]) -> Outcome:
    """All of a batch in one repository, with what is intact."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path, text in INTACT.items():
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_text(text)
        alone = scan_repository(root, ScanOptions())
        (root / "damaged").mkdir()
        by_path = {f"damaged/f{number}.sql": data for number, data in enumerate(batch)}
        for path, data in by_path.items():
            (root / path).write_bytes(data)
        graph = scan_repository(root, ScanOptions(max_seconds=20))
    told = {finding.span.path for finding in graph.findings}
    silent = [
        record.path
        for record in graph.coverage.files
        if not record.statements and record.path not in told and _says_something(by_path.get(record.path, b""))
    ]
    return Outcome(len(by_path), tuple(silent), _edges(alone) != _edges(graph))


def _says_something(data: bytes) -> bool:
    """Not only white space, comments and semicolons, of which there is nothing to say; nor a declaration, which moves nothing."""
    text = data.decode("utf-8", "replace").lstrip(" \t\r\n;\ufeff")
    lines = [line.partition("--")[0] for line in text.splitlines()]
    return bool("".join(lines).strip(" \t\r\n;")) and not text.lower().startswith(("/*", "{#", "#", "declare"))


def _edges(graph: LineageGraph) -> set[tuple[str, str]]:
    """Into what is intact, by files that are."""
    return {
        (str(edge.source), str(edge.target))
        for edge in graph.column_edges
        if edge.job.name.startswith("intact/") and str(edge.target).startswith("intact.")
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=250)
    given = parser.parse_args()
    since, done, silent, changed = time.process_time(), 0, 0, 0
    for number in range(0, given.files, given.batch):
        found = survive(files(min(given.batch, given.files - number), given.seed + number))
        done, silent, changed = done + found.files, silent + len(found.silent), changed + found.changed
        print(f"\r{done} files, {silent} of which nothing is said, {changed} batches that changed others", end="", flush=True)
    print(f"; {time.process_time() - since:.0f} CPU seconds")


if __name__ == "__main__":
    main()
