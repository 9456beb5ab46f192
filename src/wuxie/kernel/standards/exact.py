"""Exact fractions as pairs of whole numbers: fast enough for every formula of every subject, and never a float.

A pair is (numerator, denominator) with a denominator above nought; it is not reduced. ``fractions.Fraction`` would do the
same and takes about three times as long, since it reduces after every step.
"""

from __future__ import annotations

from fractions import Fraction

Pair = tuple[int, int]
ZERO: Pair = (0, 1)
ONE: Pair = (1, 1)


def pair(text: str) -> Pair:
    """A decimal text such as ``"-0.75"``."""
    whole, _, decimals = text.partition(".")
    return int(whole + decimals or "0"), 10 ** len(decimals)


def of(value: Fraction) -> Pair:
    return value.numerator, value.denominator


def fraction(value: Pair) -> Fraction:
    return Fraction(value[0], value[1])


def plus(a: Pair, b: Pair) -> Pair:
    if a[1] == b[1]:
        return a[0] + b[0], a[1]
    return a[0] * b[1] + b[0] * a[1], a[1] * b[1]


def times(a: Pair, b: Pair) -> Pair:
    return a[0] * b[0], a[1] * b[1]


def below(a: Pair, b: Pair) -> bool:
    """Whether a < b."""
    return a[0] * b[1] < b[0] * a[1]


def shown(value: Pair, places: int) -> str:
    """The value with so many decimals, rounded half up (away from nought): for the eye only."""
    numerator, denominator = value
    units = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    sign = "-" if numerator < 0 and units else ""
    digits = str(units).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits
