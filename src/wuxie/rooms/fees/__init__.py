"""Changing a property fee: lawful, on true costs, by the owners' own decision."""
