"""The lineage graph: an immutable value, and the questions asked of it."""
