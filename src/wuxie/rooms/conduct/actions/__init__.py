"""The verbs of a proceeding and of a credit record."""
