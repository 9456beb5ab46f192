"""What counting and mending leave open, asked of CP-SAT with bounds on both sides: without them it never ends its proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ortools.sat.python import cp_model

from .rota import Fairness, Plan, Unfilled, Wanted, fairness

#: What each of its questions may cost, in the solver's own units of work, which are the same on every machine.
WORK = 12.0
#: What it may cost to say which days stay open: the answer is no already, so the fullest rota found is good enough.
GLANCE = 1.0
FOUND = (cp_model.OPTIMAL, cp_model.FEASIBLE)


class Model:
    """The hard rules, once; each question is asked of a fresh one."""

    def __init__(self, wanted: Wanted, *, short: bool = False) -> None:
        """``short``: days may stay open; ``missing`` counts by how many experts."""
        self.wanted, self.model = wanted, cp_model.CpModel()
        new = self.model.new_bool_var
        self.on = {
            (one, at): new(f"{one}/{at}")
            for at, present in enumerate(wanted.present) for one in present if wanted.capacity[one]
        }  # fmt: skip
        self.missing: list[Any] = []
        for at in range(len(wanted.days)):
            self._day(at, short)
        for one in range(len(wanted.experts)):
            self._rest(one)
        orders = [
            [self.on[one, at] for at in range(len(wanted.days)) if (one, at) in self.on]
            for one in range(len(wanted.experts))
        ]
        self.each = [sum(those) for those in orders]
        for one, duties in enumerate(self.each):
            self.model.add(duties <= wanted.capacity[one])
        self.of_org = [
            sum(duties for duties, expert in zip(self.each, wanted.experts, strict=True) if expert.org == org)
            for org in range(wanted.orgs)
        ]

    def _day(self, at: int, short: bool) -> None:
        those = [one for one in self.wanted.present[at] if (one, at) in self.on]
        served = sum(self.on[one, at] for one in those)
        if short:
            lacking = self.model.new_int_var(0, self.wanted.per_day, f"short/{at}")
            self.missing.append(lacking)
            served = served + lacking
        self.model.add(served == self.wanted.per_day)
        sides: dict[int, list[Any]] = {}
        for one in those:
            sides.setdefault(self.wanted.experts[one].org, []).append(self.on[one, at])
        for same in sides.values():
            if len(same) > 1:
                self.model.add_at_most_one(same)

    def _rest(self, one: int) -> None:
        """At most one duty in any stretch of ``rest`` + 1 days of the calendar."""
        wanted = self.wanted
        own = [(wanted.ordinals[at], self.on[one, at]) for at in wanted.calendar if (one, at) in self.on]
        reached = 0
        for first, (day, _var) in enumerate(own):
            last = first
            while last + 1 < len(own) and own[last + 1][0] - day <= wanted.rest:
                last += 1
            if last > first and last > reached:
                self.model.add_at_most_one([var for _day, var in own[first : last + 1]])
                reached = last

    def share(self, least: int, most: int) -> tuple[Any, Any]:
        """Variables between which everybody's duties lie; their distance is between ``least`` and ``most``."""
        average, count = divmod(self.wanted.duties, len(self.wanted.experts))
        low = self.model.new_int_var(0, average, "low")
        high = self.model.new_int_var(average + bool(count), max(self.wanted.capacity), "high")
        for duties in self.each:
            self.model.add(duties >= low)
            self.model.add(duties <= high)
        self.model.add(high - low >= least)
        self.model.add(high - low <= most)
        return low, high

    def hint(self, plan: Plan) -> None:
        for (one, at), var in self.on.items():
            self.model.add_hint(var, one in plan[at])

    def solve(self, work: float = WORK) -> tuple[int, Plan]:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.wanted.seed
        solver.parameters.max_deterministic_time = work
        status = solver.solve(self.model)
        plan: Plan = [[] for _ in self.wanted.days]
        self.value: Callable[[Any], int] = solver.value
        if status in FOUND:
            for (one, at), var in sorted(self.on.items()):
                if solver.value(var):
                    plan[at].append(one)
        return int(status), plan


def solve(wanted: Wanted, best: Plan | None, bound: Fairness | None) -> tuple[Plan, bool]:
    """The fairest rota from the best one known and the bound, and whether that is proven; ``Unfilled`` if there is none."""
    least = bound or Fairness(0, 0)
    if best is None:
        best = _any(wanted)
        if bound is not None and fairness(wanted, best).key == bound.key:
            return best, True
    spread = fairness(wanted, best).spread
    proven = spread == least.spread
    if not proven:
        asked = Model(wanted)
        low, high = asked.share(least.spread, spread)
        asked.model.minimize(high - low)
        asked.hint(best)
        status, plan = asked.solve()
        best, proven = _better(wanted, best, plan, status), status == cp_model.OPTIMAL
        spread = fairness(wanted, best).spread
    # A rota of this spread: now the organisations.
    asked = Model(wanted)
    asked.share(least.spread, spread)
    floor = least.heaviest if spread == least.spread else -(-wanted.duties // wanted.orgs)
    heaviest = asked.model.new_int_var(floor, fairness(wanted, best).heaviest, "heaviest")
    for duties in asked.of_org:
        asked.model.add(duties <= heaviest)
    asked.model.minimize(heaviest)
    asked.hint(best)
    status, plan = asked.solve()
    return _better(wanted, best, plan, status), proven and status == cp_model.OPTIMAL


def _better(wanted: Wanted, best: Plan, plan: Plan, status: int) -> Plan:
    if status not in FOUND:
        return best
    return min(best, plan, key=lambda one: fairness(wanted, one).key)


def _any(wanted: Wanted) -> Plan:
    """A rota that keeps the hard rules; ``Unfilled`` with the days that stay open in the fullest one."""
    asked = Model(wanted)
    status, plan = asked.solve()
    if status in FOUND:
        return plan
    open_days = [at for at, those in enumerate(fullest(wanted, plan)) if len(those) < wanted.per_day]
    if open_days:
        raise Unfilled(open_days)
    return plan


def fullest(wanted: Wanted, known: Plan, lacking: int = 0) -> Plan:
    """The rota with the fewest duties that nobody takes, from one known and the least there can be."""
    asked = Model(wanted, short=True)
    asked.model.add(sum(asked.missing) >= lacking)
    asked.model.minimize(sum(asked.missing))
    asked.hint(known)
    status, plan = asked.solve(GLANCE)
    return plan if status in FOUND else known
