"""Small repositories to check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sqllineage_scan import check
from tests.linting.repositories import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqllineage_scan.domain.report import Report


@pytest.fixture
def checked(tmp_path: Path) -> Callable[..., Report]:
    """The report on some files: ``checked({"a.sql": "select 1"})``."""

    def run(files: dict[str, str], **options: object) -> Report:
        write(tmp_path, files)
        return check(tmp_path, **options)  # type: ignore[arg-type]

    return run
