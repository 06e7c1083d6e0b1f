"""What single operators do with their operands. A module says in ``EXPRESSIONS`` which types of the syntax tree it reads, in
``FUNCTIONS`` which functions by name; each is read by ``f(node, visitor, purpose)``.
"""
