"""The registry of how a blame is told: each module is a format with ``write(blame, out)``."""
