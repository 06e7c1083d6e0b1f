"""The document of a comparison read back: whatever is not as ``diff.schema.json`` says is one clear line naming the place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.acknowledgement import Acknowledgement
from sqllineage_scan.domain.change import (
    Change,
    ChangeKind,
    Diff,
    Effect,
    Impact,
    Reader,
    ReaderKind,
    Revision,
    Seen,
    State,
    Step,
    Unresolved,
    Verdict,
)
from sqllineage_scan.domain.names import ColumnId, DatasetId
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.decode import read_evidence, read_finding, read_gap, read_span
from sqllineage_scan.graph.reading import Place
from sqllineage_scan.outputs.changes._encode import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping


def from_dict(document: Mapping[str, Any]) -> Diff:
    """The comparison that a document holds. Derived values (counts, bands) are not read: they follow from the rest."""
    top = Place(document, what="a diff document")
    version = top.get("schema_version").text()
    ours = SCHEMA_VERSION.split(".", maxsplit=1)[0]
    if not re.fullmatch(rf"{ours}\.\d+", version):
        raise UsageError(f"schema_version is {version!r}; this version of sqllineage-scan reads {ours}.x")
    return Diff(
        base=_revision(top.get("base")),
        head=_revision(top.get("head")),
        verdict=top.get("verdict").word(Verdict),
        changes=top.all_at("changes", _change),
        seen=_seen(top.get("coverage")),
        unresolved=top.all_at("unresolved", _unresolved),
        stale=top.all_at("stale_acknowledgements", _acknowledgement),
        rebuild=top.texts_at("rebuild"),
        findings=top.all_at("findings", read_finding),
        project=top.text_at("project"),
    )


def _revision(place: Place) -> Revision:
    return Revision(place.get("label").text(), place.maybe("commit", Place.text))


def _seen(place: Place) -> Seen:
    keys = ("files", "references", "references_resolved", "edges", "edges_certain")
    return Seen(*(place.get(key).whole() for key in keys))


def _change(place: Place) -> Change:
    return Change(
        kind=place.get("kind").word(ChangeKind),
        subject=_subject(place.get("subject")),
        before=place.maybe("before", _state),
        after=place.maybe("after", _state),
        effect=place.get("effect").word(Effect),
        why=place.text_at("why"),
        impact=Impact(place.get("impact").all_at("readers", _reader)),
        details=place.texts_at("details"),
        acknowledged=place.maybe("acknowledged", _acknowledgement),
    )


def _subject(place: Place) -> DatasetId | ColumnId:
    namespace, name = place.text_at("namespace"), place.get("dataset").text()
    dataset = DatasetId(namespace, name.removeprefix(f"{namespace}/") if namespace else name)
    column = place.maybe("column", Place.text)
    return dataset if column is None else ColumnId(dataset, column)


def _state(place: Place) -> State:
    return State(place.get("text").text(), place.maybe("span", read_span))


def _acknowledgement(place: Place) -> Acknowledgement:
    return Acknowledgement(place.get("subject").text(), place.text_at("reason"), read_span(place.get("span")))


def _reader(place: Place) -> Reader:
    return Reader(
        kind=place.get("kind").word(ReaderKind),
        name=place.get("name").text(),
        effect=place.get("effect").word(Effect),
        why=place.text_at("why"),
        id=place.maybe("id", _subject),
        span=place.maybe("span", read_span),
        path=place.all_at("path", _step),
        confidence=place.get("confidence").fraction(),
        owner=place.maybe("owner", Place.text),
        url=place.maybe("url", Place.text),
    )


def _step(place: Place) -> Step:
    return Step(
        source=_subject(place.get("source")),
        target=_subject(place.get("target")),
        subtype=place.text_at("subtype"),
        confidence=place.get("confidence").fraction(),
        evidence=place.all_at("evidence", read_evidence),
        span=place.maybe("span", read_span),
    )


def _unresolved(place: Place) -> Unresolved:
    return Unresolved(read_gap(place), place.get("appeared").truth(), place.get("near").truth())
