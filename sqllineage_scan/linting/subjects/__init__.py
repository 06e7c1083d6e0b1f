"""What rules can look at: a module a subject, with what can be asked of it (``ATTRIBUTES``) and how it is found (``each``)."""
