"""Lists declared once: columns, search, filters, saved views, pages of 50, export; the same for every noun.

::

    ESTATES = Table(
        "estates", _("小区"),
        columns=[
            Column("name", _("小区"), link=lambda estate: reverse("register:estate", args=[estate.pk]), sort="name"),
            Column("klass", _("类别"), text=lambda estate: estate.get_klass_display(), sort="klass"),
            Column("households", _("户数"), sort="households", align="right"),
        ],
        search=["name", "code"],
        filters=[Filter("klass", _("类别"), Estate.Klass.choices)],
        segments=[Segment("old", _("老旧小区"), Q(klass="old_estate"))],
        order=["name"], related=["place"], export=True,
    )

    def estates(request):
        return table_page(request, ESTATES, Estate.objects.visible_to(request.actor))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Literal

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Count, Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from ulid import ULID

from wuxie.kernel.facts.journal import HOUSE
from wuxie.kernel.parties import journal

from .area import within
from .cells import drawn

Text = str | Promise
PAGE = 50
#: The frame of work; only its lists keep to the area that the person looks at.
WORK = "web/work.html"
#: Rows of an export that are fetched and completed at a time.
PIECE = 2000
#: A longer search is no search; it is cut before it reaches the database.
LONGEST = 100


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


@dataclass(frozen=True)
class Cell:
    column: Column
    html: str
    url: str


@dataclass(frozen=True)
class Row:
    pk: object
    label: str
    cells: list[Cell]


def _repeats(rows: QuerySet) -> bool:
    """Whether a row may come several times, by a join with many: then each is to be counted once, which is much dearer."""
    joined = (getattr(one, "join_field", None) for one in rows.query.alias_map.values())
    return rows.query.distinct or any(field and (field.one_to_many or field.many_to_many) for field in joined)


class Reaching(Paginator):
    """Pages over the first rows only, so that nobody waits for millions to be counted."""

    def __init__(self, rows: QuerySet, size: int, most: int) -> None:
        super().__init__(rows, size)
        self.most = most

    @cached_property
    def found(self) -> int:
        return int(self.object_list.order_by()[: self.most + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self.found, self.most)

    @property
    def is_more(self) -> bool:
        """Whether there are rows that no page reaches."""
        return self.found > self.most


@dataclass
class TablePage:
    """One request for a list: reads ``?q= &view= &f_x= &sort= &page=`` and nothing else."""

    request: HttpRequest
    table: Table
    base: QuerySet
    size: int = PAGE
    is_part: bool = False
    """Whether only the area that the person looks at stands here."""
    asked: QueryDict = field(init=False)

    def __post_init__(self) -> None:
        self.asked = self.request.GET

    # What was asked

    @cached_property
    def q(self) -> str:
        return " ".join(self.asked.get("q", "").split())[:LONGEST]

    @cached_property
    def segment(self) -> Segment | None:
        wanted = self.asked.get("view", "")
        return next((segment for segment in self.table.segments if segment.name == wanted), None)

    @cached_property
    def sort(self) -> tuple[Column | None, bool]:
        """The column ordered by, and whether backwards."""
        wanted = self.asked.get("sort", "")
        name = wanted.removeprefix("-")
        column = next((column for column in self.table.visible if column.sort and column.name == name), None)
        return column, column is not None and wanted.startswith("-")

    @cached_property
    def choices(self) -> dict[str, list[tuple[str, str]]]:
        return {one.name: one.offered(self.request) for one in self.table.filters}

    @cached_property
    def chosen(self) -> dict[str, str]:
        """The filters in force: only values that are offered."""
        found = {one.name: self.asked.get(f"f_{one.name}", "") for one in self.table.filters}
        return {
            name: value for name, value in found.items() if value and value in {pair[0] for pair in self.choices[name]}
        }

    # The rows

    @cached_property
    def narrowed(self) -> QuerySet:
        """After search and filters, before the saved view: what the segments count."""
        rows = self.base
        for one in self.table.filters:
            if one.name in self.chosen:
                rows = rows.filter(one.condition(self.chosen[one.name]))
        if not self.q or not self.table.search:
            return rows
        if callable(self.table.search):
            return self.table.search(rows, self.q)
        for word in self.q.split():
            wanted = Q()
            for name in self.table.search:
                wanted |= Q(**{f"{name}__icontains": word})
            rows = rows.filter(wanted)
        return rows

    @cached_property
    def rows(self) -> QuerySet:
        """Everything that matches, in a total order."""
        rows = self.narrowed.filter(self.segment.where) if self.segment else self.narrowed
        column, backwards = self.sort
        names = list(column.order) if column else list(self.table.order)
        if backwards:
            names = [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in names]
        if self.table.related:
            rows = rows.select_related(*self.table.related)
        return rows.prefetch_related(*self.table.prefetch).order_by(*names, "pk")

    @cached_property
    def page(self) -> Page:
        most = self.table.most
        pages = Reaching(self.rows, self.size, most) if most else Paginator(self.rows, self.size)
        return pages.get_page(self.asked.get("page"))

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @cached_property
    def lines(self) -> list[Row]:
        """The page's rows, drawn."""
        rows = list(self.page)
        if self.table.prepare:
            self.table.prepare(rows)
        return [self._line(row) for row in rows]

    def _line(self, row: Model) -> Row:
        cells = [Cell(column, drawn(column.value(row)), column.address(row)) for column in self.table.visible]
        return Row(row.pk, str(row), cells)

    # The links

    def url(self, **changes: str) -> str:
        """The address of this list with something changed; an empty value drops it, and the page starts anew."""
        wanted = {"q": self.q, "view": self.segment.name if self.segment else "", "sort": self.order_text}
        wanted |= {f"f_{name}": value for name, value in self.chosen.items()}
        wanted |= changes
        query = QueryDict(mutable=True)
        for name, value in wanted.items():
            if value:
                query[name] = value
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    @property
    def order_text(self) -> str:
        column, backwards = self.sort
        return f"{'-' if backwards else ''}{column.name}" if column else ""

    @property
    def sheet(self) -> str:
        """The address of the spreadsheet of everything that matches."""
        return self.url(format="xlsx")

    @property
    def plain(self) -> str:
        return self.request.path

    @property
    def previous(self) -> str:
        return self.url(page=str(self.page.previous_page_number())) if self.page.has_previous() else ""

    @property
    def next(self) -> str:
        return self.url(page=str(self.page.next_page_number())) if self.page.has_next() else ""

    @cached_property
    def heads(self) -> list[dict[str, object]]:
        """The column heads with the address that orders by each."""
        column, backwards = self.sort
        heads = []
        for one in self.table.visible:
            here = one is column
            url = self.url(sort=f"-{one.name}" if here and not backwards else one.name) if one.sort else ""
            direction = ("descending" if backwards else "ascending") if here else ""
            heads.append({"column": one, "url": url, "direction": direction})
        return heads

    @cached_property
    def segments(self) -> list[dict[str, object]]:
        """The saved views with exact counts, in one query; without counts where not everything is counted."""
        if not self.table.segments:
            return []
        if self.table.most:
            views = [
                ("", "", self.segment is None),
                *((one.name, one.label, one is self.segment) for one in self.table.segments),
            ]
            return [
                {"label": label, "url": self.url(view=name), "count": None, "current": current}
                for name, label, current in views
            ]
        repeats = any(_repeats(self.narrowed.filter(one.where)) for one in self.table.segments)
        counts = self.narrowed.order_by().aggregate(
            everything=Count("pk", distinct=repeats),
            **{f"in_{one.name}": Count("pk", filter=one.where, distinct=repeats) for one in self.table.segments},
        )
        first = {"label": "", "url": self.url(view=""), "count": counts["everything"], "current": self.segment is None}
        rest = [
            {
                "label": one.label,
                "url": self.url(view=one.name),
                "count": counts[f"in_{one.name}"],
                "current": one is self.segment,
            }
            for one in self.table.segments
        ]
        return [first, *rest]

    @cached_property
    def filters(self) -> list[dict[str, object]]:
        return [
            {"filter": one, "choices": self.choices[one.name], "value": self.chosen.get(one.name, "")}
            for one in self.table.filters
        ]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.chosen or self.segment)

    @property
    def said(self) -> list[str]:
        """What was looked for, in words, for the sentence of an empty answer."""
        words = [f"“{self.q}”"] if self.q else []
        for one in self.table.filters:
            words += [label for value, label in self.choices[one.name] if value == self.chosen.get(one.name)]
        return words + ([str(self.segment.label)] if self.segment else [])

    @property
    def wider(self) -> str:
        """One wider try: the same words without filters, else everything."""
        if self.q and (self.chosen or self.segment):
            return self.url(view="", **{f"f_{name}": "" for name in self.chosen})
        return self.plain

    # The export

    def headers(self) -> list[str]:
        return [str(column.label) for column in self.table.columns if column.sheet]

    def exported(self) -> Iterator[list[object]]:
        """Every row that matches, not only this page's."""
        rows = self.rows.iterator(chunk_size=PIECE)
        while piece := list(islice(rows, PIECE)):
            if self.table.prepare:
                self.table.prepare(piece)
            for row in piece:
                yield [column.exported(row) for column in self.table.columns if column.sheet]


def table_page(
    request: HttpRequest,
    table: Table,
    rows: QuerySet,
    *,
    template: str = "web/list.html",
    everywhere: bool = False,
    **context: Any,
) -> HttpResponse:
    """Answer with the list, the part of it that htmx swaps, or the spreadsheet.

    ``rows`` are what this person may see (``visible_to``); of them stand here those of the ``area`` looked at, unless
    they are ``everywhere`` (the parts of one thing that lies somewhere). ``context``: ``title``, ``lead``, ``crumbs``, ``act``
    (``{"label", "url", "icon"}``), ``import_url``, ``layout`` (``web/work.html`` unless said), or what a template that
    extends ``web/list.html`` needs.
    """
    here = Q() if everywhere or context.get("layout", WORK) != WORK else within(request, rows.model)
    shown = TablePage(request, table, rows.filter(here), is_part=bool(here))
    wanted = request.GET.get("format", "")
    if wanted:
        return _export(request, shown, wanted)
    context = {"layout": WORK, "title": table.label, "table": table, "shown": shown} | context
    part = bool(getattr(request, "htmx", False)) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    response = render(request, "web/list.html#list" if part else template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _export(request: HttpRequest, shown: TablePage, wanted: str) -> HttpResponse:
    if not shown.table.export or wanted not in ("xlsx", "csv"):
        raise Http404
    if shown.table.personal:
        _tell(request, shown.table, wanted)
    from wuxie.kernel.tabular.export import rows_response  # the sheet writer is heavy and most requests export nothing

    return rows_response(str(shown.table.label), shown.headers(), shown.exported(), wanted)


def _tell(request: HttpRequest, table: Table, wanted: str) -> None:
    """Write down who takes a list of people away. What was searched for may be somebody's name, so it is not told."""
    by: str = request.actor.key  # type: ignore[attr-defined]
    with transaction.atomic():
        journal.write(
            "exported", by if ":" in by else HOUSE, by=by, source=f"export:{ULID()}",
            details={"table": table.name, "format": wanted},
        )  # fmt: skip
