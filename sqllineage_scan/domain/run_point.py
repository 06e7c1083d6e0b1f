"""One run as a point in time: what of it is drawn."""

from __future__ import annotations

from typing import NamedTuple


class RunPoint(NamedTuple):
    """``started``: ISO 8601, UTC. Shares are between 0 and 1."""

    started: str
    revision: str
    coverage: float
    owned: float
    described: float
    columns_described: float
