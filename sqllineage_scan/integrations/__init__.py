"""What talks to the world outside of the repository: code hosts, their runners. Nothing below this floor opens a connection."""
