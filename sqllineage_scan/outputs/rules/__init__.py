"""Formats of rules."""
