"""Names to datasets, references to columns: everything that needs to see all files at once."""
