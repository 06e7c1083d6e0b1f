"""Formats of one dataset or one column: what ``show`` prints."""
