"""The verbs of the register, by noun."""
