"""That a kept unit cannot stand for itself."""

from __future__ import annotations


class StaleError(Exception):
    """A kept unit is asked something that it was not asked then, or would find something else."""
