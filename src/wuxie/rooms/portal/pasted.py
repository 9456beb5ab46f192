"""Rows pasted from a sheet: one line a row, cells parted by tabs, commas or blanks."""

from __future__ import annotations

import re

PARTS = re.compile(r"\s*[,，;；]\s*")
DIGIT = re.compile(r"[0-9]")
#: What the second heading of a sheet is called: of areas, energy, prices, turns. A line that says none of them is a row.
HEADING = re.compile(r"面积|电量|度数|报价|价格|单价|总价|最多|次数|area|kwh|price|max", re.IGNORECASE)


def rows(text: str) -> list[list[str]]:
    """The cells of every line that is not empty; a first line of headings is left out, and never a row with a slip in it."""
    found = [_cells(line) for line in text.splitlines() if line.strip()]
    return found[1:] if found and _is_heading(found[0]) else found


def _is_heading(cells: list[str]) -> bool:
    return len(cells) > 1 and HEADING.search(cells[1]) is not None and not DIGIT.search(cells[0] + cells[1])


def _cells(line: str) -> list[str]:
    if "\t" in line:
        return [cell.strip() for cell in line.split("\t")]
    if PARTS.search(line):
        return [cell.strip() for cell in PARTS.split(line.strip())]
    return line.split()


def cell(row: list[str], place: int) -> str:
    return row[place] if place < len(row) else ""
