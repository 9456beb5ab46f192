"""What the pages of an import show: rows with their faults under them, personal data masked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from wuxie.kernel.parties import masks

from . import actions, refs, registry
from .columns import Flaw
from .headings import Layout, heads
from .models import Upload
from .reader import Grid

_MASKS = {"name": masks.name, "phone": masks.phone, "id_number": masks.id_number}
_LONG_NUMBER = re.compile(r"[0-9]{7,}[0-9Xx]")


@dataclass(frozen=True)
class ShownColumn:
    letter: str
    label: str
    field: str
    mask: str
    sheet: int
    column: int


@dataclass(frozen=True)
class ShownCell:
    text: str
    wrong: bool
    mended: bool


@dataclass(frozen=True)
class ShownFlaw:
    """A fault with what may be done about it; the offered text is shown whole, it is about to be written."""

    address: str
    message: str
    place: str
    suggestion: str
    can_mend: bool
    row: int
    other_row: int | None


@dataclass
class Line:
    number: int
    cells: list[ShownCell]
    flaws: list[ShownFlaw] = field(default_factory=list)


def mask(text: str, how: str) -> str:
    """A text as a screen may show it; what nobody declared is masked where it looks like a number of a person."""
    if how in _MASKS:
        return _MASKS[how](text)
    return _LONG_NUMBER.sub(lambda found: f"{found[0][:3]}…{found[0][-1]}", text)


class Sheetful:
    """One upload opened for looking: rows with mends in place."""

    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        found = registry.get(upload.name)
        self.sheet = found.sheet if found else None
        self.cells, self.dropped = actions.edits_of(upload)
        self.grids: list[Grid] = actions.load(upload, self.cells)
        self.layout = Layout.from_dict(upload.layout)
        self.columns = self._columns()
        self.links = self._links()

    def _columns(self) -> list[ShownColumn]:
        made = []
        for name, (sheet, column) in sorted(self.layout.columns.items(), key=lambda item: item[1]):
            col = self.sheet[name] if self.sheet else None
            letter = refs.letters(column)
            if sheet != self.layout.main:
                letter = f"{self.grids[sheet].name}·{letter}"
            made.append(
                ShownColumn(letter, str(col.label) if col else name, name, col.mask if col else "", sheet, column)
            )
        return sorted(made, key=lambda one: one.sheet != self.layout.main)

    def _links(self) -> dict[int, dict[str, int]]:
        """For each joined sheet: number there → row there."""
        links: dict[int, dict[str, int]] = {}
        for sheet, (header_row, _left, right) in self.layout.joined.items():
            rows = self.grids[sheet].rows
            links[sheet] = {
                row[right].strip(): place + 1
                for place, row in reversed(list(enumerate(rows)))
                if place > header_row and right < len(row)
            }
        return links

    def numbers(self) -> list[int]:
        """The rows that would be written."""
        rows = self.grids[self.layout.main].rows
        first = self.layout.header_row + 1
        return [n + 1 for n in range(first, len(rows)) if n + 1 not in self.dropped and any(rows[n])]

    def _row_in(self, sheet: int, number: int) -> int | None:
        if sheet == self.layout.main:
            return number
        left = self.layout.joined[sheet][1]
        return self.links[sheet].get(self.text(self.layout.main, number, left).strip())

    def text(self, sheet: int, row: int | None, column: int) -> str:
        rows = self.grids[sheet].rows
        if row is None or row > len(rows) or column >= len(rows[row - 1]):
            return ""
        return rows[row - 1][column]

    def line(self, number: int, flaws: Iterable[Flaw] = ()) -> Line:
        found = list(flaws)
        wrong = {(flaw.sheet, flaw.column) for flaw in found}
        cells = []
        for one in self.columns:
            row = self._row_in(one.sheet, number)
            text = mask(self.text(one.sheet, row, one.column), one.mask)
            mended = f"{one.sheet}:{row}:{one.column}" in self.cells
            cells.append(ShownCell(text, (one.sheet, one.column) in wrong, mended))
        return Line(number, cells, [shown_flaw(flaw) for flaw in found])

    def faulty(self, flaws: list[Flaw]) -> list[Line]:
        return [self.line(number, group) for number, group in groupby(flaws, key=lambda flaw: flaw.row)]

    def before_and_after(self, flaws: Iterable[Flaw]) -> list[tuple[str, str, str]]:
        """(cell, text now, text offered) for the look before many cells are mended at once."""
        masked = {(one.sheet, one.column): one.mask for one in self.columns}
        return [
            (flaw.address, mask(self.text(flaw.sheet, flaw.at_row, flaw.column), how), mask(flaw.suggestion or "", how))
            for flaw in flaws
            for how in [masked.get((flaw.sheet, flaw.column), "")]
        ]


def shown_flaw(flaw: Flaw) -> ShownFlaw:
    return ShownFlaw(
        flaw.address, flaw.message, actions.place_of(flaw), flaw.suggestion or "",
        flaw.column >= 0 and flaw.code not in ("duplicate", "total"), flaw.row, flaw.other_row,
    )  # fmt: skip


def annotated(upload: Upload) -> tuple[list[Any], list[list[str]]]:
    """The main sheet with the mends in place and one more column that says what is wrong: headings, rows."""
    opened = Sheetful(upload)
    words: dict[int, list[str]] = {}
    for flaw in actions.flaws_of(upload):
        words.setdefault(flaw.row, []).append(f"{flaw.address} {flaw.message}")
    rows = opened.grids[opened.layout.main].rows
    headings = heads(opened.grids[opened.layout.main], opened.layout.header_row)
    width = max(len(headings), *(len(row) for row in rows))
    made = [
        [*row, *[""] * (width - len(row)), "；".join(words.get(number, []))]
        for number, row in enumerate(rows, start=1)
        if number > opened.layout.header_row + 1 and number not in opened.dropped
    ]
    return [*headings, *[""] * (width - len(headings)), actions.NOTES()], made
