"""Prices as people read them: ten-thousandths of a yuan per m² and month."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _

from . import law


def figures(price: int | Fraction) -> str:
    """``16000`` → ``1.60``, ``21989`` → ``2.1989``: at least two decimals, four at most, rounded half up."""
    whole = law.rounded(price)
    text = f"{whole // law.PER_CENT}.{whole % law.PER_CENT:04d}"
    return text[:-2] if text.endswith("00") else text


def priced(price: int | Fraction) -> str:
    """For papers and records, which are Chinese whoever acts."""
    return f"{figures(price)} 元/㎡·月"


def shown(price: int | Fraction) -> str:
    """In the language of whoever reads it now."""
    return _("%(n)s 元/㎡·月") % {"n": figures(price)}
