"""The procedures of the room: a case of discipline, a credit record."""
