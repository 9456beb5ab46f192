"""Cents as people read them; whole numbers only."""

from __future__ import annotations


def plain(cents: int) -> str:
    """``120000`` → ``1200.00``."""
    return f"{cents // 100}.{cents % 100:02d}"


def yuan(cents: int) -> str:
    """``120000`` → ``1,200 元``; the cents only where there are any."""
    whole, part = divmod(cents, 100)
    return f"{whole:,}.{part:02d} 元" if part else f"{whole:,} 元"


def between(least: int, most: int) -> str:
    """``500–1,200 元``; one figure where both ends are the same."""
    return yuan(most) if least == most else f"{yuan(least).removesuffix(' 元')}–{yuan(most)}"
