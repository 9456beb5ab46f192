"""Keeping the house after a fire: encrypted backups, officers' keys, restoring, rotation of the data keys."""
