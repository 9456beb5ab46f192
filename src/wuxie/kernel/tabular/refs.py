"""Cells by the names people use: D1203, with the sheet before it when there are several."""

from __future__ import annotations


def letters(column: int) -> str:
    """The letters of a column counted from 0 (0 → A, 27 → AB)."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def number(text: str) -> int:
    """The column counted from 0 that the letters name (AB → 27)."""
    value = 0
    for letter in text.upper():
        value = value * 26 + ord(letter) - 64
    return value - 1


def cell(row: int, column: int, sheet: str = "") -> str:
    """The address of a cell; ``row`` counts from 1 as on screen, ``column`` from 0."""
    return f"{sheet}!{letters(column)}{row}" if sheet else f"{letters(column)}{row}"
