"""Cents as people read them; whole numbers only."""

from __future__ import annotations

from django.utils.translation import gettext as _


def plain(cents: int) -> str:
    """``120000`` → ``1200.00``."""
    return f"{cents // 100}.{cents % 100:02d}"


def yuan(cents: int) -> str:
    """``120000`` → ``1,200 元``; the cents only where there are any."""
    return _("%(n)s 元") % {"n": _figure(cents)}


def between(least: int, most: int) -> str:
    """``500–1,200 元``; one figure where both ends are the same."""
    return yuan(most) if least == most else _("%(n)s 元") % {"n": f"{_figure(least)}–{_figure(most)}"}


def _figure(cents: int) -> str:
    whole, part = divmod(cents, 100)
    return f"{whole:,}.{part:02d}" if part else f"{whole:,}"
