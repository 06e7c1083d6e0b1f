"""What well-known macros write, as portable SQL: one file a package, one function a macro. Found by being here."""
