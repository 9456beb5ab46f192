"""QR codes. Whoever shows one also writes out what is in it."""

from __future__ import annotations

import io

import segno


def svg(text: str, *, border: int = 2) -> str:
    """A QR code (error correction M) as one SVG element without a fixed size."""
    return str(segno.make(text, error="m", micro=False).svg_inline(border=border, omitsize=True))


def svg_file(text: str, *, border: int = 2) -> str:
    """The same as a file of its own, with size and name space, for printing."""
    made = io.BytesIO()
    segno.make(text, error="m", micro=False).save(made, kind="svg", border=border, scale=4, xmldecl=False)
    return made.getvalue().decode()
