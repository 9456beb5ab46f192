"""What a sheet should hold, as a table: its columns, their kinds, what must be unique, how sheets join.

A room declares a ``Sheet``; from it come the matching of headings, the checks cell by cell, the mends and the template.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from wuxie.kernel import labels

Lookup = Callable[[set[str]], Mapping[str, Any]]


@dataclass(frozen=True)
class Col:
    """One column.

    ``kind``: ``text``, ``decimal2`` (a whole number of hundredths), ``decimal4`` (of ten-thousandths), ``int``, ``date``, ``choice``, ``uscc``,
    ``id_number``, ``phone``, ``place`` (a division's code), ``lookup``. ``choices`` maps the words of the sheet to
    values. ``lookup`` is given all texts of the column at once and answers those it knows; ``suggest`` may offer
    another text for one it does not know. ``personal`` (``name``, ``phone``, ``id_number``) says how a screen masks it.
    """

    field: str
    label: str | Promise
    aliases: tuple[str, ...] = ()
    kind: str = "text"
    required: bool = False
    choices: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    lookup: Lookup | None = None
    suggest: Callable[[str], str | None] | None = None
    normalise: Callable[[str], str] | None = None
    minimum: int | None = None
    maximum: int | None = None
    longest: int = 200
    personal: str = ""
    default: Any = None
    example: str = ""
    help: str | Promise = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", labels.lazily(self.label))
        object.__setattr__(self, "help", labels.lazily(self.help))

    @property
    def mask(self) -> str:
        return self.personal or (self.kind if self.kind in ("phone", "id_number") else "")


@dataclass(frozen=True)
class Join:
    """Another sheet of the same workbook, joined row by row: our column ``left`` names its column ``right``."""

    sheet: tuple[str, ...]
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True)
class Parts:
    """A text such as 3-2-1203 that some sheets write in one column and others in several."""

    whole: str
    parts: tuple[str, ...]
    separators: str = "-－—–_/"


@dataclass(frozen=True)
class Unique:
    """Rows may not agree in all of these fields; ``label`` names the group of such errors."""

    fields: tuple[str, ...]
    label: str | Promise = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", labels.lazily(self.label))


@dataclass(frozen=True)
class Sheet:
    """One kind of list that can be imported."""

    name: str
    label: str | Promise
    columns: tuple[Col, ...]
    unique: tuple[Unique, ...] = ()
    joins: tuple[Join, ...] = ()
    parts: Parts | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", labels.lazily(self.label))

    def __getitem__(self, name: str) -> Col:
        for column in self.columns:
            if column.field == name:
                return column
        raise KeyError(name)

    @property
    def required(self) -> list[Col]:
        return [column for column in self.columns if column.required]


@dataclass
class Flaw:
    """One thing that is wrong in one cell.

    ``row`` counts from 1 as on screen. A room's own check fills ``row``, ``field``, ``code``, ``message`` and, where it
    can, ``suggestion`` (the mended text) and ``group`` (the reason, under which equal mistakes are counted together).
    """

    row: int
    field: str
    code: str
    message: str
    suggestion: str | None = None
    group: str = ""
    #: The other row of a pair, for duplicates.
    other_row: int | None = None
    #: Where it stands: number of the sheet, row there, column from 0; filled by the check.
    sheet: int = 0
    at_row: int = 0
    column: int = -1
    address: str = ""
