"""Reads: figures of law, what a year costs, what each option means, how promises stand, what may be told across companies."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.kernel.statutes.figures import Figure, figure
from wuxie.kernel.statutes.queries import HOME_CITY
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Project

from . import law
from .models import Adjustment, Check, CostLine, Option, Promise
from .words import Cost

#: Areas (hundredths of m²) of which every options paper says what a month will cost.
SAMPLES = (6_000, 9_000, 12_000)
#: The figures that a change of fee counts with: named, while nobody has confirmed them, wherever they are used.
FIGURES = (
    "fee.audit_publicity", "fee.plan_publicity", "fee.result_publicity", "fee.answer", "fee.cool_down", "fee.sign", "fee.track", "fee.cure",
    "fee.guided_price",
)  # fmt: skip


def _figure(name: str) -> Figure:
    return figure(f"fee.{name}", on=today(), region=HOME_CITY)


def term(name: str) -> int:
    """A whole figure of this room (``plan_publicity``) as it is in force today."""
    return _figure(name).number


def article(name: str) -> str:
    return _figure(name).article


def ceiling() -> Fraction | None:
    """The guided price of early-stage service (yuan per m² and month); ``None`` until somebody has confirmed it for the place."""
    try:
        return _figure("guided_price").fraction
    except LookupError:
        return None


def base(case: Adjustment) -> law.Base | None:
    """On what the fee is reckoned; ``None`` until it has been entered."""
    if case.area is None or case.rate is None:
        return None
    return law.Base(case.area, Fraction(case.rate, 10_000), case.offset)


def by_year(lines: list[CostLine]) -> dict[int, dict[str, int]]:
    """Year → item → cents that count."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for line in lines:
        found[line.year][line.item] = line.counts
    return dict(found)


@dataclass(frozen=True)
class Reckoning:
    """What the last year cost (with margin), the price at which it is met, what is missing at the price of today (cents a year)."""

    year: int
    cost: int
    even: Fraction
    gap: int
    growth: list[tuple[str, int]]


def reckon(case: Adjustment, lines: list[CostLine]) -> Reckoning | None:
    """``None`` as long as base or costs are missing."""
    on, years = base(case), by_year(lines)
    if on is None or not years:
        return None
    last = max(years)
    cost = sum(years[last].values()) + case.margin
    return Reckoning(
        last, cost, law.break_even(cost, on), law.uncovered(cost, law.Plan(case.current), on), law.growth(years)
    )


def plan(option: Option) -> law.Plan:
    """An option as the arithmetic takes it, at its last price."""
    return law.Plan(option.price, option.special, option.cut, option.subsidy)


@dataclass(frozen=True)
class Effect:
    """One option: what it leaves uncovered in a year, by how much the month of homes of some areas changes (cents)."""

    option: Option
    left: int
    homes: list[tuple[int, int, int]]
    """Area, bill of a month, change."""


def effects(
    case: Adjustment, options: list[Option], lines: list[CostLine], areas: tuple[int, ...] = SAMPLES
) -> list[Effect]:
    on, found = base(case), reckon(case, lines)
    if on is None or found is None:
        return []
    made = []
    for option in options:
        what = plan(option)
        homes = [
            (area, law.monthly(what.price + what.special, area), law.effect(case.current, what, area)) for area in areas
        ]
        made.append(Effect(option, law.uncovered(found.cost, what, on), homes))
    return made


def charged(case: Adjustment) -> int:
    """The price that holds by a case as it stands (ten-thousandths of a yuan)."""
    option = case.chosen
    if option is None or case.state not in Adjustment.IN_FORCE:
        return case.current
    return option.price if option.first_price is None or case.stepped else option.first_price


def ripe_on(case: Adjustment) -> datetime.date:
    """From which day on the contract lets the fee be changed."""
    return add_months(case.last_changed_on, law.MONTHS * case.min_years)


def cool_until(project: Project) -> datetime.date | None:
    """After a vote that failed: until when the same estate is not asked again."""
    last = Adjustment.objects.filter(
        project__estate=project.estate_id, state=Adjustment.State.FAILED, decided_on__isnull=False
    )
    day = last.order_by("-decided_on").values_list("decided_on", flat=True).first()
    return add_months(day, term("cool_down")) if day else None


def last_checks(promises: list[Promise]) -> dict[int, Check]:
    """Promise → what was seen of it last."""
    rows = Check.objects.filter(promise__in=promises).order_by("promise_id", "month")
    return {one.promise_id: one for one in rows}


def promises_stand(case: Adjustment) -> tuple[bool, bool]:
    """Whether every promise was last seen kept, and whether one was last seen broken."""
    promises = list(case.promises.all())
    last = last_checks(promises)
    seen = [last[one.pk].kept for one in promises if one.pk in last]
    return bool(promises) and len(seen) == len(promises) and all(seen), not all(seen)


def must_be_asked(case: Adjustment) -> set[int]:
    """Units whose owners decide: all of the estate but parking and storage, which count only where the rules of procedure say so."""
    units = case.project.estate.units.exclude(use__in=("parking", "storage"))
    return set(units.values_list("pk", flat=True))


def shares_of_cost(rows: QuerySet[Adjustment]) -> dict[str, int]:
    """Item → its part of a year's cost (percent, the middle of all estates): never a price, never a sum.

    Raises ``Refusal`` where fewer companies stand behind the figures than the law's caution asks for.
    """
    shown = rows.filter(reviewed_on__isnull=False)
    least = term("compare_least")
    if not law.may_compare(shown.order_by().values_list("project__company", flat=True), least):
        raise Refusal(
            "guard",
            _("少于 %(n)s 家企业有审核过的成本，不能放在一起看：容易认出是哪一家（反垄断法第21条、第56条）。")
            % {"n": least},
        )
    parts: dict[str, list[Fraction]] = defaultdict(list)
    for years in _costs_by_case(shown).values():
        last = years[max(years)]
        whole = sum(last.values())
        if whole:
            for item in Cost.values:
                parts[item].append(Fraction(last.get(item, 0) * 100, whole))
    return {item: law.rounded(median(found)) for item, found in parts.items()}


def _costs_by_case(rows: QuerySet[Adjustment]) -> dict[int, dict[int, dict[str, int]]]:
    lines: dict[int, list[CostLine]] = defaultdict(list)
    for line in CostLine.objects.filter(adjustment__in=rows.order_by().values("pk")):
        lines[line.adjustment_id].append(line)
    return {pk: by_year(found) for pk, found in lines.items()}
