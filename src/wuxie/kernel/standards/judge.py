"""From figures to points, from points to stars (interface, section 2.7). Pure and exact; nothing is rounded here.

An indicator without data is nought, full or not applicable, as its ``no_data`` says. The points of one that is not
applicable are spread over the others of its group in proportion, those of a group with none left over the other groups in
proportion; what was earned grows by the same factor. Grades see the unrounded total.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .exact import ONE, ZERO, Pair, below, fraction, plus, shown, times
from .model import Formula, Grade, Group, Indicator, Standard
from .selection import Measures

SCORED, NOT_APPLICABLE = "scored", "not_applicable"


@dataclass(frozen=True)
class IndicatorResult:
    """``points`` after spreading; ``value`` what was earned of them, None if not applicable."""

    id: str
    points: Pair
    value: Pair | None
    has_data: bool

    @property
    def state(self) -> str:
        return NOT_APPLICABLE if self.value is None else SCORED

    @property
    def share(self) -> Fraction | None:
        """What was earned of the points, 0 to 1."""
        return None if self.value is None or not self.points[0] else fraction(self.value) / fraction(self.points)


@dataclass(frozen=True)
class GroupResult:
    id: str
    points: Pair
    value: Pair | None
    indicators: tuple[IndicatorResult, ...]

    @property
    def share(self) -> Fraction | None:
        return None if self.value is None or not self.points[0] else fraction(self.value) / fraction(self.points)


@dataclass(frozen=True)
class Result:
    """What one subject scored. ``total`` is exact; ``total_shown`` is what a page prints."""

    subject: str
    total: Pair
    stars: int
    stars_before_vetoes: int
    vetoes: tuple[str, ...]
    groups: tuple[GroupResult, ...]

    @property
    def exact_total(self) -> Fraction:
        return fraction(self.total)

    @property
    def total_shown(self) -> str:
        return shown(self.total, 1)

    @property
    def indicators(self) -> tuple[IndicatorResult, ...]:
        return tuple(indicator for group in self.groups for indicator in group.indicators)

    def indicator(self, code: str) -> IndicatorResult:
        return next(indicator for indicator in self.indicators if indicator.id == code)


def judge(standard: Standard, subject: str, row: Sequence[Pair], *, full: Collection[str] = ()) -> Result:
    """Score one subject; indicators named in ``full`` are taken as fully earned (for a what-if)."""
    earned = {
        indicator.id: _earned(standard, indicator, row, indicator.id in full) for indicator in standard.indicators
    }
    groups = _spread(standard, earned)
    total = ZERO
    for group in groups:
        if group.value is not None:
            total = plus(total, group.value)
    holding = tuple(veto for veto in standard.vetoes if (standard.functions[f"veto:{veto.id}"](row) or ZERO)[0])
    reached = max((grade.stars for grade in standard.grades if _meets(grade, total, groups)), default=0)
    return Result(
        subject=subject,
        total=total,
        stars=min([reached, *(veto.max_stars for veto in holding)]),
        stars_before_vetoes=reached,
        vetoes=tuple(veto.id for veto in holding),
        groups=groups,
    )


def score(standard: Standard, measures: Measures, subjects: Iterable[str] | None = None) -> dict[str, Result]:
    """Every subject of the figures, or those named (one without facts has nought everywhere), by code points."""
    names = sorted(set(measures.rows if subjects is None else subjects))
    return {name: judge(standard, name, measures.row(name)) for name in names}


def _earned(standard: Standard, indicator: Indicator, row: Sequence[Pair], full: bool) -> tuple[Pair | None, bool]:
    """What an indicator earned of its own points (None: not applicable), and whether its formula had data."""
    if full:
        return indicator.points, True
    value = standard.functions[indicator.id](row)
    if value is None:
        return {"zero": ZERO, "full": indicator.points, "skip": None}[indicator.no_data], False
    if value[0] <= 0:
        return ZERO, True
    return (indicator.points if below(indicator.points, value) else value), True


def _spread(standard: Standard, earned: Mapping[str, tuple[Pair | None, bool]]) -> tuple[GroupResult, ...]:
    left = {
        group.id: _sum(indicator.points for indicator in group.indicators if earned[indicator.id][0] is not None)
        for group in standard.groups
    }
    everything = _sum(group.points for group in standard.groups)
    remaining = _sum(group.points for group in standard.groups if left[group.id][0])
    between = _over(everything, remaining) if remaining[0] else ZERO
    return tuple(_group(group, left[group.id], between, earned) for group in standard.groups)


def _group(group: Group, left: Pair, between: Pair, earned: Mapping[str, tuple[Pair | None, bool]]) -> GroupResult:
    """``left`` are the points of the applicable indicators, ``between`` the factor that other groups pass on."""
    factor = times(_over(group.points, left), between) if left[0] else ZERO
    indicators, total, applicable = [], ZERO, False
    for indicator in group.indicators:
        value, has_data = earned[indicator.id]
        if value is None:
            indicators.append(IndicatorResult(indicator.id, ZERO, None, has_data))
            continue
        applicable = True
        value = value if factor == ONE else times(value, factor)
        points = indicator.points if factor == ONE else times(indicator.points, factor)
        indicators.append(IndicatorResult(indicator.id, points, value, has_data))
        total = plus(total, value)
    points = times(group.points, between) if left[0] else ZERO
    return GroupResult(group.id, points, total if applicable else None, tuple(indicators))


def _meets(grade: Grade, total: Pair, groups: Iterable[GroupResult]) -> bool:
    if below(total, grade.least):
        return False
    for group in groups:
        if group.value is None or not group.points[0]:
            continue
        for least in (grade.group_min, grade.floors.get(group.id)):
            if least is not None and below(group.value, times(least, group.points)):
                return False
    return True


def _sum(values: Iterable[Pair]) -> Pair:
    total = ZERO
    for value in values:
        total = plus(total, value)
    return total


def _over(a: Pair, b: Pair) -> Pair:
    """a ÷ b for positive b, 1 written as 1."""
    numerator, denominator = a[0] * b[1], a[1] * b[0]
    return ONE if numerator == denominator else (numerator, denominator)


# ── explanation ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class CountingFact:
    """A fact that counts, as far as the choice by day needs it."""

    id: str
    kind: str
    occurred_on: str
    valid_until: str


def selected(standard: Standard, formula: Formula, facts: Iterable[CountingFact]) -> list[str]:
    """The ids of all facts that the functions of a formula select, sorted; also of branches that were not taken."""
    slots: dict[str, list[Any]] = {}
    for slot in formula.slots:
        slots.setdefault(slot.kind, []).append(slot)
    return sorted(
        fact.id
        for fact in facts
        if any(standard.selects(slot, fact.occurred_on, fact.valid_until) for slot in slots.get(fact.kind, ()))
    )


def explain(standard: Standard, result: Result, facts: Sequence[CountingFact]) -> dict[str, Any]:
    """The tree of the interface: every point down to the facts it came from."""
    formulas = {indicator.id: indicator.formula for indicator in standard.indicators}
    return {
        "subject": result.subject,
        "total": result.total_shown,
        "stars": result.stars,
        "vetoes": list(result.vetoes),
        "groups": [
            {
                "id": group.id,
                "points": shown(group.points, 2),
                "value": None if group.value is None else shown(group.value, 2),
                "indicators": [
                    {
                        "id": indicator.id,
                        "points": shown(indicator.points, 2),
                        "value": None if indicator.value is None else shown(indicator.value, 2),
                        "state": indicator.state,
                        "facts": selected(standard, formulas[indicator.id], facts),
                    }
                    for indicator in group.indicators
                ],
            }
            for group in result.groups
        ],
    }
