"""The ``[[governance]]`` tables of the configuration, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.governance import GovernanceRule
from sqllineage_scan.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LISTS = ("paths", "datasets", "columns", "stewards", "tags", "terms")
_KNOWN = (*_LISTS, "owner")
_OF_DATASETS = ("owner", "stewards")


def governance_rules(tables: Iterable[Mapping[str, Any]]) -> tuple[GovernanceRule, ...]:
    return tuple(_rule(number, table) for number, table in enumerate(tables, 1))


def _rule(number: int, table: Mapping[str, Any]) -> GovernanceRule:
    place = f"governance[{number}]"
    for key, value in table.items():
        if key not in _KNOWN:
            raise ConfigurationError(f"{place} has an unknown key {key!r}; known are {', '.join(sorted(_KNOWN))}")
        if key == "owner" and not (isinstance(value, str) and value.strip()):
            raise ConfigurationError(f"{place}.owner must be a text")
        if key in _LISTS and not (isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)):
            raise ConfigurationError(f"{place}.{key} must be a list of texts")
    if not any(table.get(key) for key in ("owner", "stewards", "tags", "terms")):
        raise ConfigurationError(f"{place} says nothing: give it owner, stewards, tags or terms")
    if table.get("columns") and any(table.get(key) for key in _OF_DATASETS):
        raise ConfigurationError(f"{place}: columns have tags and terms; owner and stewards are of whole datasets")
    return GovernanceRule(number, owner=table.get("owner"), **{key: tuple(table.get(key, ())) for key in _LISTS})
