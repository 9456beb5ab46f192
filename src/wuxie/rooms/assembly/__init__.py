"""Owners decide together."""
