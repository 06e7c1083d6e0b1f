"""Lists of names that meet by position."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def misplaced(wanted: Sequence[str], given: Sequence[str]) -> tuple[str, ...]:
    """Names that stand where another is wanted, and are wanted elsewhere: ``b over a`` for (a, b) met by (b, a).

    A name that is only other than the one wanted says nothing: ``select user_id … union all select customer_id …``.
    """
    places = {name: position for position, name in enumerate(wanted) if name}
    if len(places) != len(wanted):
        return ()
    return tuple(
        f"{name} where {wanted[position]} belongs"
        for position, name in enumerate(given)
        if position < len(wanted) and name and name != wanted[position] and places.get(name, position) != position
    )
