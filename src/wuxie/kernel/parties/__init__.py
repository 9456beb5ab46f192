"""Organisations, people, posts and dated appointments."""
