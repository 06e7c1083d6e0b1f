"""Code hosts, one file each: ``--host gitlab`` is ``gitlab.py``. What every one of them can do is ``Discussion``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment of a discussion. ``id`` is the host's, ``url`` where a person reads it."""

    id: str
    body: str
    url: str = ""


class Discussion(Protocol):
    """The comments of one pull request, as the owner of the token may see and change them."""

    @property
    def longest(self) -> int:
        """Characters that a comment may have."""
        ...

    @property
    def hides(self) -> bool:
        """Whether comments can be folded away as outdated."""
        ...

    def own(self, marker: str) -> Sequence[Comment]:
        """Comments that the token's owner wrote, that begin with ``marker`` and that are not hidden; oldest first.

        Marker *and* author: anybody can write the marker into a comment of theirs, and what is theirs must neither be
        overwritten nor stand for ours.
        """
        ...

    def create(self, body: str) -> Comment: ...

    def update(self, comment: Comment, body: str) -> Comment: ...

    def delete(self, comment: Comment) -> None: ...

    def hide(self, comment: Comment) -> None: ...
