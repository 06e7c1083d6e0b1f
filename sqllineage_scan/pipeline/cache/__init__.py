"""What was worked out before, by the content it was worked out from."""
