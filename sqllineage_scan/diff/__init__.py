"""Two graphs of one repository into what differs and what that does: the changes, their readers, a verdict."""
