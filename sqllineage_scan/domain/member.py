"""One repository of a graph that was linked of several."""

from __future__ import annotations

from typing import NamedTuple


class Member(NamedTuple):
    """``name`` stands before its paths and jobs. ``digest``: of its own document, so that two of one name are told apart."""

    name: str
    revision: str
    digest: str
    dialects: tuple[tuple[str, int], ...] = ()
    statements: int = 0
    statements_understood: int = 0
    references: int = 0
    references_resolved: int = 0
