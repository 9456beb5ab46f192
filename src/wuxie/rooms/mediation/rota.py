"""Who of the experts sits at the desk on which day: the fairest rota there is, and whether that is proven.

Hard: so many different experts a day, of different organisations; nobody on a day away; so many days of the calendar between
two duties of one expert; no more duties than somebody takes on. Wanted, in this order: the smallest difference between most and
fewest duties, then the smallest number of duties of one organisation.

Nothing here is law; the numbers are the association's. The same document gives the same answer on every machine: the seed of
the document is the only chance, and work is limited by what was done, never by a clock.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.problems import Problem

#: Bounds of one call: half a century of weekends, more experts than a province has.
EXPERTS, DAYS, SEED = 1_000, 4_000, 2**31 - 1

Plan = list[list[int]]
"""For each day the places of its experts in the document, ascending."""


@dataclass(frozen=True)
class Expert:
    id: str
    org: int
    away: frozenset[datetime.date]
    most: int | None


@dataclass(frozen=True)
class Wanted:
    """The rota that is asked for. Days are in the order of the document."""

    experts: Sequence[Expert]
    days: Sequence[datetime.date]
    per_day: int
    rest: int
    seed: int

    @property
    def duties(self) -> int:
        return self.per_day * len(self.days)

    @property
    def orgs(self) -> int:
        return 1 + max(one.org for one in self.experts)

    @cached_property
    def calendar(self) -> list[int]:
        """Places of the days, the earliest first."""
        return sorted(range(len(self.days)), key=lambda at: self.days[at])

    @cached_property
    def ordinals(self) -> list[int]:
        return [day.toordinal() for day in self.days]

    @cached_property
    def present(self) -> list[list[int]]:
        """For each day who is not away."""
        return [[at for at, one in enumerate(self.experts) if day not in one.away] for day in self.days]

    @cached_property
    def capacity(self) -> list[int]:
        """How many duties each expert could take at most: the days they are there, rest between, their own limit."""
        found = []
        for one in self.experts:
            count, last = 0, None
            for at in self.calendar:
                day = self.ordinals[at]
                if self.days[at] not in one.away and (last is None or day - last > self.rest):
                    count, last = count + 1, day
            found.append(count if one.most is None else min(count, one.most))
        return found


@dataclass(frozen=True)
class Fairness:
    """What is made small: first ``spread``, then ``heaviest``, the most duties of one organisation."""

    spread: int
    heaviest: int

    @property
    def key(self) -> tuple[int, int]:
        return self.spread, self.heaviest


class Unfilled(Exception):
    """There is no such rota; ``days`` are the places of days that stay without enough experts in the fullest one."""

    def __init__(self, days: Sequence[int]) -> None:
        super().__init__()
        self.days = list(days)


class Infeasible(Problem):
    """The answer is no: ``wuxie calc`` ends with 1, not with 2."""

    exit_code = 1


def rota(document: Any) -> dict[str, Any]:
    """The fairest rota (contract ``rota``), or ``Infeasible`` with the days that cannot be filled."""
    from .rota_search import fairest  # the solver is loaded only for a rota

    wanted = wanted_from(document)
    try:
        plan, optimal = fairest(wanted)
    except Unfilled as unfilled:
        days = [wanted.days[at].isoformat() for at in sorted(unfilled.days)]
        raise Infeasible("infeasible", "$.days", _why_not(wanted, days), days=days) from None
    names = [one.id for one in wanted.experts]
    return {
        "optimal": optimal,
        "spread": fairness(wanted, plan).spread,
        "assignments": [
            {"day": day.isoformat(), "experts": [names[at] for at in those]}
            for day, those in zip(wanted.days, plan, strict=True)
        ],
    }


def _why_not(wanted: Wanted, days: Sequence[str]) -> str:
    shown = "、".join(days[:5]) + (f" 等 {len(days)} 天" if len(days) > 5 else "")
    return (
        f"排不出来：{shown} 凑不齐 {wanted.per_day} 位不同单位的专家（每两次值班之间至少隔 {wanted.rest} 天）。"
        "请增加专家、调整不在的日子，或减少每天人数、间隔天数。"
    )


def fairness(wanted: Wanted, plan: Plan) -> Fairness:
    """How fair a rota is; experts without a duty count."""
    each, of_org = [0] * len(wanted.experts), [0] * wanted.orgs
    for those in plan:
        for at in those:
            each[at] += 1
            of_org[wanted.experts[at].org] += 1
    return Fairness(max(each) - min(each), max(of_org))


# ── the document ──────────────────────────────────────────────────────────────────────────────────────────────────────


def wanted_from(document: Any) -> Wanted:
    """Read the document; ``Problem`` names the value at fault."""
    found = read.obj(document, "$", required=("experts", "days", "per_day", "rest_days", "seed"))
    orgs: dict[str, int] = {}
    experts: list[Expert] = []
    seen: set[str] = set()
    for path, row in read.rows(found["experts"], "$.experts", empty=False):
        one = _expert(row, path, orgs)
        read.unique(one.id, seen, f"{path}.id", "专家")
        seen.add(one.id)
        experts.append(one)
    _few(experts, "$.experts", EXPERTS, "位专家")
    days = _days(found["days"], "$.days", empty=False)
    _few(days, "$.days", DAYS, "天")
    per_day = read.whole(found["per_day"], "$.per_day", least=1, most=EXPERTS)
    rest = read.whole(found["rest_days"], "$.rest_days", least=0, most=DAYS)
    return Wanted(experts, days, per_day, rest, read.whole(found["seed"], "$.seed", least=0, most=SEED))


def _expert(value: Any, path: str, orgs: dict[str, int]) -> Expert:
    row = read.obj(value, path, required=("id", "org"), optional=("away", "max"))
    name, org = read.text(row["id"], f"{path}.id"), read.text(row["org"], f"{path}.org")
    away = _days(row.get("away", []), f"{path}.away")
    most = read.whole(row["max"], f"{path}.max", least=0, most=DAYS) if "max" in row else None
    return Expert(name, orgs.setdefault(org, len(orgs)), frozenset(away), most)


def _days(value: Any, path: str, *, empty: bool = True) -> list[datetime.date]:
    days: list[datetime.date] = []
    seen: set[str] = set()
    for at, one in read.rows(value, path, empty=empty):
        days.append(read.date(one, at))
        read.unique(one, seen, at, "日子")
        seen.add(one)
    return days


def _few(rows: Sequence[Any], path: str, most: int, words: str) -> None:
    if len(rows) > most:
        raise Problem("range", path, f"一次最多排 {most} {words}，现在有 {len(rows)}。请分开排。")
