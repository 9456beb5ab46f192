"""The tables of the room."""

from .disputes import Clause, Dispute, Party, Sitting, Voice
from .experts import Affiliation, Committee, Expert, Rota, Shift, Swap
from .petitions import Petition

__all__ = [
    "Affiliation",
    "Clause",
    "Committee",
    "Dispute",
    "Expert",
    "Party",
    "Petition",
    "Rota",
    "Shift",
    "Sitting",
    "Swap",
    "Voice",
]
