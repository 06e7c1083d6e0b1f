"""OpenLineage events, one a line (NDJSON): what ``sqllineage-scan emit`` sends. Needs the extra ``[openlineage]``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.errors import UsageError
from sqllineage_scan.outputs.harmless import in_json
from sqllineage_scan.outputs.surroundings import NOTHING_AROUND

if TYPE_CHECKING:
    from sqllineage_scan.graph.content import Content
    from sqllineage_scan.outputs.surroundings import Surroundings

ENDING = "ndjson"
SURROUNDINGS = True


def write(graph: Content, out: TextIO, around: Surroundings = NOTHING_AROUND) -> None:
    try:
        from openlineage.client.serde import Serde
    except ImportError as error:
        raise UsageError("OpenLineage needs openlineage-python: pip install 'sqllineage-scan[openlineage]'") from error
    from sqllineage_scan.outputs.openlineage.events import events

    out.writelines(in_json(Serde.to_json(event, separators=(",", ":"))) + "\n" for event in events(graph, around))


def remarks(graph: Content, around: Surroundings = NOTHING_AROUND) -> tuple[str, ...]:
    """Namespaces that are only a platform, since nothing says where it is."""
    from sqllineage_scan.outputs.naming import PLATFORMS, Names

    names = Names(graph, around.naming)
    for dataset in graph.datasets:
        names.dataset(dataset.id)
    return tuple(
        f"datasets of {platform} have the namespace {platform!r}, since nothing says {' and '.join(sorted(words))} "
        f"of {PLATFORMS[platform]}: set it in [naming]"
        for platform, words in sorted(names.missing.items())
    )
