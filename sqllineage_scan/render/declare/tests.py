"""``data_tests:``, generic tests: which columns of what they test, under dbt's own ids.

Source of names and ids: dbt-core, ``parser/generic_test_builders.py`` and ``parser/schema_generic_tests.py``.
"""

from __future__ import annotations

import re
from hashlib import md5
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from sqllineage_scan.domain.dbt import DeclaredNode
from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.render.configuration import folder_config
from sqllineage_scan.render.declare.models import plain
from sqllineage_scan.render.evaluation import is_true, known_value
from sqllineage_scan.render.lexical import relation_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.render.declare.reader import Reader
    from sqllineage_scan.render.located import Located

# What is said of the test itself and not to it; anything else is an argument
_SETTINGS = frozenset(
    (
        "config severity tags enabled where limit warn_if error_if fail_calc store_failures store_failures_as meta database"
        " schema alias name description test_name arguments"
    ).split()
)
_KEYS = ("tests", "data_tests")
_HASH_LENGTH = 10


class Tested(NamedTuple):
    """What is tested: a model, seed or snapshot, one version of a model, or a source's table."""

    name: str  # as it stands in the test's name: orders, orders.v2, raw_orders
    relation: RelationName
    model: str  # what dbt gives the test's macro as its argument `model`
    prefix: str = ""


def generic_tests(reader: Reader, document: Located) -> Iterator[DeclaredNode]:
    for key in ("models", "seeds", "snapshots"):
        for name, entry in reader.named(document, key):
            versions = [str(version["v"]) for version in reader.entries(entry, "versions") if version.get("v") is not None]
            for version in versions or [""]:
                yield from _of(reader, _node(name, version), entry)
    for source_name, source in reader.named(document, "sources"):
        for table_name, table in reader.named(source, "tables"):
            yield from _of(reader, _source(source_name, table_name), table)


def _node(name: str, version: str) -> Tested:
    call = f"ref('{name}', version='{version}')" if version else f"ref('{name}')"
    shown = f"{name}.v{version}" if version else name
    return Tested(shown, RelationName(NameKind.REF, ("", name, version)), f"{{{{ get_where_subquery({call}) }}}}")


def _source(source_name: str, table_name: str) -> Tested:
    call = f"source('{source_name}', '{table_name}')"
    relation = RelationName(NameKind.SOURCE, (source_name, table_name))
    return Tested(f"{source_name}_{table_name}", relation, f"{{{{ get_where_subquery({call}) }}}}", "source_")


def _of(reader: Reader, tested: Tested, entry: Located) -> Iterator[DeclaredNode]:
    for test in _listed(entry):
        yield from _test(reader, tested, entry, test, None)
    for column, place in reader.named(entry, "columns"):
        for test in _listed(place):
            yield from _test(reader, tested, place, test, column)


def _listed(entry: Located) -> Iterator[Any]:
    for key in _KEYS:
        listed = entry.get(key)
        yield from listed if isinstance(listed, list) else ()


def _test(reader: Reader, tested: Tested, place: Located, test: Any, column: str | None) -> Iterator[DeclaredNode]:
    said = _said(test)
    if said is None:
        return  # a remark on it is made where the column is read
    written, settings = said
    namespace, _, name = written.rpartition(".")
    arguments = {key: plain(value) for key, value in settings.items() if key not in _SETTINGS}
    if column is not None:
        arguments["column_name"] = column
    full = _full_name(f"{namespace}_" if namespace else "", name, tested, arguments)
    own = settings.get("name")
    name_of_node = own if isinstance(own, str) and own else full
    metadata = {"namespace": namespace or None, "name": name, "kwargs": {**arguments, "model": tested.model}}
    columns = [column] if column else _strings(arguments.get("column_name")) + _strings(arguments.get("combination_of_columns"))
    yield DeclaredNode(
        unique_id=f"test.{reader.package}.{name_of_node}.{_hash(name_of_node, metadata)}",
        resource_type="test",
        package=reader.package,
        name=name_of_node,
        span=reader.span(place),
        depends_on=tuple(dict.fromkeys((*_refs(arguments), tested.relation))),
        columns=tuple(dict.fromkeys(columns)),
        enabled=_enabled(reader, settings, name_of_node),
        sight=reader.subject.sight,
    )


def _said(test: Any) -> tuple[str, dict[str, Any]] | None:
    """The test and all that is said of it, its ``arguments`` (dbt 1.10) among the rest as dbt has them.

    unique      {accepted_values: {arguments: {values: [a]}}}      {name: n, test_name: accepted_values, values: [a]}
    """
    if isinstance(test, str):
        return test, {}
    if not isinstance(test, dict) or not test:
        return None
    named = test.get("test_name")
    if isinstance(named, str):
        return named, _flat(test)
    name, settings = next(iter(test.items()))
    beside = {key: value for key, value in test.items() if key != name}
    return str(name), _flat({**beside, **(settings if isinstance(settings, dict) else {})})


def _flat(settings: dict[Any, Any]) -> dict[str, Any]:
    arguments = settings.get("arguments")
    given = {**settings, **(arguments if isinstance(arguments, dict) else {})}
    return {str(key): value for key, value in given.items()}


def _enabled(reader: Reader, settings: dict[str, Any], name: str) -> bool:
    config = settings.get("config")
    folders = PurePosixPath(reader.subject.path_in_project).parts[1:-1]  # dbt leaves the first out, whatever it is
    above = folder_config(reader.subject, "test", (reader.package, *folders, name))
    for place in (settings, config if isinstance(config, dict) else {}):
        if place.get("enabled") is not None:
            return is_true(known_value(place["enabled"], reader.subject, default=True))
    return is_true(above.get("enabled", True))


def _full_name(namespace: str, name: str, tested: Tested, arguments: dict[str, Any]) -> str:
    flat: list[str] = []
    for _, value in sorted(arguments.items()):
        parts = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else [value]
        flat.extend(str(part) for part in parts)
    unique = "__".join(re.sub(r"[^0-9a-zA-Z_]+", "_", part) for part in flat)
    return f"{namespace}{tested.prefix}{name}_{re.sub(r'[^0-9a-zA-Z_]+', '_', tested.name)}_{unique}"


def _hash(name: str, metadata: dict[str, Any]) -> str:
    return md5(f"{name}{_hashable(metadata)!r}".encode(), usedforsecurity=False).hexdigest()[-_HASH_LENGTH:]


def _hashable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _hashable(value[key]) for key in sorted(value)}
    return [_hashable(each) for each in value] if isinstance(value, list) else str(value)


def _strings(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _refs(value: Any) -> Iterator[RelationName]:
    """The relations among a test's arguments: ``to: ref('customers')``."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _refs(each)
    elif isinstance(value, list):
        for each in value:
            yield from _refs(each)
    elif isinstance(value, str):
        name = relation_named(value.strip().strip("{}").strip())
        if name is not None and name.kind in (NameKind.REF, NameKind.SOURCE):
            yield name
