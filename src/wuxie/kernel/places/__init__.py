"""The tree of cities, districts, streets and communities."""
