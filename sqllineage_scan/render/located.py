"""YAML with places: every mapping remembers where its ``name:`` stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Located(dict[Any, Any]):
    """A YAML mapping. ``place``: offsets of its ``name:`` entry, else of its first character."""

    __slots__ = ("place",)

    place: tuple[int, int]


class _Loader(_SafeLoader):  # type: ignore[misc]
    """YAML's own types only, mappings with places."""


def _construct_mapping(loader: Any, node: yaml.MappingNode) -> Iterator[Located]:
    mapping = Located()
    mapping.place = _place(node)
    yield mapping
    mapping.update(loader.construct_mapping(node))


def _place(node: yaml.MappingNode) -> tuple[int, int]:
    for key, value in node.value:
        if key.value == "name":
            return key.start_mark.index, value.end_mark.index
    start = node.start_mark.index
    return start, start + 1


_Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)


def load(text: str) -> Any:
    """The first document of a YAML text. Raises whatever PyYAML raises."""
    return yaml.load(text, _Loader)  # noqa: S506 -- derived from the safe loader


def error_line(error: Exception) -> int:
    """The line, from 1, that a YAML error is about."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return mark.line + 1 if mark is not None else 1
