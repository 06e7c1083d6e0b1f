"""Formats of a report of findings."""
