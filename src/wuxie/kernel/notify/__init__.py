"""Telling people: in-app, e-mail, robots, short messages."""
