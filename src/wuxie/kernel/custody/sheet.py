"""The sealed paper: a private part that exists on paper only, in letters and as a code, with what to do with it."""

from __future__ import annotations

import datetime
from pathlib import Path

from wuxie.kernel.papers import pdf, qr

from .age import PrivateKey

TEMPLATE = Path(__file__).parent / "sheet.typ"
GROUP = 6


def sheet(private: PrivateKey) -> bytes:
    """The PDF of a recovery sheet. The letters stand in groups of six; blanks do not matter when they are typed in."""
    text = str(private)
    groups = [text[at : at + GROUP] for at in range(0, len(text), GROUP)]
    data = {
        "groups": groups, "public": str(private.public), "fingerprint": private.public.fingerprint,
        "qr": qr.svg_file(text), "day": datetime.date.today().isoformat(),
    }  # fmt: skip
    return pdf.render(TEMPLATE, data, on=datetime.date.today())
