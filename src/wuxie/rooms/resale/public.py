"""What the public site may say of power passed on: to whoever holds a meter's number, and the monthly figures of an estate.

Nobody's name stands here: a user is the sign of a shop or the number of a door.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from wuxie.kernel.amounts import yuan_and_cents
from wuxie.kernel.statutes.queries import Line, unvouched
from wuxie.rooms.register.models import Estate

from .actions.refunds import answer
from .figures import FIGURES
from .models import Meter, Month, Refund
from .words import band_label

__all__ = ["Shown", "answer", "latest", "meter_of", "months_of", "refund_of", "unconfirmed"]

#: So many months are shown to a user.
MONTHS = 12
S = Month.State


@dataclass
class Shown:
    """One month of one meter."""

    month: Month
    lines: list[dict[str, str]] = field(default_factory=list)
    refund: Refund | None = None

    @property
    def sum(self) -> str:
        """What goes back."""
        return yuan_and_cents(self.refund.amount) if self.refund else ""

    @property
    def judged(self) -> bool:
        """Whether it was said what might be charged; not while readings are put right."""
        return bool(self.lines)


def meter_of(number: str) -> Meter | None:
    """A user's meter by its number."""
    rows = Meter.objects.filter(receipt=number, role="tenant")
    return rows.select_related("account__project__estate", "account__project__company").first()


def months_of(meter: Meter) -> list[Shown]:
    """What was charged and what was allowed, newest first; months that are being filled in are not shown."""
    months = list(Month.objects.filter(account=meter.account_id).exclude(state=S.DRAFT).order_by("-starts_on")[:MONTHS])
    back = {row.month_id: row for row in Refund.objects.filter(meter=meter, month__in=months)}
    lines: dict[int, list[dict[str, str]]] = defaultdict(list)
    for month in months:
        for line in month.result.get("lines", []):
            if line["meter"] == str(meter.pk):
                lines[month.pk].append({**line, "band": band_label(line["band"])})
    return [Shown(month, lines[month.pk], back.get(month.pk)) for month in months]


def unconfirmed() -> list[Line]:
    """The figures that a month is judged by although nobody has confirmed them here."""
    return unvouched(*FIGURES)


def refund_of(meter: Meter, pk: int) -> Refund | None:
    """A refund of this meter and of no other."""
    rows = Refund.objects.filter(meter=meter, pk=pk)
    return rows.select_related("month__account__project__estate", "month__account__project__company").first()


def latest(estate: Estate) -> list[Month]:
    """The newest reported month of each account of an estate: what is posted up there."""
    months = Month.objects.filter(account__project__estate=estate).exclude(state=S.DRAFT).order_by("-starts_on")
    found: dict[int, Month] = {}
    for month in months.select_related("account")[:24]:
        found.setdefault(month.account_id, month)
    return list(found.values())
