"""How many duties each expert takes, so that each unit bears its share by weight.

The counts add up to all duties: given to the calculator as the most of each expert they leave nobody less either, and what is
left to find is which days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction


def shared(total: int, weights: Mapping[int, int], room: Mapping[int, int]) -> dict[int, int]:
    """``total`` in whole numbers by weight, nobody more than their room; what does not fit is shared among the others alike.

    Largest remainders get the odd ones, the lower key among equals. What fits nowhere is left out.
    """
    exact: dict[int, Fraction] = {}
    left, open_ = Fraction(min(total, sum(room.values()))), dict(weights)
    while open_:
        whole = sum(open_.values())
        full = [key for key, weight in open_.items() if left * weight / whole >= room[key]]
        if not full:
            exact |= {key: left * weight / whole for key, weight in open_.items()}
            break
        for key in full:
            exact[key] = Fraction(room[key])
        left -= sum(room[key] for key in full)
        open_ = {key: weight for key, weight in open_.items() if key not in exact}
    found = {key: int(value) for key, value in exact.items()}
    odd = min(total, sum(room.values())) - sum(found.values())
    for key in sorted(exact, key=lambda key: (found[key] - exact[key], key))[:odd]:
        found[key] += 1
    return found


def turns(
    duties: int, days: int, units: Sequence[int], weights: Mapping[int, int], capacity: Sequence[int]
) -> list[int]:
    """The duties of each expert: the unit's share of all by its weight, split evenly among its experts.

    ``units``: the unit of each expert; ``capacity``: how many each could take at all. A unit sits at the desk once a day at most.
    """
    of_unit: dict[int, list[int]] = {}
    for at, unit in enumerate(units):
        of_unit.setdefault(unit, []).append(at)
    room = {unit: min(days, sum(capacity[at] for at in those)) for unit, those in of_unit.items()}
    found = [0] * len(units)
    for unit, count in shared(duties, {unit: weights[unit] for unit in of_unit}, room).items():
        those = of_unit[unit]
        for at, share in shared(count, dict.fromkeys(those, 1), {at: capacity[at] for at in those}).items():
            found[at] = share
    return found
