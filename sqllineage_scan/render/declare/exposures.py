"""``exposures:``, who uses the models in the end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqllineage_scan.domain.dbt import DeclaredExposure
from sqllineage_scan.render.configuration import folder_config
from sqllineage_scan.render.evaluation import is_true
from sqllineage_scan.render.lexical import relation_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.render.declare.reader import Reader
    from sqllineage_scan.render.located import Located

_METRIC = re.compile(r"""\{*\s*metric\(\s*(?:(['"])\w+\1\s*,\s*)?(['"])(?P<name>\w+)\2\s*\)\s*\}*""")


def exposures(reader: Reader, document: Located) -> Iterator[DeclaredExposure]:
    for name, entry in reader.named(document, "exposures"):
        folders = folder_config(reader.subject, "exposure", (*reader.subject.fqn[:-1], name))
        if not reader.enabled(entry, default=is_true(folders.get("enabled", True))):
            continue
        yield DeclaredExposure(
            name=name,
            kind=reader.text(entry, "type"),
            owner=reader.owner(entry),
            url=reader.text(entry, "url") or None,
            depends_on=tuple(dict.fromkeys(reader.references(entry, "depends_on"))),
            span=reader.span(entry),
            package=reader.package,
            description=reader.text(entry, "description").strip(),
            unique_id=f"exposure.{reader.package}.{name}",
            needs=tuple(("metric", metric) for metric in _metrics(reader, entry)),
            sight=reader.subject.sight,
        )


def _metrics(reader: Reader, entry: Located) -> Iterator[str]:
    """``depends_on: [metric('revenue')]``, and a remark on what names nothing that dbt knows."""
    listed = entry.get("depends_on")
    if listed is not None and not isinstance(listed, list):
        reader.unexpected(entry, "depends_on", "a list")
        return
    for item in listed or ():
        metric = _METRIC.fullmatch(item.strip()) if isinstance(item, str) else None
        if metric is not None:
            yield metric["name"]
        elif not isinstance(item, str) or relation_named(item.strip().strip("{}").strip()) is None:
            reader.unexpected(entry, "depends_on", "a list of ref('…') and source('…', '…')")
