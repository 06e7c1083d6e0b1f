"""Statements, one file a kind (see ``parse/registry.py``)."""
