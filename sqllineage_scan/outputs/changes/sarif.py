"""SARIF 2.1.0: breaking changes are errors, those to review warnings, as code scanning shows them."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote

from sqllineage_scan.bundled import version
from sqllineage_scan.domain.change import ChangeKind, Effect
from sqllineage_scan.graph.encode import TOOL
from sqllineage_scan.outputs.changes._places import remarks
from sqllineage_scan.outputs.harmless import write_json

if TYPE_CHECKING:
    from sqllineage_scan.domain.change import Diff, Reader
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.outputs.changes._places import Remark

_LEVELS = {Effect.BREAKING: "error", Effect.REVIEW: "warning"}
_MEANS = {
    ChangeKind.ADDED: "A dataset or column was added where a reader takes whatever there is.",
    ChangeKind.REMOVED: "A dataset or column was removed.",
    ChangeKind.RENAMED: "A dataset or column has another name.",
    ChangeKind.RETYPED: "A column has another type.",
    ChangeKind.REORDERED: "The columns of a dataset are in another order.",
    ChangeKind.KIND_CHANGED: "A dataset is kept in another way.",
    ChangeKind.REDEFINED: "The value of a column is made in another way.",
    ChangeKind.ROWS_CHANGED: "A filter, join, grouping, distinct or limit of a dataset changed.",
    ChangeKind.EVIDENCE_CHANGED: "What is said of some edges is less certain than before.",
}
_RELATED = 20


def write(diff: Diff, out: TextIO) -> None:
    write_json(_log(diff), out)


def _log(diff: Diff) -> dict[str, Any]:
    found = list(remarks(diff))
    kinds = sorted({remark.change.kind for remark in found})
    return {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": TOOL, "semanticVersion": version(), "rules": [_rule(kind) for kind in kinds]}},
                "automationDetails": {"id": f"{TOOL}/diff"},
                "columnKind": "unicodeCodePoints",
                "results": [_result(remark, kinds) for remark in found],
            }
        ],
    }


def _rule(kind: ChangeKind) -> dict[str, Any]:
    name = "".join(word.title() for word in kind.value.split("_"))
    return {"id": f"lineage.{kind.value}", "name": name, "shortDescription": {"text": _MEANS[kind]}}


def _result(remark: Remark, kinds: list[ChangeKind]) -> dict[str, Any]:
    change = remark.change
    readers = [reader for reader in change.impact.readers if reader.span is not None and reader.span != remark.span][:_RELATED]
    related = [_related(reader, number) for number, reader in enumerate(readers, 1)]
    words = f"{change.kind.value}\0{change.subject}\0{remark.span.path}"
    return {
        "ruleId": f"lineage.{change.kind.value}",
        "ruleIndex": kinds.index(change.kind),
        "level": _LEVELS[change.effect],
        "message": {"text": remark.message},
        "locations": [_location(remark.span)],
        **({"relatedLocations": related} if related else {}),
        "partialFingerprints": {"lineageChange/v1": sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]},
    }


def _related(reader: Reader, number: int) -> dict[str, Any]:
    assert reader.span is not None
    return {"id": number, **_location(reader.span), "message": {"text": f"{reader.name} {reader.why}"}}


def _location(span: Span) -> dict[str, Any]:
    region = {"startLine": span.line, "startColumn": span.column, "endLine": span.end_line, "endColumn": span.end_column}
    artifact = {"uri": quote(span.path, errors="replace"), "uriBaseId": "%SRCROOT%"}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}
