"""One thing that a rule looks at, with all that can be asked of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.evidence import RULES, EvidenceKind, confidence_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
    from sqllineage_scan.domain.evidence import Evidence
    from sqllineage_scan.domain.finding import Severity, Step
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.span import Span

    Edge = ColumnEdge | RowEdge | DatasetEdge

CERTAIN = 0.95
"""From here on an edge may carry an error: the band ``certain`` (docs/confidence.md)."""
_NO_DOUBTS = RULES | {EvidenceKind.SOLE_INPUT}


@dataclass(slots=True)
class Item:
    """``values``: what the vocabulary's words mean of it; one that is a function is asked when it is needed. ``confidence``:
    how sure it is that the thing is so; ``weakest``: the edge or name that makes it doubtful, in words.
    """

    span: Span | None
    subject: str
    values: dict[str, Any]
    steps: tuple[Step, ...] = ()
    confidence: float = 1.0
    weakest: str = ""
    of: DatasetId | None = None  # the dataset whose lineage it follows from; None: the repository as a whole
    severity: Severity | None = None  # of a finding that a stage has made already
    _asked: dict[str, Any] = field(default_factory=dict)

    def value(self, name: str) -> Any:
        found = self.values[name]
        if not callable(found):
            return found
        if name not in self._asked:
            self._asked[name] = found()
        return self._asked[name]


def weakest_edge(edges: Iterable[Edge], but: frozenset[EvidenceKind] = frozenset()) -> tuple[float, str]:
    """The confidence of a chain of edges, and its weakest one in words. ``but``: kinds that the rule itself is about."""
    product, least, told = 1.0, 2.0, ""
    for edge in edges:
        evidence = tuple(item for item in edge.evidence if item.kind not in but)
        confidence = confidence_of(evidence)
        product *= confidence
        if confidence < least:
            least = confidence
            told = f"{edge.source} -> {edge.target} ({confidence:.2f}{_reasons(evidence)})" if confidence < 1 else ""
    return round(product, 4), told


def _reasons(evidence: tuple[Evidence, ...]) -> str:
    doubts = dict.fromkeys(
        f"{item.kind.value.replace('_', ' ')}{f': {item.note}' if item.note else ''}"
        for item in evidence
        if item.kind not in _NO_DOUBTS
    )
    return f", {'; '.join(doubts)}" if doubts else ""
