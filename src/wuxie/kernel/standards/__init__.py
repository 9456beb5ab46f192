"""Scoring standards as versioned data."""
