"""What dbt's cross-database macros write, one file an adapter, its class ``Forms``. Found by being here, by its adapter's name.

An adapter that has no file writes as the one it is derived from, in the end as ``default``.
"""
