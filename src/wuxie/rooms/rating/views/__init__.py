"""The pages of the rating room, by noun."""
