"""Verbs: the decision itself, its roll, the doors, the count."""
