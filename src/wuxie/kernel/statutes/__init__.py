"""Figures of law as data."""
