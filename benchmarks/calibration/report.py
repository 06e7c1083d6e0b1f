"""The outcome as JSON for the tests, and as Markdown for people."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.calibration.corpora import FIT
from benchmarks.calibration.measure import FIXED, alone, brier, calibration_error, current, doubts, promised, reliability, wilson
from sqllineage_scan.domain.evidence import EvidenceKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.calibration.corpora import Found
    from benchmarks.calibration.measure import Counted, Factors

ROOT = Path(__file__).parents[2]
JSON = ROOT / "benchmarks" / "calibration.json"
PAGE = ROOT / "docs" / "confidence.md"
TABLE = ROOT / "sqllineage_scan" / "domain" / "evidence.py"
_ENOUGH = 30  # edges; fewer say nothing of a kind


def outcome(found: Found, counts: Sequence[Counted], factors: Factors) -> dict[str, Any]:
    """All that is published of one run."""
    halves = {
        "fit": [count for count in counts if count.case.corpus in FIT],
        "judge": [count for count in counts if count.case.corpus not in FIT],
    }
    return {
        "factors": dict(factors),
        "halves": {name: _half(half, factors) for name, half in halves.items()},
        "corpora": {
            corpus: {"half": "fit" if corpus in FIT else "judge", "worlds": worlds, "edges": edges, "decided": decided}
            for corpus, (worlds, edges, decided) in sorted(found.decided.items())
        },
        "found": {hiding: {"edges": edges, "found": seen} for hiding, (edges, seen) in found.recall.items()},
    }


def _half(counts: Sequence[Counted], factors: Factors) -> dict[str, Any]:
    doubtful = [count for count in counts if doubts(count.case.signature)]
    return {
        "edges": sum(count.edges for count in counts),
        "doubtful": sum(count.edges for count in doubtful),
        "calibration_error": round(calibration_error(reliability(counts, factors)), 4),
        "calibration_error_of_doubtful": round(calibration_error(reliability(doubtful, factors)), 4),
        "brier": round(brier(counts, factors), 4),
        "reliability": [
            {
                "from": each.floor,
                "edges": each.edges,
                "right": each.right,
                "promised": round(each.promised, 3),
                "kept": round(each.kept, 3),
                "interval": [round(end, 3) for end in wilson(each.right, each.edges)],
            }
            for each in reliability(counts, factors)
        ],
        "alone": {name: _alone(counts, name) for name in factors},
    }


def _alone(counts: Sequence[Counted], name: str) -> dict[str, Any]:
    seen = alone(counts, name)
    return {
        "edges": seen.edges,
        "right": seen.right,
        "among": round(seen.among, 2),
        "interval": [round(end, 3) for end in wilson(seen.right, seen.edges)],
    }


def tables(result: dict[str, Any]) -> str:
    """What docs/confidence.md says of a run."""
    fit, judge = result["halves"]["fit"], result["halves"]["judge"]
    lines = [
        "| | edges | with a doubt | calibration error | of those with a doubt | Brier score |",
        "|---|---|---|---|---|---|",
        f"| corpora that factors are fitted to | {_errors(fit)} |",
        f"| **corpora that judge** | {_errors(judge)} |",
        "",
        "Of the edges that judge:",
        "",
        "| confidence | edges | promised, on average | right | 95 % interval |",
        "|---|---|---|---|---|",
    ]
    floors = [each["from"] for each in judge["reliability"]]
    for each in judge["reliability"]:
        above = min((floor for floor in floors if floor > each["from"]), default=None)
        name = f"{each['from']:.2f}" if each["from"] == 1 else f"{each['from']:.2f} to {above or 1:.2f}"
        lines.append(
            f"| {name} | {each['edges']:,} | {each['promised']:.3f} | {each['kept']:.3f} | {_interval(each['interval'])} |"
        )
    lines += [
        "",
        "Edges that have one doubt and no other (for rules of SQL: none at all):",
        "",
        "| evidence | confidence | fitted to: edges | right | 95 % interval | judged on: edges | right | 95 % interval |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in result["factors"]:
        cells = [cell for half in (fit, judge) for cell in _cells(half["alone"][name])]
        shown = " and ".join(f"`{kind}`" for kind in name.split("+"))
        value = promised(tuple(name.split("+")), result["factors"])
        lines.append(f"| {shown} | {value:.2f}{' / n' * (name == EvidenceKind.CANDIDATE)} | {' | '.join(cells)} |")
    lines += ["", "| hidden | edges to be found | found |", "|---|---|---|"]
    lines += [f"| {name} | {of['edges']:,} | {of['found'] / of['edges']:.1%} |" for name, of in result["found"].items()]
    lines += ["", "| corpus | half | worlds | edges | decided |", "|---|---|---|---|---|"]
    lines += [
        f"| {name} | {of['half']} | {of['worlds']} | {of['edges']:,} | {of['decided']:,} |"
        for name, of in result["corpora"].items()
    ]
    return "\n".join(lines) + "\n"


def _errors(half: dict[str, Any]) -> str:
    errors = (half["calibration_error"], half["calibration_error_of_doubtful"], half["brier"])
    return " | ".join((f"{half['edges']:,}", f"{half['doubtful']:,}", *(f"{error:.3f}" for error in errors)))


def _interval(ends: Sequence[float]) -> str:
    return f"{ends[0]:.3f} to {ends[1]:.3f}"


def _cells(seen: dict[str, Any]) -> tuple[str, str, str]:
    if not seen["edges"]:
        return "none", "", ""
    return f"{seen['edges']:,}", f"{seen['right'] / seen['edges']:.3f}", _interval(seen["interval"])


def basis(name: str, counts: Sequence[Counted]) -> str | None:
    """How a factor came to be; None where too little was seen to say anything."""
    seen = alone([count for count in counts if count.case.corpus in FIT], name)
    if seen.edges < _ENOUGH:
        return None
    low, high = wilson(seen.right, seen.edges)
    share = f"measured: {seen.edges:,} edges, {seen.right / seen.edges:.3f} right"
    return share if "+" in name else f"{share} ({low:.3f} to {high:.3f})"  # a row of the table is one line


def write_factors(factors: Factors, counts: Sequence[Counted]) -> None:
    """Set the tables of ``domain/evidence.py``. Rules, and kinds of which too little was seen, stay as they are."""
    text = TABLE.read_text()
    before = current()
    for name in factors:
        said = None if name in FIXED else basis(name, counts)
        if said is None:
            factors[name] = before[name]
        else:
            text = _row(name).sub(rf'\g<1>Factor({factors[name]}, "{said}")', text)
    TABLE.write_text(text)


def _row(name: str) -> re.Pattern[str]:
    """The row of a kind, or of kinds together, in the source of the tables."""
    kinds = [rf"EvidenceKind\.{EvidenceKind(kind).name}" for kind in name.split("+")]
    key = kinds[0] if len(kinds) == 1 else rf"frozenset\({{(?=[^}}]*{kinds[0]})(?=[^}}]*{kinds[1]})[^}}]*}}\)"
    return re.compile(rf'({key}: )Factor\(\s*([\d.]+), "([^"]*)"\s*\)')


def write_outcome(result: dict[str, Any]) -> None:
    """Keep the measurement, and show it on the page; the table of factors there follows the code."""
    JSON.write_text(json.dumps(result, indent=1) + "\n")
    table = TABLE.read_text()
    rows = ["| evidence | factor | basis |", "|---|---|---|"]
    for name in current():
        found = _row(name).search(table)
        assert found is not None
        rows.append(f"| {' and '.join(f'`{kind}`' for kind in name.split('+'))} | {float(found[2])} | {found[3]} |")
    text = _between(PAGE.read_text(), "factors", "\n".join(rows) + "\n")
    PAGE.write_text(_between(text, "measured", tables(result)))


def _between(text: str, name: str, content: str) -> str:
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, _, rest = text.partition(begin)
    return f"{before}{begin}{content}{end}{rest.partition(end)[2]}"
