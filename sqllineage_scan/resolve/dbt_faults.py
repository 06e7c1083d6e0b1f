"""What ``dbt parse`` would refuse or warn of: names that mean nothing, nodes that are there twice, circles."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.names import NameKind
from sqllineage_scan.domain.span import whole_file
from sqllineage_scan.resolve.order import components

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqllineage_scan.domain.dbt import DbtNode, Declaration, Node, Sight
    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.domain.source import CompiledFile
    from sqllineage_scan.domain.span import Span

_RELATIONS = ("model", "seed", "snapshot")


def dbt_faults(
    files: Sequence[CompiledFile], nodes: Sequence[Node], parent: Callable[[Sight, RelationName], str | None]
) -> Iterator[Finding]:
    """One finding for each fault, at the place to mend. ``parent``: what a name means to who sees so much."""
    made = [(file, file.node) for file in files if file.node is not None and file.node.enabled]
    here = {node.package for _, node in made}
    for _, node in made:
        yield from _unknown(node, parent, here)
    yield from _absent_packages(made, here)
    yield from _twice(made)
    yield from _circles(made, nodes)
    yield from _of_nothing(files)


def _unknown(node: DbtNode, parent: Callable[[Sight, RelationName], str | None], here: set[str]) -> Iterator[Finding]:
    """``ref('nobody')``, ``source('raw', 'nothing')``; also of a node that is switched off."""
    for name, place in zip(node.depends_on, node.places, strict=False):
        if parent(node.sight, name) is None and not _absent(name, here):
            rule = "dbt.unknown_ref" if name.kind is NameKind.REF else "dbt.unknown_source"
            message = f"no enabled node is called {name}"
            fix = "check the name, declare it, or install the package that has it"
            yield Finding("DB01", rule, Severity.WARNING, message, place, str(name), fix)


def _absent(name: RelationName, here: set[str]) -> str:
    """The package or project that a ref names and that is not in the repository: ``ref('core', 'orders')``."""
    package = name.parts[0] if name.kind is NameKind.REF else ""
    return "" if package in here else package


def _absent_packages(made: Iterable[tuple[CompiledFile, DbtNode]], here: set[str]) -> Iterator[Finding]:
    """One remark for each, however many refs: what is read of it is in the graph, and nothing before that."""
    places: dict[str, list[Span]] = defaultdict(list)
    for _, node in made:
        for name, place in zip(node.depends_on, node.places, strict=False):
            if package := _absent(name, here):
                places[package].append(place)
    for package, found in sorted(places.items()):
        times = f"{len(found)} refs" if len(found) > 1 else "a ref"
        message = f"`{package}` is not in the repository: what {times} to it read are datasets of which nothing more is known"
        fix = "install the package, or scan the other project with this one"
        yield Finding("DB01", "dbt.unknown_package", Severity.NOTE, message, min(found), package, fix)


def _twice(made: Iterable[tuple[CompiledFile, DbtNode]]) -> Iterator[Finding]:
    """Two files that make one node, and two nodes that make one relation: which of them lives is nobody's choice."""
    by_id: dict[tuple[str, str], list[tuple[CompiledFile, DbtNode]]] = defaultdict(list)
    by_relation: dict[tuple[str, tuple[str, ...]], list[tuple[CompiledFile, DbtNode]]] = defaultdict(list)
    for file, node in made:
        by_id[node.sight.project, node.unique_id].append((file, node))
        if node.resource_type in _RELATIONS and node.materialized != "ephemeral":
            by_relation[node.sight.project, node.relation].append((file, node))
    for (_, unique_id), same in sorted(by_id.items(), key=lambda item: item[0]):
        for file, _node in same[1:]:
            message = f"{same[0][0].path} makes {unique_id} too"
            yield Finding("DB02", "dbt.duplicate_node", Severity.ERROR, message, whole_file(file.path), unique_id, "rename one")
    for (_, relation), same in sorted(by_relation.items(), key=lambda item: item[0]):
        for file, node in same[1:]:
            if node.unique_id != same[0][1].unique_id:
                name = ".".join(relation)
                message = f"{same[0][0].path} makes the relation {name} too"
                fix = "give one another alias or schema"
                yield Finding("DB03", "dbt.duplicate_relation", Severity.ERROR, message, whole_file(file.path), name, fix)


def _circles(made: Iterable[tuple[CompiledFile, DbtNode]], nodes: Iterable[Node]) -> Iterator[Finding]:
    paths = {node.unique_id: file.path for file, node in made}
    readers: dict[str, set[str]] = {}
    for node in nodes:
        for parent in node.depends_on if node.enabled and node.unique_id in paths else ():
            readers.setdefault(parent, set()).add(node.unique_id)
    for circle in components(readers):
        if len(circle) > 1 or circle[0] in readers.get(circle[0], ()):
            first, *others = sorted(each for each in circle if each in paths)
            message = f"{first} depends on itself" + (f" by way of {', '.join(others[:5])}" if others else "")
            yield Finding("DB04", "dbt.cycle", Severity.ERROR, message, whole_file(paths[first]), first, "break the circle")


def _of_nothing(files: Iterable[CompiledFile]) -> Iterator[Finding]:
    """YAML that tells of a model that no file makes: often a renamed file."""
    there: set[tuple[str, str, str, str]] = set()
    said: list[Declaration] = []
    for file in files:
        if file.node is not None:
            node = file.node
            there.add((node.sight.project, node.package, node.resource_type, node.name))
        said += [each for each in (file.declarations.datasets if file.declarations else ()) if each.properties is not None]
    for each in said:
        if (each.sight.project, each.package, each.resource_type, each.name) not in there:
            message = f"no file makes the {each.resource_type} {each.name}"
            yield Finding("DB05", "dbt.unused_properties", Severity.WARNING, message, each.span, each.name, "check the name")
