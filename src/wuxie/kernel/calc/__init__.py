"""Calculators: one JSON document in, one out, every refusal naming its place."""
