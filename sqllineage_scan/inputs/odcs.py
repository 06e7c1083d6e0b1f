"""A contract in YAML, as the Open Data Contract Standard has it (v3): what is wrong with a file are findings with their place.

Source: bitol-io/open-data-contract-standard v3.2.0. Its classes and its JSON Schema are the package's; the places are ours.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from sqllineage_scan.domain.contract import Contract, PromisedColumn, PromisedDataset
from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.span import Span, whole_file
from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from open_data_contract_standard.model import OpenDataContractStandard, SchemaObject, SchemaProperty, Server

    Keys = Sequence[str | int]

INSTALL = "ODCS contracts need open-data-contract-standard: pip install 'sqllineage-scan[contracts]'"
_MOST_FINDINGS = 20  # of one file
_MOST_NODES = 200_000  # of a file, aliases written out: a few lines of YAML can mean billions
_MAJOR = "v3."
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Read(NamedTuple):
    """``contract`` is None where nothing can be made of the file."""

    contract: Contract | None
    findings: tuple[Finding, ...] = ()


class _Plain(_Loader):  # type: ignore[misc]
    """Dates stay texts, as the standard's schema has them."""


_Plain.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in _Loader.yaml_implicit_resolvers.items()
}


def check_installed() -> None:
    try:
        import jsonschema  # noqa: F401
        import open_data_contract_standard  # noqa: F401
    except ImportError as error:
        raise UsageError(INSTALL) from error


def read_contract(text: str, path: str) -> Read:
    """The contract of a file, and what the standard's schema finds wrong with it."""
    try:
        places = _Places(yaml.compose(text, _Plain), path)
        document = yaml.load(text, _Plain)  # noqa: S506 -- derived from the safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return Read(None, (_unreadable(path, _reason(error), _mark(error, path)),))
    refused = _refusal(document)
    if refused:
        return Read(None, (_unreadable(path, refused, places.of(("apiVersion",))),))
    invalid = tuple(_invalid(document, places))
    model = _model(document)
    if model is None:
        return Read(None, (*invalid, _unreadable(path, "its values are of other types than the standard's", whole_file(path))))
    return Read(_contract(model, path, places), invalid)


def _refusal(document: Any) -> str:
    if not isinstance(document, dict):
        return "it holds no mapping"
    version = document.get("apiVersion")
    if document.get("kind") != "DataContract" and version is None:
        return "it is no ODCS contract: it says neither `kind: DataContract` nor `apiVersion`"
    if isinstance(version, str) and not version.startswith(_MAJOR):
        return f"ODCS {version} is not read, only {_MAJOR}x"
    return ""


def _model(document: dict[str, Any]) -> OpenDataContractStandard | None:
    from open_data_contract_standard.model import OpenDataContractStandard
    from pydantic import ValidationError

    try:
        return OpenDataContractStandard.model_validate(document)
    except ValidationError:
        return None


def _contract(model: OpenDataContractStandard, path: str, places: _Places) -> Contract:
    return Contract(
        path=path,
        id=model.id or "",
        name=model.name or "",
        version=model.version or "",
        status=model.status or "",
        datasets=tuple(
            _dataset(each, model.servers or (), ("schema", number), places)
            for number, each in enumerate(model.schema_ or ())
            if each.name or each.physicalName
        ),
    )


def _dataset(each: SchemaObject, servers: Iterable[Server], keys: Keys, places: _Places) -> PromisedDataset:
    listed = enumerate(each.properties or ())
    return PromisedDataset(
        name=each.name or each.physicalName or "",
        names=tuple(dict.fromkeys(_names(each, servers))),
        span=places.of(keys),
        columns=tuple(_column(column, places.of((*keys, "properties", number))) for number, column in listed if column.name),
        tags=tuple(each.tags or ()),
        description=(each.description or "").strip(),
    )


def _names(each: SchemaObject, servers: Iterable[Server]) -> Iterator[str]:
    """``shop.public.orders`` where a server says which database and schema, then the name alone."""
    for name in filter(None, (each.physicalName, each.name)):
        for server in servers:
            inside = (server.project or server.database or server.catalog, server.dataset or server.schema_)
            yield ".".join((*filter(None, inside), name))
        yield name


def _column(column: SchemaProperty, span: Span) -> PromisedColumn:
    return PromisedColumn(
        name=column.physicalName or column.name or "",
        span=span,
        type=column.physicalType or "",
        logical_type=column.logicalType or "",
        tags=tuple(column.tags or ()),
        classification=column.classification or "",
        required=column.required,
        unique=column.unique,
        key=column.primaryKey,
        description=(column.description or "").strip(),
    )


def _invalid(document: dict[str, Any], places: _Places) -> Iterator[Finding]:
    """What the standard's JSON Schema says, each place once: of alternatives that all fail, the one that is nearest."""
    from jsonschema.exceptions import best_match

    told: set[tuple[str | int, ...]] = set()
    errors = sorted(_validator().iter_errors(document), key=lambda error: [str(key) for key in error.absolute_path])
    for error in errors:
        nearest = best_match([error])
        keys = tuple(nearest.absolute_path)
        if keys not in told and len(told) < _MOST_FINDINGS:
            told.add(keys)
            where = _shown(keys)
            message = f"{where}: {nearest.message}" if where else nearest.message
            span = places.of(keys)
            yield Finding("CT11", "contracts.invalid", Severity.ERROR, message, span, subject=where)


@cache
def _validator() -> Any:
    from jsonschema import Draft201909Validator

    schema = files("open_data_contract_standard").joinpath("schema.json").read_text(encoding="utf-8")
    return Draft201909Validator(_guarded(json.loads(schema)))


def _guarded(schema: Any) -> Any:
    """What depends on a ``logicalType`` only where one is said. The schema of 3.2.0, as the package has it, wants a ``map`` of
    every property that names no logicalType, since such a one passes its ``if``; the standard's own fix is this guard
    (bitol-io/open-data-contract-standard#322, #324).
    """
    for branch in schema["$defs"]["SchemaBaseProperty"].get("allOf", ()):
        conditions = branch.get("if", {})
        for condition in conditions.get("anyOf", [conditions]):
            if "logicalType" in condition.get("properties", {}):
                condition.setdefault("required", ["logicalType"])
    return schema


def _shown(keys: Keys) -> str:
    """``schema[0].properties[2].logicalType``"""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).removeprefix(".")


class _Places:
    """Where a key of a YAML document stands."""

    def __init__(self, root: Any, path: str) -> None:
        self._root, self._path = root, path
        left = _MOST_NODES
        pending = [root] if root is not None else []
        while pending:
            node, left = pending.pop(), left - 1
            if not left:
                raise ValueError(f"it means more than {_MOST_NODES:,} values")
            pending += _inner(node)

    def of(self, keys: Keys) -> Span:
        """The place of a key; of an item of a list that of its name; of what is not there that of what should have it."""
        node = self._root
        place = None
        for key in keys:
            found = _under(node, key)
            if found is None:
                break
            place, node = found
        if isinstance(node, yaml.MappingNode) and (place is None or place is node):
            place = next((key for key, _ in node.value if key.value == "name"), node)
        if place is None:
            return whole_file(self._path)
        begin, end = place.start_mark, place.end_mark
        if place is node and isinstance(node, yaml.CollectionNode):
            return Span(self._path, begin.line + 1, begin.column + 1, begin.line + 1, begin.column + 2)
        return Span(self._path, begin.line + 1, begin.column + 1, end.line + 1, end.column + 1)


def _under(node: Any, key: str | int) -> tuple[Any, Any] | None:
    """What stands for a key, and what is under it."""
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key], node.value[key]
    if isinstance(node, yaml.MappingNode):
        return next(((name, value) for name, value in node.value if name.value == key), None)
    return None


def _inner(node: Any) -> list[Any]:
    if isinstance(node, yaml.MappingNode):
        return [each for pair in node.value for each in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it nests too deeply"
    return " ".join(str(getattr(error, "problem", None) or error).split())


def _mark(error: Exception, path: str) -> Span:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return Span(path, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2) if mark else whole_file(path)


def _unreadable(path: str, why: str, span: Span) -> Finding:
    return Finding("CT10", "contracts.unreadable", Severity.ERROR, f"{path} is not read as a contract: {why}", span, subject=path)
