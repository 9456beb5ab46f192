"""Hundredths (cents, hundredths of a square metre) as people read them: whole numbers, never a float."""

from __future__ import annotations

from django.utils.translation import gettext as _


def plain(hundredths: int) -> str:
    """``120000`` → ``1200.00``: for sheets, papers that are read again, and the ledger."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def grouped(hundredths: int) -> str:
    """``120000`` → ``1,200.00``."""
    return f"{hundredths // 100:,}.{hundredths % 100:02d}"


def short(hundredths: int) -> str:
    """``120000`` → ``1,200``, ``120050`` → ``1,200.50``: the hundredths only where there are any."""
    return grouped(hundredths) if hundredths % 100 else f"{hundredths // 100:,}"


def yuan(cents: int) -> str:
    """``1,200.50 元``, in the language of whoever reads it now; the cents only where there are any."""
    return _("%(n)s 元") % {"n": short(cents)}


def yuan_and_cents(cents: int) -> str:
    """``1,200.00 元``, as on a bill, in the language of whoever reads it now."""
    return _("%(n)s 元") % {"n": grouped(cents)}


def in_yuan(cents: int) -> str:
    """``1,200.50 元`` for papers and records, which are Chinese whoever acts."""
    return f"{short(cents)} 元"


def between(least: int, most: int) -> str:
    """``500–1,200 元``; one figure where both ends are the same."""
    return yuan(most) if least == most else _("%(n)s 元") % {"n": f"{short(least)}–{short(most)}"}


def metres(hundredths: int) -> str:
    """``8950`` → ``89.50 ㎡``."""
    return f"{grouped(hundredths)} ㎡"
