"""Which files there are, what each one is, and which dialect it speaks. Nothing is rendered or parsed here."""
