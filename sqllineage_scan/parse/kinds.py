"""Types of syntax asked about again and again: one look-up each, where ``isinstance`` goes through a list."""

from __future__ import annotations


class Kinds(dict[type, bool]):
    """``Kinds(exp.Struct, exp.Tuple)[type(node)]``: whether that type is one of these, or is derived from one."""

    def __init__(self, *kinds: type) -> None:
        super().__init__()
        self._kinds = kinds

    def __missing__(self, kind: type) -> bool:
        found = self[kind] = issubclass(kind, self._kinds)
        return found
