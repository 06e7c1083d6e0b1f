"""What ``--select`` and ``--exclude`` mean: dbt's node selection syntax, extended to columns."""
