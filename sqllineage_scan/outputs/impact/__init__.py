"""Formats of the answer of ``impact``."""
