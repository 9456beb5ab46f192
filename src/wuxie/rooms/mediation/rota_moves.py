"""A rota after somebody falls out: as few shifts as possible change hands."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Slot:
    """One duty: its own number, the day, who has it."""

    id: int
    day: datetime.date
    expert: int


@dataclass(frozen=True)
class Able:
    """Somebody who takes duties: their unit, the days they are away, how many they take at most."""

    org: int
    away: frozenset[datetime.date]
    most: int | None = None


def why_not(slots: Sequence[Slot], people: Mapping[int, Able], slot: Slot, expert: int, rest: int) -> str:
    """Why somebody cannot have a duty: ``away``, ``org``, ``rest``, ``most``; empty where they can."""
    one = people[expert]
    if slot.day in one.away:
        return "away"
    others = [other for other in slots if other.id != slot.id]
    if any(other.day == slot.day and people[other.expert].org == one.org for other in others):
        return "org"
    mine = [other for other in others if other.expert == expert]
    if any(abs((other.day - slot.day).days) <= rest for other in mine):
        return "rest"
    return "most" if one.most is not None and len(mine) >= one.most else ""


def replaced(
    slots: Sequence[Slot], people: Mapping[int, Able], rest: int, movable: Collection[int]
) -> tuple[dict[int, int], list[Slot]]:
    """New holders for the ``movable`` duties whose holder is away: duty → expert, and those that nobody can take.

    Each such duty has to change hands and no other does, so fewer moves there cannot be. Whoever has fewest duties takes the next
    one, the lower number among equals: the same rota gives the same answer.
    """
    now = {slot.id: slot for slot in slots}
    moved: dict[int, int] = {}
    open_: list[Slot] = []
    for slot in sorted(slots, key=lambda one: (one.day, one.id)):
        if slot.id not in movable or slot.day not in people[slot.expert].away:
            continue
        duties = Counter(one.expert for one in now.values())
        current = list(now.values())
        able = [
            pk for pk in sorted(people, key=lambda pk: (duties[pk], pk)) if not why_not(current, people, slot, pk, rest)
        ]
        if not able:
            open_.append(slot)
            continue
        moved[slot.id] = able[0]
        now[slot.id] = Slot(slot.id, slot.day, able[0])
    return moved, open_
