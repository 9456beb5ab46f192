"""The figures of law and of this system that the room counts with."""

from __future__ import annotations

import datetime
from fractions import Fraction

from wuxie.kernel.clock.now import today
from wuxie.kernel.statutes.figures import figure
from wuxie.kernel.statutes.queries import HOME_CITY

from .check import Terms

#: The figures that a month counts with: named, while nobody has confirmed them, wherever they are used.
FIGURES = (
    "resale.period_least", "resale.period_most", "resale.submit", "resale.loss_cap", "resale.share_cap", "resale.amber_loss", "resale.price_slack",
    "resale.meter_slack", "resale.own_drop", "resale.self_correct", "resale.review", "resale.plan", "resale.refund", "resale.repeat",
)  # fmt: skip


def term(name: str) -> int:
    """A number of days or months (``self_correct``) as it is in force today."""
    return figure(f"resale.{name}", on=today(), region=HOME_CITY).number


def share(name: str, on: datetime.date) -> Fraction:
    return figure(f"resale.{name}", on=on, region=HOME_CITY).fraction


def cap_for(on: datetime.date) -> Fraction | None:
    """The most that losses may add where the bill is shared; ``None`` where no paper of the place says so."""
    try:
        return share("share_cap", on)
    except LookupError:
        return None


def terms(mode: str, on: datetime.date) -> Terms:
    """What a month that ends on this day is judged by."""
    return Terms(
        mode, mark_up=share("loss_cap", on), cap=cap_for(on), amber=share("amber_loss", on), price_slack=share("price_slack", on),
        meter_slack=share("meter_slack", on), drop=share("own_drop", on),
    )  # fmt: skip
