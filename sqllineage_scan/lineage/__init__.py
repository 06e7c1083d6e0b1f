"""Bound units into edges: what each column of a target is made of, and what decides its rows."""
