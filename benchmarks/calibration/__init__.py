"""How often an edge of a given confidence is right: hide what is known, scan again, compare."""
