"""The registry of how a history is told: each module is a format with ``write(history, out)``."""
