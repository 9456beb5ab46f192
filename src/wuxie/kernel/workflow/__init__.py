"""Procedures as tables: states, steps, deadlines, the desk."""
