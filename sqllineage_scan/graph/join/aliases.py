"""One dataset, two names: rules that say which name is meant.

prod.analytics.*        analytics.*              a catalog that only one repository writes
snowflake://a/raw.*     snowflake://b/raw.*      * stands for any text, and for the same text on the other side
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqllineage_scan.domain.names import DatasetId
from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_ADDRESS = re.compile(r"(?P<namespace>\w+://[^/]*)/(?P<name>.+)", re.DOTALL)


class Aliases:
    """The first rule that fits a name changes it, and again, until none fits: so the order of files does not matter."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        self._rules = [(_pattern(old), _replacement(old, new)) for old, new in rules.items()]
        self._known: dict[DatasetId, DatasetId] = {}

    def __call__(self, dataset: DatasetId) -> DatasetId:
        if dataset not in self._known:
            self._known[dataset] = self._resolved(dataset)
        return self._known[dataset]

    def _resolved(self, dataset: DatasetId) -> DatasetId:
        name = str(dataset)
        for _ in range(len(self._rules) + 1):
            changed = next((pattern.sub(new, name) for pattern, new in self._rules if pattern.fullmatch(name)), name)
            if changed == name:
                return dataset if name == str(dataset) else _parsed(name)
            name = changed
        raise UsageError(f"the aliases never come to an end: {dataset} becomes {name}, and so on")


def _pattern(old: str) -> re.Pattern[str]:
    return re.compile("(.*)".join(map(re.escape, old.split("*"))), re.DOTALL)


def _replacement(old: str, new: str) -> str:
    if new.count("*") not in (0, old.count("*")):
        raise UsageError(f"alias {old} = {new}: both sides must have as many *")
    pieces = [piece.replace("\\", "\\\\") for piece in new.split("*")]
    return pieces[0] + "".join(rf"\g<{number}>{piece}" for number, piece in enumerate(pieces[1:], 1))


def _parsed(name: str) -> DatasetId:
    found = _ADDRESS.fullmatch(name)
    return DatasetId(found["namespace"], found["name"]) if found else DatasetId("", name)
