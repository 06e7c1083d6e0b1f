"""The nouns: frozen values that every stage passes to the next. Standard library only.

Those made once a reference (a name, a span, a use, an edge) are NamedTuples: made, compared and hashed in a third of the
time of a frozen dataclass. The others are frozen dataclasses.
"""
