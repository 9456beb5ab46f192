"""Pages: the decision and its steps, the doors, the ballots, what everybody may check."""
