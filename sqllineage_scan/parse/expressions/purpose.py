"""What an expression's value is wanted for."""

from __future__ import annotations

from typing import NamedTuple

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.transformation import compose

EVERY_FIELD = "*"
"""As a step of a path: whichever fields the row has, ``(array_agg(t))[1].*``."""


class Purpose(NamedTuple):
    """``path``: the field of the value that is wanted, ``("x", "y")`` in ``s.x.y``; what else the value holds does not matter."""

    subtype: Subtype = Subtype.IDENTITY
    masking: bool = False
    path: tuple[str, ...] = ()

    def whole(self) -> Purpose:
        """The same, of the whole value: which of its parts ends up where is not known."""
        return Purpose(self.subtype, self.masking) if self.path else self

    def computed(self) -> Purpose:
        """For an operand of ``f(a)``: not the value itself."""
        if self.subtype is not Subtype.IDENTITY:
            return self
        return Purpose(Subtype.TRANSFORMATION, self.masking, self.path)

    def aggregated(self) -> Purpose:
        """For the argument of ``sum(a)``."""
        return Purpose(compose(Subtype.AGGREGATION, self.subtype), self.masking, self.path)

    def deciding(self, subtype: Subtype) -> Purpose:
        """For what only decides which value it is: the condition of a CASE, the key of a window."""
        return Purpose(compose(subtype, self.subtype))

    def masked(self) -> Purpose:
        return Purpose(self.subtype, masking=True, path=self.path)

    def inside(self, *steps: str) -> Purpose:
        """For the struct in ``struct.field``."""
        return Purpose(self.subtype, self.masking, (*steps, *self.path))

    def next(self) -> Purpose:
        """For the value of the field that the path names first."""
        return Purpose(self.subtype, self.masking, self.path[1:])
