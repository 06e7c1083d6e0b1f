"""What to build again, for dbt's ``--select``:  dbt build -s $(sqllineage-scan diff main --format dbt)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from sqllineage_scan.domain.change import Diff

_WORD = re.compile(r"\w[\w.-]*")  # that no shell reads as anything but a word, and dbt not as an option


def write(diff: Diff, out: TextIO) -> None:
    """The names on one line; an empty line where nothing is to be built."""
    out.write(" ".join(buildable(diff)) + "\n")


def buildable(diff: Diff) -> list[str]:
    """A name that a shell would take apart is no name of a model that dbt would take."""
    return [name for name in diff.rebuild if _WORD.fullmatch(name)]
