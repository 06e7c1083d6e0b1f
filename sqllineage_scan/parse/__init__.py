"""SQL to ``Unit``s. sqlglot lives here and nowhere else."""
