"""What others may read of a pool: totals, and a range with its median once enough companies stand behind it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from . import queries
from .models import Pool

#: The figure that says how many companies are enough.
LEAST = "quotes_least"
#: The figure that says from how many per cent on prices are told apart.
DISPERSION = "dispersion"


@dataclass(frozen=True)
class Spread:
    """Cents; of at least as many companies as the figure says."""

    least: int
    median: int
    most: int
    companies: int

    @property
    def dispersion(self) -> Fraction:
        """From the lowest to the highest, in parts of the median."""
        return Fraction(self.most - self.least, self.median) if self.median else Fraction(0)

    @property
    def is_odd(self) -> bool:
        """Whether somebody should ask why the same costs so differently."""
        return self.dispersion * 100 >= queries.term(DISPERSION)


def median(values: list[int]) -> int:
    """The middle one; of an even number the mean of the two in the middle, a half upwards."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle] + 1) // 2


def spread(pool: Pool, field: str) -> Spread | None:
    """The spread of ``offer``, ``signed`` or ``marks``; ``None`` while so few companies gave one that another's could be worked out.

    Companies are counted, not figures: one that enters five for five projects learns nothing of the others.
    """
    rows = pool.shares.filter(**{f"{field}__isnull": False}).values_list(field, "project__company")
    return _spread(list(rows))


def by_agency(pool: Pool, field: str) -> dict[str, Spread]:
    """The same for each agency of which enough companies have a figure; the others stay unsaid."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    rows = pool.shares.filter(**{f"{field}__isnull": False}).exclude(agency="")
    for agency, price, company in rows.order_by("agency", "pk").values_list("agency", field, "project__company"):
        found[agency.strip()].append((price, company))
    spreads = {agency: _spread(prices) for agency, prices in found.items()}
    return {agency: one for agency, one in spreads.items() if one is not None}


def _spread(rows: list[tuple[int, int]]) -> Spread | None:
    companies = len({company for _price, company in rows})
    if companies < queries.term(LEAST):
        return None
    prices = [price for price, _company in rows]
    return Spread(min(prices), median(prices), max(prices), companies)
