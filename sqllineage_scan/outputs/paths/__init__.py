"""Formats of the answer of ``paths``."""
