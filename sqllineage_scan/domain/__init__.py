"""The nouns: frozen values that every stage passes to the next. Standard library only."""
