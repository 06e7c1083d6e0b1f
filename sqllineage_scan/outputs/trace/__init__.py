"""Formats of the answer of ``trace``."""
