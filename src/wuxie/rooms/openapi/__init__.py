"""The machine interface."""
