"""An answer of ``trace`` or ``paths`` with what it takes to tell it: where jobs stand, and who touched a place last."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqllineage_scan.domain.commit import Commit
    from sqllineage_scan.domain.names import JobId
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.graph.questions import Traced, Ways


class ToldTrace(NamedTuple):
    traced: Traced
    jobs: Mapping[JobId, Span]
    commits: Mapping[Span, Commit]


class ToldWays(NamedTuple):
    ways: Ways
    jobs: Mapping[JobId, Span]
