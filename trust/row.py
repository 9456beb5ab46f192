"""One line of the account: what was tried against which goal, and what came of it."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """``goal`` is a number of the table in ``goals.py``; ``figure`` says what was counted, in words."""

    goal: str
    what: str
    figure: str
    met: bool
