"""TOML to ``Settings``: ``sqllineage-scan.toml`` at the root, or ``[tool.sqllineage-scan]`` of its ``pyproject.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from difflib import get_close_matches
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from sqllineage_scan.config.dialect_names import check_dialect
from sqllineage_scan.config.governance import governance_rules
from sqllineage_scan.config.kinds import described, kind_of
from sqllineage_scan.config.settings import Settings
from sqllineage_scan.errors import ConfigurationError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

OWN_FILE = "sqllineage-scan.toml"
SHARED_FILE = "pyproject.toml"
TABLE = "sqllineage-scan"


def load_settings(root: Path, explicit: Path | None = None) -> Settings:
    """The settings of the repository at ``root``, from ``explicit`` where that is given; the defaults without a file."""
    if explicit is not None:
        if not explicit.is_file():
            raise ConfigurationError(f"there is no configuration file {explicit}")
        return _settings(explicit)
    for name in (OWN_FILE, SHARED_FILE):
        if (root / name).is_file() and (name == OWN_FILE or _mentions_us(root / name)):
            return _settings(root / name)
    return Settings()


def _mentions_us(path: Path) -> bool:
    """Somebody else's file is only read as TOML, and complained of, when it speaks to us."""
    return TABLE.encode() in path.read_bytes()


def _settings(path: Path) -> Settings:
    try:
        values: Any = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: not UTF-8 text (byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: {_lower_first(str(error))}") from error
    prefix = ""
    if path.name == SHARED_FILE:
        prefix = f"tool.{TABLE}."
        values = _table(path, _table(path, values, "tool"), TABLE)
    return settings_from(values, path, prefix)


def settings_from(values: dict[str, Any], path: Path, prefix: str = "") -> Settings:
    """Check every key and value of a table. ``path`` and ``prefix`` say in errors where the table stands."""
    known = {item.name: item for item in fields(Settings)}
    checked: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            raise ConfigurationError(f"{path}: unknown key {prefix + key!r}{_suggestion(key, list(known))}")
        kind = kind_of(known[key])
        if not kind.holds(value):
            raise ConfigurationError(f"{path}: {prefix}{key} must be {kind.name}, not {described(value)}")
        checked[key] = kind.frozen(value)
    settings = Settings(**checked)
    _check_values(settings, path, prefix)
    return settings


def _check_values(settings: Settings, path: Path, prefix: str) -> None:
    if settings.processes < 0:
        raise ConfigurationError(f"{path}: {prefix}processes must be 0 or more, not {settings.processes}")
    if settings.cache_dir is not None and not _is_below(settings.cache_dir):
        raise ConfigurationError(
            f"{path}: {prefix}cache_dir must be a folder below the root, not {settings.cache_dir!r}; --cache-dir takes any"
        )
    if settings.naming:
        _check_naming(settings, path)
    try:
        governance_rules(settings.governance)
    except ConfigurationError as error:
        raise ConfigurationError(f"{path}: {prefix}{error}") from error
    spoken = {f"dialects.{pattern!r}": dialect for pattern, dialect in settings.dialects.items()}
    if settings.dialect is not None:
        spoken["dialect"] = settings.dialect
    for key, dialect in spoken.items():
        try:
            check_dialect(dialect)
        except UsageError as error:
            raise ConfigurationError(f"{path}: {prefix}{key}: {error}") from error


def _is_below(folder: str) -> bool:
    """The configuration comes with the repository, from whoever wrote it: it may not have us write elsewhere."""
    parts = PurePath(folder).parts
    return bool(parts) and not PurePath(folder).is_absolute() and ".." not in parts and parts[0] != ".git"


def _check_naming(settings: Settings, path: Path) -> None:
    from sqllineage_scan.outputs.naming import naming_of

    try:
        for target in (None, *settings.naming.get("targets", {})):
            naming_of(settings.naming, target)
    except UsageError as error:
        raise ConfigurationError(f"{path}: {error}") from error


def _table(path: Path, values: dict[str, Any], key: str) -> dict[str, Any]:
    found = values.get(key, {})
    if not isinstance(found, dict):
        raise ConfigurationError(f"{path}: {key} must be a table, not {described(found)}")
    return found


def _suggestion(key: str, known: list[str]) -> str:
    close = get_close_matches(key.lower().replace("-", "_"), known, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(sorted(known))}"


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
