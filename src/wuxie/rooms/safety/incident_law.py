"""How bad an accident is, by deaths, serious injuries and loss: pure and exact, without the ORM.

生产安全事故报告和调查处理条例第3条: the highest grade that any of the three reaches. The lines are figures of ``statutes``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Grades from the worst down; below all of them stands a general accident.
WORST_FIRST = ("grave", "major", "larger")


@dataclass(frozen=True)
class Lines:
    """From which number on a grade begins: deaths, serious injuries, loss in cents."""

    deaths: int
    injured: int
    loss: int


def grade(deaths: int, injured: int, loss: int, lines: Mapping[str, Lines]) -> str:
    """``grave``, ``major``, ``larger`` or ``general``; loss in cents. ``ValueError`` for a negative number."""
    if min(deaths, injured, loss) < 0:
        raise ValueError((deaths, injured, loss))
    for name in WORST_FIRST:
        line = lines[name]
        if deaths >= line.deaths or injured >= line.injured or loss >= line.loss:
            return name
    return "general"
