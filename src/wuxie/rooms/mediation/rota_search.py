"""Finding the fairest rota: fill day by day, mend what is uneven, and leave to the solver what that does not settle.

A rota that reaches the bounds, which come from counting alone, is the best there is, and no solver has to prove it: so a year of
sixty experts takes seconds. What the bounds leave open (narrow days, many absences, own limits) is small or hard; CP-SAT
proves it or says that it could not.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

from .rota import Fairness, Plan, Unfilled, Wanted, fairness

#: Times the days are filled anew.
STARTS = 12
#: The first of them keep everybody in step over the whole time; the others hurry whoever could run out of days.
EVENLY = 3
#: So many changes a duty are tried before mending gives up.
PATIENCE = 60


def fairest(wanted: Wanted) -> tuple[Plan, bool]:
    """The fairest rota found, and whether there is no fairer one. ``Unfilled`` if there is none at all."""
    short = [at for at in range(len(wanted.days)) if _sides(wanted, at) < wanted.per_day]
    if short:
        raise Unfilled(short)
    chance = random.Random(wanted.seed)  # noqa: S311 - a drawn order that anyone can repeat, not a secret
    if lacking := missing(wanted):
        raise Unfilled(_open_days(wanted, lacking, chance))
    best: Plan | None = None
    bound = least(wanted)
    for start in range(STARTS):
        filled = _fill(wanted, chance, evenly=start < EVENLY)
        if _short(wanted, filled):
            continue
        table = Table(wanted, filled)
        table.mend(chance, bound)
        found = table.plan()
        if best is None or fairness(wanted, found).key < fairness(wanted, best).key:
            best = found
        if bound is not None and fairness(wanted, best).key == bound.key:
            return best, True
    from .rota_solver import solve

    return solve(wanted, best, bound)


def _sides(wanted: Wanted, at: int) -> int:
    """Organisations of which somebody is there on a day, and takes duties at all."""
    return len({wanted.experts[one].org for one in wanted.present[at] if wanted.capacity[one]})


def _short(wanted: Wanted, plan: Plan) -> list[int]:
    """Days that have fewer experts than are wanted."""
    return [at for at, those in enumerate(plan) if len(those) < wanted.per_day]


def _open_days(wanted: Wanted, lacking: int, chance: random.Random) -> list[int]:
    """Of a rota that counting shows to be impossible: the days that stay open in the fullest one found."""
    filled = [_fill(wanted, chance) for _start in range(STARTS)]
    best = min(filled, key=lambda plan: sum(wanted.per_day - len(those) for those in plan))
    if sum(wanted.per_day - len(those) for those in best) > lacking:
        from .rota_solver import fullest

        best = fullest(wanted, best, lacking)
    return _short(wanted, best)


# ── bounds by counting ────────────────────────────────────────────────────────────────────────────────────────────────


def missing(wanted: Wanted) -> int:
    """How many duties nobody can take, whoever takes which: more than 0 and there is no rota.

    Nobody comes twice within ``rest`` days, and no organisation twice a day: so a stretch of that length has no more hands than
    people who are there. Stretches that do not overlap add up. Nor are there more hands than all can give in the whole time.
    """
    days = wanted.calendar
    most = [0] * (len(days) + 1)
    first = 0
    for last, at in enumerate(days):
        while wanted.ordinals[at] - wanted.ordinals[days[first]] > wanted.rest:
            first += 1
        stretch = days[first : last + 1]
        lacking = wanted.per_day * len(stretch) - _hands(wanted, stretch)
        most[last + 1] = max(most[last], most[first] + max(lacking, 0))
    return max(most[-1], wanted.duties - sum(_rooms(wanted, max(wanted.capacity))))


def _hands(wanted: Wanted, stretch: list[int]) -> int:
    """How many duties of a stretch in which nobody comes twice can be taken."""
    there = {one for at in stretch for one in wanted.present[at] if wanted.capacity[one]}
    return sum(min(count, len(stretch)) for count in Counter(wanted.experts[one].org for one in there).values())


def least(wanted: Wanted) -> Fairness | None:
    """What no rota can be fairer than; ``None`` if counting already shows that there is no rota."""
    found: list[tuple[int, int]] = []
    for low, high in _levels(wanted):
        most = _heaviest(wanted, low, high)
        if most is None:
            continue  # no organisation can give that much: somebody has to do more than this
        found.append((high - low, most))
        if low == min(wanted.capacity):
            break  # a higher most would only be more uneven
    return Fairness(*min(found)) if found else None


def _levels(wanted: Wanted) -> Iterator[tuple[int, int]]:
    """Fewest and most duties with which all duties could be shared out: for each most, the highest fewest."""
    count, top = len(wanted.experts), max(wanted.capacity)
    floor = min(wanted.capacity)
    for high in range(-(-wanted.duties // count), top + 1):
        if sum(min(one, high) for one in wanted.capacity) < wanted.duties:
            continue
        yield min(floor, wanted.duties // count, high), high


def _heaviest(wanted: Wanted, low: int, high: int) -> int | None:
    """The smallest possible most of one organisation, if everybody has between ``low`` and ``high`` duties."""
    room = _rooms(wanted, high)
    most = max(low * len(those) for those in _members(wanted))
    most = max(most, -(-wanted.duties // wanted.orgs))
    while sum(min(one, most) for one in room) < wanted.duties:
        if most >= len(wanted.days):
            return None
        most += 1
    return most


def _members(wanted: Wanted) -> list[list[int]]:
    """The experts of each organisation."""
    members: list[list[int]] = [[] for _ in range(wanted.orgs)]
    for at, one in enumerate(wanted.experts):
        members[one.org].append(at)
    return members


def _rooms(wanted: Wanted, high: int) -> list[int]:
    """How many duties each organisation can take, if nobody has more than ``high``: one a day at most."""
    rooms = []
    for those in _members(wanted):
        there = set(those)
        open_days = sum(1 for present in wanted.present if not there.isdisjoint(present))
        rooms.append(min(open_days, sum(min(wanted.capacity[one], high) for one in those)))
    return rooms


# ── filling ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _fill(wanted: Wanted, chance: random.Random, *, evenly: bool = False) -> Plan:
    """Day by day those with the fewest duties, of the organisations with the fewest; where too few are left a day stays open.

    ``evenly``: where everybody's number is settled, nobody runs ahead of it or behind; a tight pool may not allow that.
    """
    count = len(wanted.experts)
    org = [one.org for one in wanted.experts]
    each, of_org, last = [0] * count, [0] * wanted.orgs, [-(10**9)] * count
    plan: Plan = [[] for _ in wanted.days]
    draw = [chance.random() for _ in range(count)]
    settled = sum(wanted.capacity) == wanted.duties
    left = (Even if evenly else Left)(wanted)
    for at in wanted.calendar:
        day, here = wanted.ordinals[at], wanted.present[at]
        ready = [one for one in here if day - last[one] > wanted.rest and each[one] < wanted.capacity[one]]
        # Whoever has least left of what they could do goes before others with as many duties. Where everybody's number is
        # settled, whoever has most to do on the days still to come, of the organisation that has.
        key = {
            one: (-left.org(org[one], of_org), -left.expert(one, each), draw[one]) if settled
            else (each[one], of_org[org[one]], wanted.capacity[one], draw[one])
            for one in ready
        }  # fmt: skip
        sides: set[int] = set()
        for one in sorted(ready, key=key.__getitem__):
            if org[one] in sides:
                continue
            sides.add(org[one])
            plan[at].append(one)
            if len(plan[at]) == wanted.per_day:
                break
        for one in plan[at]:
            each[one] += 1
            of_org[org[one]] += 1
            last[one] = day
            draw[one] = chance.random()
        left.over(here)
    return plan


class Left:
    """How much of the days still to come somebody needs for the duties that they still owe: 1 is every day."""

    def __init__(self, wanted: Wanted) -> None:
        self.orgs = [one.org for one in wanted.experts]
        self.owed, self.owed_by = wanted.capacity, [0] * wanted.orgs
        self.days, self.days_of = [0] * len(self.orgs), [0] * wanted.orgs
        for one, duties in enumerate(wanted.capacity):
            self.owed_by[self.orgs[one]] += duties
        for present in wanted.present:
            self._count(present, 1)

    def _count(self, present: list[int], by: int) -> None:
        for one in present:
            self.days[one] += by
        for org in {self.orgs[one] for one in present}:
            self.days_of[org] += by

    def over(self, present: list[int]) -> None:
        """A day is filled on which these were there."""
        self._count(present, -1)

    def expert(self, one: int, done: list[int]) -> float:
        return (self.owed[one] - done[one]) / self.days[one]

    def org(self, org: int, done: list[int]) -> float:
        return (self.owed_by[org] - done[org]) / self.days_of[org]


class Even(Left):
    """How far somebody lags behind their duties, had they been spread alike over all days on which they are there."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(wanted)
        self.all, self.all_of = list(self.days), list(self.days_of)

    def expert(self, one: int, done: list[int]) -> float:
        return self.owed[one] * (1 + self.all[one] - self.days[one]) / self.all[one] - done[one]

    def org(self, org: int, done: list[int]) -> float:
        return self.owed_by[org] * (1 + self.all_of[org] - self.days_of[org]) / self.all_of[org] - done[org]


# ── mending ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Table:
    """A filled rota whose duties are handed on from one expert to another as long as that makes it fairer."""

    def __init__(self, wanted: Wanted, plan: Plan) -> None:
        self.wanted = wanted
        self.days = [list(those) for those in plan]
        self.org = [one.org for one in wanted.experts]
        self.there = [set(present) for present in wanted.present]
        self.busy: list[set[int]] = [set() for _ in wanted.experts]
        self.of_org = [0] * wanted.orgs
        for at, those in enumerate(self.days):
            for one in those:
                self.busy[one].add(wanted.ordinals[at])
                self.of_org[self.org[one]] += 1

    def plan(self) -> Plan:
        return [sorted(those) for those in self.days]

    def may(self, at: int, one: int, instead: int) -> bool:
        """Whether ``one`` may take the duty of ``instead`` on a day."""
        wanted, day = self.wanted, self.wanted.ordinals[at]
        if one not in self.there[at] or len(self.busy[one]) >= wanted.capacity[one]:
            return False
        if any(self.org[other] == self.org[one] for other in self.days[at] if other != instead):
            return False
        busy = self.busy[one]
        return all(day + gap not in busy for gap in range(-wanted.rest, wanted.rest + 1))

    def hand(self, at: int, giver: int, taker: int) -> None:
        day = self.wanted.ordinals[at]
        self.days[at][self.days[at].index(giver)] = taker
        self.busy[giver].discard(day)
        self.busy[taker].add(day)
        self.of_org[self.org[giver]] -= 1
        self.of_org[self.org[taker]] += 1

    def mend(self, chance: random.Random, bound: Fairness | None) -> None:
        """Hand duties on while the squares of all loads shrink or stay; experts weigh more than organisations."""
        heavy = len(self.wanted.days) + 1
        left = PATIENCE * self.wanted.duties
        count = len(self.wanted.experts)
        while left and (bound is None or fairness(self.wanted, self.days).key != bound.key):
            for _step in range(min(left, self.wanted.duties)):
                left -= 1
                at = chance.randrange(len(self.days))
                giver = self.days[at][chance.randrange(self.wanted.per_day)]
                taker = chance.randrange(count)
                gain = heavy * (len(self.busy[taker]) + 1 - len(self.busy[giver]))
                if self.org[giver] != self.org[taker]:
                    gain += self.of_org[self.org[taker]] + 1 - self.of_org[self.org[giver]]
                if gain <= 0 and taker != giver and self.may(at, taker, giver):
                    self.hand(at, giver, taker)
