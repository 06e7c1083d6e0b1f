"""Formats of where repositories meet: what ``link`` prints."""
