"""Formats of a report of drift."""
