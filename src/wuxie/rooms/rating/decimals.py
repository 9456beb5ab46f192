"""Exact figures as they are shown: rounded half up, once, at the very end."""

from __future__ import annotations

from fractions import Fraction

from wuxie.kernel.standards.judge import rounded


def decimal(value: Fraction, places: int = 1) -> str:
    return rounded((value.numerator, value.denominator), places)


def signed(value: Fraction, places: int = 2) -> str:
    """``+2.90``, ``−1.40``, ``0.00``: a difference, half up away from nought."""
    shown = decimal(abs(value), places)
    if not Fraction(shown):
        return shown
    return f"{'+' if value > 0 else '−'}{shown}"


def hundredths(value: Fraction) -> int:
    """A figure in whole hundredths, half up, for sorting and showing."""
    return int((value * 200 + 1) // 2)
