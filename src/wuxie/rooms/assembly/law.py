"""Counting an owners' joint decision, exactly.

Sources: 民法典 art. 278 (participation and majorities); 最高人民法院 建筑物区分所有权解释 (2020) arts. 8–9 (area; one exclusive
part is one head, a buyer of several is one, what the developer has not sold or not handed over is one together). Areas
are whole hundredths of a square metre, shares are compared by cross-multiplication: no percentage is ever rounded.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import today
from wuxie.kernel.statutes.figures import figure

SPECIAL = ("fund_raising", "rebuilding", "common_use_change")
MATTERS = (
    "procedure_rules", "covenant", "committee_election", "manager_selection", "fund_use", *SPECIAL, "other",
)  # fmt: skip
STATUSES = ("delivered", "undelivered", "unsold")
CHOICES = ("for", "against", "abstain", "void")
SILENT_RULES = ("not_participating", "participates_abstain", "participates_follow_majority")
SIDES = ("for", "against", "abstain")
#: The head of all units that the developer has not sold or not handed over.
DEVELOPER = ("developer",)


@dataclass(frozen=True)
class Unit:
    """One exclusive part; ``area`` in hundredths of m²."""

    id: str
    area: int
    head: Hashable


@dataclass(frozen=True)
class Measure:
    """An area in hundredths of m² and a number of heads."""

    area: int
    heads: int

    def as_dict(self) -> dict[str, Any]:
        return {"area": read.two_places(self.area), "heads": self.heads}


@dataclass(frozen=True)
class Tally:
    """Who participated, on which side; split heads participate without being on any."""

    participating: Measure
    sides: Mapping[str, Measure]
    split_heads: int


@dataclass(frozen=True)
class Thresholds:
    """Shares of art. 278 ¶2: at least ``participation`` of all; more than ``ordinary`` or at least ``special`` of those."""

    participation: Fraction
    ordinary: Fraction
    special: Fraction

    @classmethod
    def on(cls, day: datetime.date) -> Thresholds:
        return cls(*(figure(f"vote.{name}", on=day).fraction for name in ("participation", "ordinary", "special")))


def tally(units: Iterable[Unit], choices: Mapping[str, str]) -> Tally:
    """Add up the participating units (``choices``: unit id → side)."""
    areas: dict[str, int] = dict.fromkeys(SIDES, 0)
    heads: dict[Hashable, set[str]] = defaultdict(set)
    for unit in units:
        side = choices.get(unit.id)
        if side is not None:
            areas[side] += unit.area
            heads[unit.head].add(side)
    agreed = [next(iter(said)) for said in heads.values() if len(said) == 1]
    return Tally(
        Measure(sum(areas.values()), len(heads)),
        {side: Measure(areas[side], agreed.count(side)) for side in SIDES},
        len(heads) - len(agreed),
    )


def reasons(total: Measure, count: Tally, *, special: bool, thresholds: Thresholds) -> list[str]:
    """What failed, in the order of the law; approval is judged also where too few participated."""
    quorum, part, yes = thresholds.participation, count.participating, count.sides["for"]
    failed = []
    for name in ("area", "heads"):
        if getattr(part, name) * quorum.denominator < getattr(total, name) * quorum.numerator:
            failed.append(f"participation_{name}")
    share = thresholds.special if special else thresholds.ordinary
    for name in ("area", "heads"):
        said, needed = getattr(yes, name) * share.denominator, getattr(part, name) * share.numerator
        if said < needed if special else said <= needed:
            failed.append(f"approval_{name}")
    return failed


def silent_side(explicit: Tally) -> str:
    """The side that silent units follow: the one with more area, if it also has more heads; otherwise none."""
    yes, no = explicit.sides["for"], explicit.sides["against"]
    if yes.area > no.area and yes.heads > no.heads:
        return "for"
    if no.area > yes.area and no.heads > yes.heads:
        return "against"
    return "abstain"


def vote(document: Any, *, on: datetime.date | None = None) -> dict[str, Any]:
    """Count a decision (contract ``vote``); ``on`` is the day whose thresholds apply, today without it."""
    found = read.obj(document, "$", required=("matter", "units", "ballots"), optional=("silent_rule", "delivered"))
    matter = read.choice(found["matter"], "$.matter", MATTERS)
    rule = read.choice(found.get("silent_rule", SILENT_RULES[0]), "$.silent_rule", SILENT_RULES)
    units = _units(found["units"])
    cast, void = _ballots(found["ballots"], units)
    silent = _delivered(found.get("delivered", []), units, cast, void)
    return count_votes(matter, rule, list(units.values()), cast, len(void), silent, on=on)


def count_votes(
    matter: str,
    rule: str,
    units: list[Unit],
    cast: dict[str, str],
    void: int,
    silent: Iterable[str],
    *,
    on: datetime.date | None = None,
) -> dict[str, Any]:
    """The answer of the contract from checked parts; also what the room counts its paper ballots with."""
    special = matter in SPECIAL
    thresholds = Thresholds.on(on or today())
    total = Measure(sum(unit.area for unit in units), len({unit.head for unit in units}))
    strict = tally(units, cast)
    count = strict
    if rule != SILENT_RULES[0]:
        side = "abstain" if rule == "participates_abstain" else silent_side(strict)
        count = tally(units, {**cast, **dict.fromkeys(silent, side)})
    answer = {
        "matter": matter,
        "majority": "special" if special else "ordinary",
        **_verdict(total, count, special=special, thresholds=thresholds),
        "total": total.as_dict(),
        "participating": count.participating.as_dict(),
        **{side: count.sides[side].as_dict() for side in SIDES},
        "split_heads": count.split_heads,
        "void_ballots": void,
    }
    if rule != SILENT_RULES[0]:
        answer["not_participating_result"] = _verdict(total, strict, special=special, thresholds=thresholds)
    return answer


def _verdict(total: Measure, count: Tally, *, special: bool, thresholds: Thresholds) -> dict[str, Any]:
    failed = reasons(total, count, special=special, thresholds=thresholds)
    return {
        "passed": not failed,
        "quorate": not any(reason.startswith("participation") for reason in failed),
        "reasons": failed,
    }


def _units(value: Any) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for path, row in read.rows(value, "$.units", empty=False):
        row = read.obj(row, path, required=("id", "area", "status"), optional=("owner",))
        name = read.text(row["id"], f"{path}.id")
        read.unique(name, units, f"{path}.id", "户室")
        area = read.hundredths(row["area"], f"{path}.area", positive=True)
        status = read.choice(row["status"], f"{path}.status", STATUSES)
        units[name] = Unit(name, area, _head(row, status, path))
    return units


def _head(row: Mapping[str, Any], status: str, path: str) -> Hashable:
    """Whose head a unit belongs to; an owner is looked at, but not needed, where the unit is still the developer's."""
    if status == "delivered":
        if "owner" not in row:
            raise Problem("missing", f"{path}.owner", "已交付的户室要写明业主（owner），以便按人计数。")
        return ("owner", read.text(row["owner"], f"{path}.owner"))
    if row.get("owner", "") != "":
        read.text(row["owner"], f"{path}.owner")
    return DEVELOPER


def _ballots(value: Any, units: Mapping[str, Unit]) -> tuple[dict[str, str], set[str]]:
    """Unit → side of the valid ballots, and the units whose ballot is void."""
    cast: dict[str, str] = {}
    void: set[str] = set()
    for path, row in read.rows(value, "$.ballots"):
        row = read.obj(row, path, required=("unit", "choice"))
        unit = read.text(row["unit"], f"{path}.unit")
        if unit not in units:
            raise Problem("reference", f"{path}.unit", f"户室清单里没有“{unit[:40]}”。请核对房号。")
        if unit in cast or unit in void:
            raise Problem("duplicate", f"{path}.unit", f"“{unit[:40]}”有两张票，一户只能有一张有效票。请留下真的一张。")
        choice = read.choice(row["choice"], f"{path}.choice", CHOICES)
        if choice == "void":
            void.add(unit)
        else:
            cast[unit] = choice
    return cast, void


def _delivered(value: Any, units: Mapping[str, Unit], cast: Mapping[str, str], void: set[str]) -> set[str]:
    """Units whose ballot paper was provably delivered and not returned."""
    silent: set[str] = set()
    for path, row in read.rows(value, "$.delivered"):
        unit = read.text(row, path)
        if unit not in units:
            raise Problem("reference", path, f"户室清单里没有“{unit[:40]}”。请核对房号。")
        if unit in silent or unit in cast or unit in void:
            raise Problem("duplicate", path, f"“{unit[:40]}”已经有票或已列过送达，请只留一处。")
        silent.add(unit)
    return silent
