"""Rules: what is wrong with a repository's lineage that no file shows alone."""
