"""What a repository says beside its graph: the SQL itself, where it is hosted, whose names things have elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqllineage_scan.outputs.naming import Naming

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqllineage_scan.domain.checkout import Checkout
    from sqllineage_scan.domain.span import Span

NO_TIME = "1970-01-01T00:00:00Z"


def _no_text(span: Span) -> str | None:
    del span
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    text: Callable[[Span], str | None] = _no_text  # the SQL that stands there
    checkout: Checkout | None = None
    event_time: str = NO_TIME  # ISO 8601
    naming: Naming = field(default_factory=Naming)


NOTHING_AROUND = Surroundings()
