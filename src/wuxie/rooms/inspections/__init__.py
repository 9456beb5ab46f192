"""Statutory periodic inspections: what is due when."""
