"""Rows pasted from a sheet: one line a row, cells parted by tabs, commas or blanks."""

from __future__ import annotations

import re

PARTS = re.compile(r"\s*[,，;；]\s*")
DIGIT = re.compile(r"[0-9]")


def rows(text: str) -> list[list[str]]:
    """The cells of every line that is not empty; a first line of headings is left out."""
    found = [_cells(line) for line in text.splitlines() if line.strip()]
    heading = bool(found) and len(found[0]) > 1 and bool(found[0][1]) and not DIGIT.search(found[0][1])
    return found[1:] if heading else found


def _cells(line: str) -> list[str]:
    if "\t" in line:
        return [cell.strip() for cell in line.split("\t")]
    if PARTS.search(line):
        return [cell.strip() for cell in PARTS.split(line.strip())]
    return line.split()


def cell(row: list[str], place: int) -> str:
    return row[place] if place < len(row) else ""
