"""What to build again, for dbt's ``--select``:  dbt build -s $(sqllineage-scan diff main --format dbt)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from sqllineage_scan.domain.change import Diff

_WORD = re.compile(r"[\w.-]+")  # that no shell reads as anything but a word


def write(diff: Diff, out: TextIO) -> None:
    """The names on one line; an empty line where nothing is to be built. A name that a shell would take apart is no name of a
    model that dbt would take.
    """
    out.write(" ".join(name for name in diff.rebuild if _WORD.fullmatch(name)) + "\n")
