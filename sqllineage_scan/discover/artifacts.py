"""dbt's manifest.json and catalog.json, where a run has left them: looked for by name, since git ignores their folder."""

from __future__ import annotations

import mmap
import posixpath
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqllineage_scan.discover.adapters import named_alike
from sqllineage_scan.discover.json_members import JsonMembers
from sqllineage_scan.domain.artifact import CatalogColumn, ManifestNode
from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.span import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqllineage_scan.domain.source import DbtProject

MANIFEST = "manifest.json"
CATALOG = "catalog.json"
_MOST = 1 << 29  # bytes of a file that is read: half a gigabyte
_ASKED = 200  # nodes that are looked at for the target's schema
_TARGETS = ("model", "seed")


def artifact(root: Path, project: DbtProject, name: str) -> str | None:
    """The path of an artifact from the scanned root, if it is there."""
    path = posixpath.join(project.target_path, name)
    return path if (root / path).is_file() else None


def has_artifacts(root: Path, project: DbtProject) -> bool:
    return any(artifact(root, project, name) is not None for name in (MANIFEST, CATALOG))


def manifest_nodes(root: Path, path: str, findings: list[Finding]) -> Iterator[ManifestNode]:
    """The nodes and sources of a manifest, one by one."""
    for section, unique_id, value in _members(root, path, ("nodes", "sources"), findings):
        if isinstance(value, dict) and section != "metadata":
            yield _node(unique_id, value)


def catalog_columns(root: Path, path: str, findings: list[Finding]) -> dict[str, tuple[CatalogColumn, ...]]:
    """The columns of each table of a catalog, in their order, by unique id."""
    found = {}
    for _, unique_id, value in _members(root, path, ("nodes", "sources"), findings):
        columns = value.get("columns") if isinstance(value, dict) else None
        if isinstance(columns, dict) and columns:
            listed = [column for column in columns.values() if isinstance(column, dict) and _text(column.get("name"))]
            listed.sort(key=lambda column: (_number(column.get("index")), _text(column["name"])))
            found[unique_id] = tuple(CatalogColumn(_text(column["name"]), _text(column.get("type")) or None) for column in listed)
    return found


def target_of_manifest(root: Path, project: DbtProject) -> dict[str, Any]:
    """The adapter, database and schema that a project was parsed with, for one whose profile is not in the repository."""
    path = artifact(root, project, MANIFEST)
    members = _members(root, path, ("nodes",), []) if path else iter(())
    found: dict[str, Any] = {}
    for section, unique_id, value in islice(members, _ASKED):
        if not isinstance(value, dict):
            continue
        if section == "metadata":
            found = {"type": value["adapter_type"]} if _text(value.get("adapter_type")) else {}
            continue
        node = _node(unique_id, value)
        if node.package == project.name and node.resource_type in _TARGETS and not node.own_schema and all(node.names[1:]):
            database, schema, _ = node.names
            return named_alike({**found, "schema": schema} | ({"database": database} if database else {}))
    return found


def _members(root: Path, path: str, sections: tuple[str, ...], findings: list[Finding]) -> Iterator[tuple[str, str, Any]]:
    """(section, key, value) of the members of some sections, and the metadata; what lies behind them is not looked at."""
    try:
        reader = JsonMembers(_content(root / path))
        left = set(sections)
        while left and (section := reader.key()) is not None:
            if section not in left:
                value = reader.value()
                if section == "metadata":
                    yield section, "", value
                continue
            left.discard(section)
            reader.enter()
            while (key := reader.key()) is not None:
                yield section, key, reader.value()
    except (OSError, ValueError, RecursionError) as error:
        why = " ".join(str(error).split()) or type(error).__name__
        message = f"{path} cannot be read, and is done without: {why}"
        findings.append(Finding("AR01", "artifacts.unreadable", Severity.WARNING, message, whole_file(path), path))


def _content(path: Path) -> str:
    size = path.stat().st_size
    if size > _MOST:
        raise ValueError(f"it has {size >> 20} MB, more than {_MOST >> 20}")
    if not size:
        raise ValueError("it is empty")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        return str(view, "utf-8")


def _node(unique_id: str, value: Mapping[str, Any]) -> ManifestNode:
    config, checksum, depends_on = (_mapping(value.get(key)) for key in ("config", "checksum", "depends_on"))
    version = value.get("version")
    return ManifestNode(
        unique_id=unique_id,
        resource_type=_text(value.get("resource_type")),
        package=_text(value.get("package_name")),
        name=_text(value.get("name")),
        source_name=_text(value.get("source_name")),
        version="" if version is None else str(version),
        path=_text(value.get("original_file_path")).replace("\\", "/"),
        checksum=_text(checksum.get("checksum")) if checksum.get("name") == "sha256" else "",
        relation_name=_text(value.get("relation_name")),
        names=(
            _text(value.get("database")),
            _text(value.get("schema")),
            _text(value.get("alias")) or _text(value.get("identifier")),
        ),
        own_schema=any(config.get(key) for key in ("schema", "database", "dataset", "project", "catalog")),
        parents=tuple(filter(None, map(_text, _list(depends_on.get("nodes"))))),
        compiled=_text(value.get("compiled_code")) or _text(value.get("compiled_sql")),
        injected=tuple(
            (_text(cte.get("id")), _text(cte.get("sql"))) for cte in _list(value.get("extra_ctes")) if isinstance(cte, dict)
        ),
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
