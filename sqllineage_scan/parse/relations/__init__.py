"""Queries and items of FROM, one file an operator (see ``parse/registry.py``)."""
