"""Templates to SQL: dbt's Jinja without dbt, in a sandbox, with a map back to the source. Never fails."""
