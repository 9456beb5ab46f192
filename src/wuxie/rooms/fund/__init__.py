"""The special maintenance fund."""
