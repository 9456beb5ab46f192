"""What every room stands on; it knows no room's noun."""
