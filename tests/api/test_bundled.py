"""What comes with the package is found, in a checkout as in a wheel."""

from __future__ import annotations

import pytest

import sqllineage_scan
from sqllineage_scan import bundled


def test_version_is_the_packages() -> None:
    assert bundled.version() == sqllineage_scan.__version__


def test_a_folder_that_is_nowhere_is_a_damaged_installation() -> None:
    with pytest.raises(FileNotFoundError, match="the installation is damaged"):
        bundled.folder("nothing")


def test_the_checkout_beside_the_package() -> None:
    assert bundled.folder("tests").joinpath("api", "test_bundled.py").is_file()
    with bundled.on_disk("tests") as path:
        assert (path / "api").is_dir()
