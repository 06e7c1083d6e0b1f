"""What talks to the world outside of the repository, code hosts and their runners; and tools that load us.

Nothing below this floor opens a connection.
"""
