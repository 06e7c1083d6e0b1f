"""What the tool can print: ``--format json`` of a lineage graph is ``outputs/lineage/json.py``."""
