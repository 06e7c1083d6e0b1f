"""Formats of what runs reported: what ``observe`` prints."""
