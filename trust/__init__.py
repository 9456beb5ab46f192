"""``make trust``: the house is attacked, and what held is written down with its figure."""
