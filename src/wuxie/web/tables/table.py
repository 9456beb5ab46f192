"""What a list is declared by: columns, search, filters, saved views, acts on ticked rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Column:
    """One column. ``name`` is a dotted path on the row unless ``text`` says what stands there.

    ``sort`` names the fields behind the column's order; ``link`` makes the cell lead to the row's own page. ``export``
    is what a spreadsheet gets (default: the words that the page shows, numbers as numbers). ``kind`` "name" and "state"
    stand on the first line of a row on a phone.
    """

    name: str
    label: Text
    text: Callable[[Any], object] | None = None
    link: Callable[[Any], str] | bool = False
    sort: str | Sequence[str] = ""
    align: Literal["", "right"] = ""
    kind: Literal["", "name", "state"] = ""
    export: Callable[[Any], object] | None = None
    shown: bool = True
    """False: only in exports."""
    sheet: bool = True
    """False: only on the page; a sheet that is imported again has no use for it."""

    def value(self, row: Any) -> object:
        if self.text:
            return self.text(row)
        found = row
        for part in self.name.split("."):
            found = getattr(found, part, None)
        return found() if callable(found) else found

    def exported(self, row: Any) -> object:
        value = self.export(row) if self.export else self.value(row)
        return value if value is None or isinstance(value, (str, int)) else str(value)

    def address(self, row: Any) -> str:
        if callable(self.link):
            return self.link(row)
        return row.get_absolute_url() if self.link else ""

    @property
    def order(self) -> tuple[str, ...]:
        return (self.sort,) if isinstance(self.sort, str) else tuple(self.sort)


Choices = Iterable[tuple[object, Text]] | QuerySet | Callable[[HttpRequest], Iterable[tuple[object, Text]]]


@dataclass(frozen=True)
class Filter:
    """One choice above the table, ``?f_name=``. ``choices`` are pairs, a queryset (its ``pk`` and text) or a callable.

    Values outside the choices are ignored: the address of a list can ask for nothing else. ``where`` makes the
    condition from the value when a lookup does not say it.
    """

    name: str
    label: Text
    choices: Choices
    lookup: str = ""
    where: Callable[[str], Q] | None = None

    def offered(self, request: HttpRequest) -> list[tuple[str, str]]:
        if isinstance(self.choices, QuerySet):
            return [(str(row.pk), str(row)) for row in self.choices]
        pairs = self.choices(request) if callable(self.choices) else self.choices
        return [(str(value), str(label)) for value, label in pairs]

    def condition(self, value: str) -> Q:
        return self.where(value) if self.where else Q(**{self.lookup or self.name: value})


@dataclass(frozen=True)
class Segment:
    """A saved view with its count, ``?view=name``."""

    name: str
    label: Text
    where: Q


@dataclass(frozen=True)
class Bulk:
    """An act on the rows that are ticked: a POST of ``pk`` (several) to ``url``."""

    label: Text
    url: str
    primary: bool = False


@dataclass(frozen=True)
class Table:
    """A list of one noun. ``search``: fields looked into by part of a word, or a function of the rows and the text."""

    name: str
    label: Text
    columns: Sequence[Column]
    search: Sequence[str] | Callable[[QuerySet, str], QuerySet] = ()
    search_label: Text = ""
    filters: Sequence[Filter] = ()
    segments: Sequence[Segment] = ()
    order: Sequence[str] = ()
    related: Sequence[str] = ()
    defer: Sequence[str] = ()
    """Large columns that neither page nor sheet shows."""
    reads: Sequence[str] = ()
    """All that the cells read, where a row and what stands beside it are wide and the list is asked for often."""
    codes: Collection[str] = ()
    """Of ``search``, fields that hold numbers of letters and digits: a word in other signs is not looked for in them."""
    few: Sequence[str] = ()
    """Of ``search``, indexed columns of the row itself with few different values: they are looked into first."""
    prefetch: Sequence[str] = ()
    bulk: Sequence[Bulk] = ()
    export: bool = False
    personal: bool = False
    """Whether rows name people: then each download stands in the journal of administration, or does not happen."""
    empty: Text = ""
    """One sentence of what would stand here."""
    prepare: Callable[[Sequence[Any]], None] | None = None
    """Completes the rows of a page (or of a piece of an export) together, before any of them is drawn."""
    most: int = 0
    """Where rows are numbered in millions: pages reach so far, and "more than" is said of the rest; 0 counts them all."""

    @property
    def searches(self) -> bool:
        """Whether words can be looked for; a template would call ``search`` where it is a function."""
        return bool(self.search)

    @property
    def visible(self) -> list[Column]:
        return [column for column in self.columns if column.shown]
