"""Formats of a comparison of two versions of a contract."""
