"""Shares of counts, exact until they are shown, and the sign that somebody ticks without looking. No ORM, no clock."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def share(part: int, whole: int) -> Fraction | None:
    """``None`` of nothing: who had nothing to do has no rate."""
    return Fraction(part, whole) if whole else None


def percent(found: Fraction | None) -> str:
    """``97.4%``, a half upwards; empty of nothing."""
    if found is None:
        return ""
    exact = Decimal(found.numerator) * 100 / Decimal(found.denominator)
    return f"{exact.quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def per_hundred(hazards: int, duties: int) -> str:
    """Hazards for a hundred duties, with two places."""
    if not duties:
        return ""
    return f"{(Decimal(hazards) * 100 / Decimal(duties)).quantize(Decimal('0.01'), ROUND_HALF_UP)}"


def is_sparse(hazards: int, duties: int, *, least_duties: int, per_thousand: int) -> bool:
    """Whether so many duties found so few hazards that somebody ticks without looking."""
    return duties >= least_duties and hazards * 1000 < per_thousand * duties
