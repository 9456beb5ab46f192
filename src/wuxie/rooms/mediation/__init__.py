"""The mediation room; so far the reckoning of its rota of experts."""
