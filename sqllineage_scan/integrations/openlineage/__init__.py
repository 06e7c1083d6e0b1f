"""OpenLineage at work: events sent to a backend, and the runs of commands told as they happen."""
