"""The tables of the room."""

from .disputes import Clause, Dispute, Party, Sitting, Voice
from .experts import Affiliation, Committee, Expert, Rota, Shift, Swap

__all__ = [
    "Affiliation",
    "Clause",
    "Committee",
    "Dispute",
    "Expert",
    "Party",
    "Rota",
    "Shift",
    "Sitting",
    "Swap",
    "Voice",
]
