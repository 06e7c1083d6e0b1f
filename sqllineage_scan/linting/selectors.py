"""Which datasets a text means: ``analytics.stg_*``, ``path:models/staging``, ``tag:finance``, ``schema:public`` …

The words are dbt's where it has them. ``*`` is any text within a part of a name, ``**`` any text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from sqllineage_scan.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.dbt import Node

METHODS = ("name", "path", "tag", "schema", "kind", "group", "access", "package", "owner", "column_tag")


def check(selector: str) -> None:
    method, colon, _ = selector.partition(":")
    if colon and method not in METHODS:
        raise ConfigurationError(f"{selector!r}: nothing is selected by {method!r}; known are {', '.join(METHODS)}")


@cache
def pattern(text: str) -> re.Pattern[str]:
    """``stg_*`` within a part of a name or path; ``**`` across them."""
    parts = re.split(r"(\*\*|\*|\?)", text)
    words = {"**": ".*", "*": "[^./]*", "?": "[^./]"}
    return re.compile("".join(words.get(part, re.escape(part)) for part in parts))


def fits(text: str, wanted: str) -> bool:
    return pattern(wanted).fullmatch(text) is not None


def selects(selectors: Iterable[str], dataset: Dataset, node: Node | None) -> bool:
    return any(_selects(selector, dataset, node) for selector in selectors)


def _selects(selector: str, dataset: Dataset, node: Node | None) -> bool:
    method, colon, wanted = selector.partition(":")
    if not colon:
        method, wanted = "name", selector
    if method == "name":
        name = dataset.id.name
        return fits(name, wanted) or fits(name.rpartition(".")[2], wanted) or (node is not None and fits(node.name, wanted))
    if method == "path":
        path = node.path if node is not None else dataset.span.path if dataset.span else ""
        return bool(path) and (fits(path, wanted) or path.startswith(f"{wanted.rstrip('/')}/"))
    if method == "tag":
        return wanted in dataset.tags or (node is not None and wanted in node.tags)
    if method == "column_tag":
        return any(wanted in column.tags for column in dataset.columns or ())
    if method == "schema":
        parts = dataset.id.name.split(".")
        return len(parts) > 1 and fits(parts[-2], wanted)
    if method == "kind":
        return dataset.kind.value == wanted
    if method == "owner":
        return dataset.owner == wanted
    return node is not None and getattr(node, method) == wanted
