"""Graphs of several repositories as one: what ``link`` does."""
