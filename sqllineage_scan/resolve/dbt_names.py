"""``ref`` and ``source``: which node of which project and package a name means, by dbt's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from sqllineage_scan.domain.dbt import DbtNode, Sight

Name = tuple[str, ...]
Item = TypeVar("Item")


class DbtNames(Generic[Item]):
    """Something by the project it runs in, the package it belongs to, and its name."""

    def __init__(self) -> None:
        self._exact: dict[tuple[str, str, Name], Item] = {}
        self._in_project: dict[tuple[str, Name], Item] = {}
        self._anywhere: dict[Name, Item] = {}
        self._by_package: dict[tuple[str, Name], Item] = {}

    def define(self, project: str, package: str, name: Name, item: Item) -> None:
        """The first of a name stays."""
        self._exact.setdefault((project, package, name), item)
        self._in_project.setdefault((project, name), item)
        self._anywhere.setdefault(name, item)
        self._by_package.setdefault((package, name), item)

    def exactly(self, project: str, package: str, name: Name) -> Item | None:
        return self._exact.get((project, package, name))

    def meant(self, sight: Sight, name: Name, package: str = "") -> Item | None:
        """What ``ref('orders')`` or ``ref('shop', 'orders')`` means to who sees ``sight``: something of the project, first of
        its own, then of the package that asks, then of any; else of another project of the repository, as a cross-project
        ref means it.
        """
        if package:
            return self._exact.get((sight.project, package, name), self._by_package.get((package, name)))
        for own in sight.packages:
            if (found := self._exact.get((sight.project, own, name))) is not None:
                return found
        found = self._in_project.get((sight.project, name))
        return self._anywhere.get(name) if found is None else found


def node_versions(node: DbtNode) -> tuple[str, ...]:
    """The versions by which a node is asked for: ``ref('orders')`` is the latest, ``ref('orders', v=2)`` the second."""
    return tuple(dict.fromkeys((node.version, ""))) if node.latest else (node.version,)
