"""Hundredths of a kWh and ten-thousandths of a yuan as people read them."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _


def energy(hundredths: int) -> str:
    return _("%(n)s 度") % {"n": figure(hundredths)}


def figure(hundredths: int) -> str:
    """``150050`` → ``1,500.5``."""
    text = f"{Decimal(hundredths) / 100:,.2f}"
    return text.rstrip("0").rstrip(".")


def unit_price(ten_thousandths: int) -> str:
    return _("%(n)s 元/度") % {"n": f"{Decimal(ten_thousandths) / 10_000:.4f}"}
