"""What other tools load of ours."""
