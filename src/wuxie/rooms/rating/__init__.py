"""Stars for estates, from evidence, in public."""
