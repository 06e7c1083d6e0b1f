"""Who compiles files beside this process. The name of a module is the name of ``--executor``."""
