"""Pages of the public site, by noun."""
