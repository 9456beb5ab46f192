"""Figures beside a limit measured in the same run. Nothing here asserts a time."""
