"""What was observed of a database: a module a kind of file, with ``fits(path, head)`` and ``read(path)``."""
