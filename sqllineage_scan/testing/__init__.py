"""For authors of rules: run a rule's own examples."""

from sqllineage_scan.testing.examples import Outcome, run_example, run_examples

__all__ = ["Outcome", "run_example", "run_examples"]
