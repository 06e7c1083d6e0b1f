"""Formats of a snapshot."""
