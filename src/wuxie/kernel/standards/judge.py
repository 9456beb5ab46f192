"""Judging: from the figures of one subject to points, stars and the tree that explains them. Exact until it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import gcd
from typing import Any

from .document import Grade, Group, Indicator, Standard
from .language import NoData, Number, Slot, Slots, divide, less, multiply

ZERO: Number = (0, 1)


@dataclass(frozen=True)
class Scored:
    """One indicator: its points after spreading and what was earned of them; ``value`` is ``None`` if not applicable."""

    indicator: Indicator
    points: Number
    value: Number | None
    raw: Number | None
    """What was earned of its own points, before spreading."""
    data: bool
    """Whether its formula had data."""


@dataclass(frozen=True)
class GroupScore:
    group: Group
    points: Number
    value: Number | None
    indicators: tuple[Scored, ...]


@dataclass(frozen=True)
class Result:
    total: Number
    stars: int
    grade: int
    """Stars before vetoes."""
    vetoes: tuple[str, ...]
    groups: tuple[GroupScore, ...]

    def indicator(self, name: str) -> Scored:
        return next(one for group in self.groups for one in group.indicators if one.indicator.id == name)


def rounded(value: Number, places: int) -> str:
    """A decimal text, half up, for showing only."""
    scale = 10**places
    numerator = value[0] * scale * 2 + value[1]
    whole = numerator // (2 * value[1])
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    return f"{sign}{whole // scale}.{whole % scale:0{places}d}" if places else f"{sign}{whole}"


def reduced(value: Number) -> Number:
    """The pair in lowest terms, so that numbers do not grow on their way through sums."""
    divisor = gcd(*value)
    return (value[0] // divisor, value[1] // divisor) if divisor > 1 else value


def plus(values: Iterable[Number]) -> Number:
    total = ZERO
    for value in values:
        total = reduced((total[0] * value[1] + value[0] * total[1], total[1] * value[1]))
    return total


def judge(standard: Standard, slots: Slots) -> Result:
    """Score one subject: evaluate, clamp, spread what is not applicable, add up, grade, veto."""
    raw = {one.id: _earned(one, slots) for one in standard.indicators}
    left = {
        group.id: plus(one.points for one in group.indicators if raw[one.id][0] is not None)
        for group in standard.groups
    }
    alive = [group for group in standard.groups if left[group.id][0] > 0]
    everything = plus(group.points for group in standard.groups)
    over_groups = divide(everything, plus(group.points for group in alive)) if alive else ZERO
    groups = tuple(
        _group(group, raw, multiply(divide(group.points, left[group.id]), over_groups) if group in alive else None)
        for group in standard.groups
    )
    total = plus(group.value for group in groups if group.value is not None)
    grade = max((grade.stars for grade in standard.grades if _meets(grade, total, groups)), default=0)
    vetoes = [veto for veto in standard.vetoes if veto.when.truth(slots)]
    return Result(
        total, min([grade, *(veto.max_stars for veto in vetoes)]), grade, tuple(veto.id for veto in vetoes), groups
    )


def _earned(indicator: Indicator, slots: Slots) -> tuple[Number | None, bool]:
    """What an indicator earned of its own points (``None``: not applicable), and whether it had data."""
    try:
        value = indicator.formula.number(slots)
    except NoData:
        return {"zero": ZERO, "full": indicator.points, "skip": None}[indicator.no_data], False
    if value[0] <= 0:
        return ZERO, True
    return (indicator.points if less(indicator.points, value) else reduced(value)), True


def _group(group: Group, raw: Mapping[str, tuple[Number | None, bool]], factor: Number | None) -> GroupScore:
    scored = []
    for one in group.indicators:
        earned, data = raw[one.id]
        applicable = earned is not None and factor is not None
        scored.append(
            Scored(
                one,
                reduced(multiply(one.points, factor)) if applicable and factor else ZERO,
                reduced(multiply(earned, factor)) if applicable and earned is not None and factor else None,
                earned,
                data,
            )  # fmt: skip
        )
    points = plus(one.points for one in scored)
    value = plus(one.value for one in scored if one.value is not None) if factor is not None else None
    return GroupScore(group, points, value, tuple(scored))


def _meets(grade: Grade, total: Number, groups: tuple[GroupScore, ...]) -> bool:
    if less(total, grade.least):
        return False
    floors = dict(grade.floors)
    for group in groups:
        if group.value is None or group.points[0] == 0:
            continue
        share = divide(group.value, group.points)
        for floor in (grade.group_least, floors.get(group.group.id)):
            if floor is not None and less(share, floor):
                return False
    return True


def tree(subject: str, result: Result, ids: Callable[[tuple[Slot, ...]], list[str]]) -> dict[str, Any]:
    """The explanation of the contract: every figure down to the ids of the facts its functions select."""
    return {
        "subject": subject, "total": rounded(result.total, 1), "stars": result.stars, "vetoes": list(result.vetoes),
        "groups": [
            {
                "id": group.group.id, "points": rounded(group.points, 2),
                "value": rounded(group.value, 2) if group.value is not None else None,
                "indicators": [
                    {
                        "id": one.indicator.id, "points": rounded(one.points, 2),
                        "value": rounded(one.value, 2) if one.value is not None else None,
                        "state": "not_applicable" if one.value is None else "scored",
                        "facts": ids(one.indicator.formula.slots),
                    }
                    for one in group.indicators
                ],
            }
            for group in result.groups
        ],
    }  # fmt: skip
