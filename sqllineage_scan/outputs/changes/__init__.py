"""Formats of a comparison: each module is one, with ``write(diff, out)``."""
