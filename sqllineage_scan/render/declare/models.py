"""``models:``, ``seeds:``, ``snapshots:``, ``analyses:``: what is said of nodes that files make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.dbt import Declaration, NodeProperties
from sqllineage_scan.domain.names import NameKind, RelationName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.dataset import Column
    from sqllineage_scan.render.declare.reader import Reader
    from sqllineage_scan.render.located import Located

_DESCRIBED = {"models": "model", "seeds": "seed", "snapshots": "snapshot", "analyses": "analysis"}
_CONFIGURED = ("tags", "meta", "group", "access")  # what may stand beside `config:` as well as in it


def described(reader: Reader, document: Located) -> Iterator[Declaration]:
    for key, resource_type in _DESCRIBED.items():
        for name, entry in reader.named(document, key):
            columns, places = reader.columns(entry), reader.column_places(entry)
            for file_name, properties, chosen in _versions(reader, name, entry, columns):
                yield Declaration(
                    resource_type=resource_type,
                    package=reader.package,
                    source_name="",
                    name=name,
                    span=reader.span(entry),
                    columns=chosen,
                    description=reader.text(entry, "description").strip(),
                    tags=reader.tags(entry),
                    owner=reader.owner(entry),
                    stewards=reader.stewards(entry),
                    terms=reader.terms(entry),
                    enabled=reader.enabled(entry),
                    unique_id=".".join(filter(None, (resource_type, reader.package, name, _suffix(properties.version)))),
                    sight=reader.subject.sight,
                    file_name=file_name,
                    properties=properties,
                    snapshot_of=_snapshot_of(reader, entry) if resource_type == "snapshot" else None,
                    places=tuple(places.get(column.name, reader.span(entry)) for column in chosen),
                )


def _snapshot_of(reader: Reader, entry: Located) -> RelationName | None:
    """``relation: ref('orders')``, ``relation: source('raw', 'orders')``, or a table's name as it is."""
    if "relation" not in entry:
        return None
    named = next(reader.references(entry, "relation"), None)
    text = reader.text(entry, "relation").strip()
    return named or (RelationName(NameKind.TABLE, tuple(text.lower().split("."))) if text else None)


def _versions(
    reader: Reader, name: str, entry: Located, columns: tuple[Column, ...]
) -> Iterator[tuple[str, NodeProperties, tuple[Column, ...]]]:
    """Each version of a model with the file that makes it: ``orders_v2`` unless it is ``defined_in`` another.

    Source: docs.getdbt.com/reference/resource-properties/versions; without ``latest_version`` the highest is the latest.
    """
    config = _config(reader, entry)
    versions = [version for version in reader.entries(entry, "versions") if version.get("v") is not None]
    if not versions:
        yield name, NodeProperties(name, config), columns
        return
    latest = entry.get("latest_version")
    if latest is None:
        latest = max((version["v"] for version in versions), key=_rank)
    for version in versions:
        said = str(version["v"])
        properties = NodeProperties(name, {**config, **_config(reader, version)}, said, said == str(latest))
        yield reader.text(version, "defined_in") or f"{name}_v{said}", properties, _chosen(reader, version, columns)


def _rank(version: Any) -> tuple[bool, float, str]:
    """Versions that are numbers are ordered as numbers, before any that are not."""
    try:
        return False, float(version), ""
    except (TypeError, ValueError):
        return True, 0.0, str(version)


def _chosen(reader: Reader, version: Located, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """``columns: [{include: all, exclude: [old]}, {name: new}]``: the model's columns, less some, and the version's own."""
    listed = version.get("columns")
    if not isinstance(listed, list):
        return columns
    rule = next((each for each in listed if isinstance(each, dict) and ("include" in each or "exclude" in each)), {})
    included, excluded = rule.get("include", "all"), rule.get("exclude", ())
    own = reader.columns(_without_rule(version, rule))
    named = {column.name for column in own}
    kept = (
        column
        for column in columns
        if (included in ("all", "*") or column.name in included) and column.name not in excluded and column.name not in named
    )
    return (*kept, *own)


def _without_rule(version: Located, rule: Any) -> Located:
    rest = type(version)(version)
    rest.place = version.place
    rest["columns"] = [each for each in version["columns"] if each is not rule]
    return rest


def _suffix(version: str) -> str:
    return f"v{version}" if version else ""


def _config(reader: Reader, entry: Located) -> dict[str, Any]:
    """The entry's configuration as plain values, Jinja in them not rendered yet."""
    beside = {key: plain(entry[key]) for key in _CONFIGURED if entry.get(key) is not None}
    return {**beside, **plain(reader.mapping(entry, "config"))}


def plain(value: Any) -> Any:
    """A YAML value without its places, as it may be sent to another process."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value
