"""The tables of the room, by noun."""

from .library import Library

__all__ = ["Library"]
