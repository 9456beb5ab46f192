"""Time: now, working days, holidays."""
