"""What a repository says about how it wants to be scanned."""
