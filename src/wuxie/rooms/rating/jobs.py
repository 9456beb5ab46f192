"""Periodic work of the rating."""
