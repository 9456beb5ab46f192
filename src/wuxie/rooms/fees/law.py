"""What a fee has to bring in, what a change costs a household, what stays uncovered; exact, without the ORM.

Prices are ten-thousandths of a yuan per m² and month, areas hundredths of m², money cents. Sources: 物业服务收费管理办法
(发改价格〔2003〕1864号) art. 9 for what a lump sum has to bear; the convention is yearly cost less agreed common income, over chargeable
area, twelve months and the collection rate.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

#: A cent on a square metre is this many units of price times area: 10⁻⁴ yuan × 10⁻² m² = 10⁻⁴ cents.
PER_CENT = 10_000
MONTHS = 12


@dataclass(frozen=True)
class Base:
    """On what a fee is reckoned: hundredths of m², part of the bills that are paid, cents a year."""

    area: int
    rate: Fraction
    offset: int = 0
    """Common income that the owners agreed to put towards it."""


@dataclass(frozen=True)
class Plan:
    """What an option changes: prices in ten-thousandths of a yuan, cents a year."""

    price: int
    special: int = 0
    """A charge of its own for a named purpose, beside the price."""
    cut: int = 0
    """What is saved by a lower standard of service."""
    subsidy: int = 0
    """More common income put towards it."""


def break_even(cost: int, base: Base) -> Fraction:
    """The price (ten-thousandths of a yuan) at which the money that comes in meets the cost; never below nought.

    (cost − offset) ÷ (area × 12 × collection rate). Raises ``ValueError`` without area or where nobody pays.
    """
    if base.area <= 0 or base.rate <= 0:
        raise ValueError("no area or no payments")
    return max(Fraction((cost - base.offset) * PER_CENT) / (base.area * MONTHS * base.rate), Fraction(0))


def brings(price: int, base: Base) -> Fraction:
    """What a price brings in a year (cents), as far as people pay."""
    return Fraction(price * base.area * MONTHS) * base.rate / PER_CENT


def uncovered(cost: int, plan: Plan, base: Base) -> int:
    """What a year still lacks under a plan (cents, rounded half up); below nought is more than the cost."""
    return rounded(cost - plan.cut - base.offset - plan.subsidy - brings(plan.price + plan.special, base))


def monthly(price: int, area: int) -> int:
    """A household's bill of one month: cents, rounded half up."""
    return rounded(Fraction(price * area, PER_CENT))


def effect(current: int, plan: Plan, area: int) -> int:
    """By how much a household's month changes (cents)."""
    return monthly(plan.price + plan.special, area) - monthly(current, area)


def rounded(exact: Fraction | int) -> int:
    """The nearest whole number, halves away from nought."""
    sign = -1 if exact < 0 else 1
    return sign * int((abs(Fraction(exact)) + Fraction(1, 2)) // 1)


def next_month(day: datetime.date) -> datetime.date:
    """The first day of the next billing month: no change of a price reaches back."""
    return datetime.date(day.year + day.month // MONTHS, day.month % MONTHS + 1, 1)


def growth(years: Mapping[int, Mapping[str, int]]) -> list[tuple[str, int]]:
    """By how much each item differs between the first and the last year (cents), the largest rise first."""
    if len(years) < 2:
        return []
    first, last = years[min(years)], years[max(years)]
    found = [(item, last.get(item, 0) - first.get(item, 0)) for item in {*first, *last}]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


#: What each kind of option has to say about itself: (field, what it must be). ``same``: the price of today.
SHAPES: dict[str, tuple[tuple[str, str], ...]] = {
    "a": (("price", "more"), ("cut", "none"), ("subsidy", "none"), ("special", "none")),
    "b": (("price", "same"), ("cut", "some"), ("subsidy", "none"), ("special", "none")),
    "c": (("price", "same"), ("cut", "none"), ("subsidy", "some"), ("special", "none")),
    "d": (("price", "same"), ("cut", "none"), ("subsidy", "none"), ("special", "some")),
    "e": (("price", "more"), ("first_price", "between"), ("months", "some"), ("cut", "none"), ("subsidy", "none"), ("special", "none")),
}  # fmt: skip


def misfits(kind: str, current: int, values: Mapping[str, int | None]) -> list[tuple[str, str]]:
    """Fields of an option that do not fit its kind, each with what it must be."""
    price, first = values.get("price") or 0, values.get("first_price") or 0
    wrong = {
        "more": lambda value: value <= current,
        "same": lambda value: value != current,
        "none": lambda value: value != 0,
        "some": lambda value: value <= 0,
        "between": lambda _value: not current < first < price,
    }
    return [(name, must) for name, must in SHAPES[kind] if wrong[must](values.get(name) or 0)]


def may_compare(companies: Iterable[int], least: int) -> bool:
    """Whether figures of costs may be shown across companies: only where so many stand behind them that none is recognised.

    反垄断法 arts. 21 and 56: an association must not let competitors learn each other's costs or prices.
    """
    return len(set(companies)) >= least
