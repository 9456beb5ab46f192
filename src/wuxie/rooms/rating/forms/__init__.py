"""What people send to the rating room, by noun."""
