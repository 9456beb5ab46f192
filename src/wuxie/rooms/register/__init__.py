"""Estates, buildings, units, owners, companies, contracts, posts."""
