"""Cents and hundredths of a square metre as people read them; whole numbers only."""

from __future__ import annotations

from django.utils.translation import gettext as _


def plain(hundredths: int) -> str:
    """``120000`` → ``1200.00``."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def yuan(cents: int) -> str:
    """``120050`` → ``1,200.50 元``, in the language of whoever reads it now; the cents only where there are any."""
    return _("%(n)s 元") % {"n": _figure(cents)}


def in_yuan(cents: int) -> str:
    """The same for papers and records, which are Chinese whoever acts."""
    return f"{_figure(cents)} 元"


def _figure(cents: int) -> str:
    whole, part = divmod(cents, 100)
    return f"{whole:,}.{part:02d}" if part else f"{whole:,}"


def metres(hundredths: int) -> str:
    """``8950`` → ``89.50 ㎡``."""
    return f"{hundredths // 100:,}.{hundredths % 100:02d} ㎡"
