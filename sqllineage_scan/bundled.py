"""What comes with the package: rules and templates, in the wheel or beside it in a checkout, and its version."""

from __future__ import annotations

from importlib import import_module
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from importlib.resources.abc import Traversable

_IN_WHEEL = "_bundled"


def version() -> str:
    """Looked up by name: to import the package itself is to depend on all that it offers, from the lowest floor."""
    return str(import_module("sqllineage_scan").__version__)


def is_checkout() -> bool:
    """Whether this is a work tree, whose code changes and whose version does not."""
    return not files("sqllineage_scan").joinpath(_IN_WHEEL).is_dir()


def folder(name: str) -> Traversable:
    """``rules`` or ``templates``. hatchling's force-include puts them into the wheel; editable installs have the checkout."""
    package = files("sqllineage_scan")
    inside = package.joinpath(_IN_WHEEL, name)
    if inside.is_dir():
        return inside
    beside = Path(__file__).resolve().parent.parent / name
    if beside.is_dir():
        return beside
    raise FileNotFoundError(f"{name}/ came neither with the wheel nor with the checkout: the installation is damaged")


def on_disk(name: str) -> AbstractContextManager[Path]:
    """The same as a real path, for those who cannot read from a zip file."""
    return as_file(folder(name))
