"""What dbt's YAML declares, a file for each of its top-level keys."""
