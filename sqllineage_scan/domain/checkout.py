"""A clone of a repository, as git knows it."""

from __future__ import annotations

from typing import NamedTuple


class Checkout(NamedTuple):
    """``file_url`` has ``{path}`` and ``{line}`` to be filled in; None where the host is not known."""

    revision: str
    committed: str = ""  # when, ISO 8601
    repository: str = ""  # the remote, without user and password
    file_url: str | None = None
    branch: str = ""
    tag: str = ""
