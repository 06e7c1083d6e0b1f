"""Lineage read back from files: the document, and the formats that hold as much. Each module of the folder has ``read``."""
