"""Cases of discipline and their ballots; credit records and the two scores of a company."""

from .credit import Dimension, Record, Score
from .discipline import PANEL, Ballot, Involvement, Proceeding

__all__ = ["PANEL", "Ballot", "Dimension", "Involvement", "Proceeding", "Record", "Score"]
