"""What we render, written as dbt writes it: relation names in place of our stand-ins, and nothing that only looks different."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqllineage_scan.discover.project import DiscoverOptions, discover
from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.source import FileKind
from sqllineage_scan.pipeline.decode import read_text
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.said import Said
from sqllineage_scan.pipeline.scan import environments
from sqllineage_scan.pipeline.work import read_file
from sqllineage_scan.pipeline.workshop import Workshop
from sqllineage_scan.render.file import render_file
from sqllineage_scan.render.ways import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqllineage_scan.domain.source import RenderedFile

_WITH_SQL = (FileKind.MODEL, FileKind.SNAPSHOT, FileKind.ANALYSIS, FileKind.TEST)
_COMPARED = ("model", "analysis", "test")
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_STAND_IN = re.compile(r"\b(?:ref|source|this)__\d+\b")


def rendered_files(root: Path) -> Iterator[RenderedFile]:
    """Every SQL file of dbt's below ``root``, rendered as a scan renders it."""
    project = discover(root, DiscoverOptions())
    workshop = Workshop(root, environments(root, project, ScanOptions()))
    declaring = [file for file in project.files if file.kind is FileKind.PROPERTIES]
    said = Said(part.declarations for file in declaring for part in read_file(file, workshop) if part.declarations)
    for file in project.files:
        text = read_text(root, file.path).text if file.kind in _WITH_SQL and file.dbt_project is not None else None
        if text is not None:
            told = said.told(file, workshop)
            for number in range(max(1, len(parts_of(file, text)))):
                yield render_file(replace(told, part=number), text, workshop.environments[str(file.dbt_project)])


def compiled_by_us(root: Path, document: dict[str, Any]) -> dict[str, str]:
    """unique id -> normalised SQL of the first way of rendering it: that of a first run."""
    nodes = {node["unique_id"]: node for node in document["dbt"]["nodes"] if node["enabled"]}
    found = {}
    for file in rendered_files(root):
        node = nodes.get(file.node.unique_id) if file.node is not None and file.node.enabled else None
        if node is not None:
            way = file.variants[0]
            relations = {token: _relation(name, node, nodes) for token, name in way.names.items()}
            found[node["unique_id"]] = normal(_STAND_IN.sub(lambda token, known=relations: known[token[0]], way.text))
    return found


def _relation(name: RelationName, node: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> str:
    meant = node if name.kind is NameKind.THIS else _parent(name, [nodes[parent] for parent in node["depends_on"]])
    if meant.get("materialized") == "ephemeral":
        return f"__dbt__cte__{meant['name']}"
    return ".".join(f'"{meant[part]}"' for part in ("database", "schema", "alias"))


def _parent(name: RelationName, parents: list[dict[str, Any]]) -> dict[str, Any]:
    """The parent that a ref or source names; of several versions the one that is said, else the newest."""
    if name.kind is NameKind.SOURCE:
        return next(parent for parent in parents if parent["unique_id"].split(".", 2)[2] == ".".join(name.parts))
    _, model, version = name.parts
    fitting = [parent for parent in parents if parent["name"] == model and version in ("", parent.get("version", ""))]
    return max(fitting, key=lambda parent: parent.get("version", ""))


def compiled_by_dbt(manifest: dict[str, Any]) -> dict[str, str]:
    """unique id -> normalised SQL, without the ephemeral models that dbt puts before it."""
    return {
        unique_id: _without_ephemeral(normal(node["compiled_code"]), [normal(each["sql"]) for each in node["extra_ctes"]])
        for unique_id, node in manifest["nodes"].items()
        if node.get("compiled_code")
        and node["language"] == "sql"
        and node["resource_type"] in _COMPARED
        and "test_metadata" not in node
    }


def _without_ephemeral(sql: str, ephemeral: list[str]) -> str:
    """``with __dbt__cte__a as (…), b as (…) select``  ->  ``with b as (…) select``"""
    before = f"with {','.join(ephemeral)}"
    if not ephemeral or not sql.startswith(before):
        return sql
    rest = sql.removeprefix(before)
    return f"with {rest[1:]}" if rest.startswith(",") else rest.strip()


def normal(sql: str) -> str:
    """SQL without comments, and with whitespace only where it parts words."""
    words = " ".join(_COMMENT.sub(" ", sql).split())
    return re.sub(r" ?([(),]) ?", r"\1", words).strip().removesuffix(";")
