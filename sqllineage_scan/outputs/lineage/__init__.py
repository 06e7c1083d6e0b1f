"""Formats of a lineage graph."""
