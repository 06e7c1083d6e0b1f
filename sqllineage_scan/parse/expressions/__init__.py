"""Which columns an expression uses, and what for. ``operators`` has a file for every operator that is more than the sum
of its parts.
"""

from sqllineage_scan.parse.expressions.visitor import fields_of, influence, stacked, uses_of

__all__ = ["fields_of", "influence", "stacked", "uses_of"]
