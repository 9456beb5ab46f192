"""Member units and the secretariat."""
