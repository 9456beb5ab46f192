"""Accounts of a quarter against the year's budget; whole cents."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q, Sum

from ..models import BudgetLine
from ..models.money import INCOME
from .groups import span


def quarter_of(day: datetime.date) -> int:
    return (day.month + 2) // 3


def accounts(year: int, quarter: int) -> list[dict[str, Any]]:
    """Every line of a year's budget: planned, booked in the quarter, booked from January to its end."""
    first, last = span(year, quarter)
    rows = BudgetLine.objects.filter(year=year).annotate(
        in_quarter=Sum("entries__amount", filter=Q(entries__on__range=(first, last))), so_far=Sum("entries__amount", filter=Q(entries__on__lte=last)),
    )  # fmt: skip
    return [
        {
            "category": row.category,
            "label": row.label,
            "planned": row.planned,
            "quarter": row.in_quarter or 0,
            "year": row.so_far or 0,
        }
        for row in rows.order_by("category", "pk")
    ]


def totals(lines: list[dict[str, Any]]) -> dict[str, int]:
    """Income and expense of the quarter."""
    income = sum(line["quarter"] for line in lines if line["category"] in INCOME)
    return {"income": income, "expense": sum(line["quarter"] for line in lines) - income}
