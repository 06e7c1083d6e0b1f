"""Formats that a contract is written in."""
