"""Tender oversight: what is worth a second look after the opening of bids."""
