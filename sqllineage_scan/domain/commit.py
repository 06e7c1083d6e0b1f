"""A commit of the repository, as far as people want to see it."""

from __future__ import annotations

from typing import NamedTuple


class Commit(NamedTuple):
    hash: str
    author: str
    date: str  # ISO 8601, of the commit
    summary: str
