"""How the run of a command is recorded: each module is a format with ``write(run, out)``."""
