"""What others may read of a pool: totals, and a range with its median once enough companies stand behind it."""

from __future__ import annotations

from dataclasses import dataclass

from . import queries
from .models import Pool

#: The figure that says how many companies are enough.
LEAST = "quotes_least"


@dataclass(frozen=True)
class Spread:
    """Cents; of at least as many companies as the figure says."""

    least: int
    median: int
    most: int
    companies: int


def median(values: list[int]) -> int:
    """The middle one; of an even number the mean of the two in the middle, a half upwards."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle] + 1) // 2


def spread(pool: Pool, field: str) -> Spread | None:
    """The spread of ``offer`` or ``signed``; ``None`` while so few companies gave one that another's could be worked out.

    Companies are counted, not figures: one that enters five for five projects learns nothing of the others.
    """
    rows = list(pool.shares.filter(**{f"{field}__isnull": False}).values_list(field, "project__company"))
    companies = len({company for _price, company in rows})
    if companies < queries.term(LEAST):
        return None
    prices = [price for price, _company in rows]
    return Spread(min(prices), median(prices), max(prices), companies)
