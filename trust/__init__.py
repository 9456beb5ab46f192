"""The proofs behind ``docs``: what is attacked, how often, and what must be noticed."""
