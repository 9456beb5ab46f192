"""What one request asks of a list: the rows that match, in which order, which page of them, the links around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, starmap

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..cells import drawn
from . import counting, searching
from .table import Column, Segment, Table

PAGE = 50
#: Of so few rows in which a text is found all saved views are counted.
FEW = 2000
#: Rows of an export that are fetched and completed at a time.
PIECE = 2000
#: A longer search is no search; it is cut before it reaches the database.
LONGEST = 100


@dataclass(frozen=True)
class Row:
    """One line of the page; its cells are written here, because a template for each took longer than all the rest."""

    pk: object
    label: str
    cells: list[str]
    html: SafeString


class Counted(Paginator):
    """Pages over rows that have been counted already."""

    def __init__(self, rows: QuerySet, size: int, found: int) -> None:
        super().__init__(rows, size)
        self.found = found

    @property
    def count(self) -> int:  # type: ignore[override]
        return self.found


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


def _frame(place: int, column: Column) -> tuple[Column, str, str]:
    """A column with what stands around each of its cells: the first names the row, the others carry their heading for phones."""
    if not place:
        return column, '<th scope="row" class="is-name">', "</th>"
    kinds = f"{'is-right' if column.align else ''}{f' is-{column.kind}' if column.kind else ''}"
    return column, format_html('<td class="{}" data-label="{}">', kinds, column.label), "</td>"


def _cell(column: Column, row: Model) -> str:
    html, url = drawn(column.value(row)), column.address(row)
    return format_html('<a href="{}">{}</a>', url, html) if url else html


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
        return self._asked if self.few is None else self.base.filter(pk__in=self.few)

    @cached_property
    def few(self) -> list[object] | None:
        """The numbers of the rows in which a text is found, if every row must be read for it and they are few.

        The table is read once then, not for each count and order anew.
        """
        search = self.table.search
        if not self.looks or self.table.most or callable(search):
            return None
        if not searching.reads_every_row(self.base.model, search, self.q, few=self.table.few, codes=self.table.codes):
            return None
        found = list(self._asked.order_by().values_list("pk", flat=True)[: FEW + 1])
        return found if len(found) <= FEW else None

    @property
    def looks(self) -> bool:
        """Whether a text is looked for."""
        return bool(self.q and self.table.search)

    @cached_property
    def _asked(self) -> QuerySet:
        return self._narrow()

    def _narrow(self, *, walk: bool = False) -> QuerySet:
        rows = self.base
        for one in self.table.filters:
            if one.name in self.chosen:
                rows = rows.filter(one.condition(self.chosen[one.name]))
        if not self.looks:
            return rows
        if callable(self.table.search):
            return self.table.search(rows, self.q)
        return searching.holding(rows, self.table.search, self.q, few=self.table.few, codes=self.table.codes, walk=walk)

    @cached_property
    def ordered(self) -> QuerySet:
        """Everything that matches, in a total order that an index can follow either way, without what stands beside it."""
        many = self.looks and not self.table.most and self.few is None and self.counts[""] > FEW
        rows = self._narrow(walk=True) if many else self.narrowed
        rows = rows.filter(self.segment.where) if self.segment else rows
        column, backwards = self.sort
        names = list(column.order) if column else list(self.table.order)
        if backwards:
            names = [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in names]
        return rows.order_by(*names, "-pk" if names and names[-1].startswith("-") else "pk")

    @property
    def rows(self) -> QuerySet:
        """Everything that matches, complete: for a sheet."""
        return self._complete(self.ordered)

    def _complete(self, rows: QuerySet) -> QuerySet:
        if self.table.related:
            rows = rows.select_related(*self.table.related)
        if self.table.reads:
            rows = rows.only(*self.table.reads)
        return rows.defer(*self.table.defer).prefetch_related(*self.table.prefetch)

    @cached_property
    def page(self) -> Page:
        if self.table.most:
            pages: Paginator = Reaching(self.ordered, self.size, self.table.most)
        else:
            pages = Counted(self.ordered, self.size, self.counts[self.segment.name if self.segment else ""])
        return pages.get_page(self.asked.get("page"))

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @cached_property
    def lines(self) -> list[Row]:
        """The page's rows, drawn: which ones they are is asked first, so that only fifty are read whole."""
        wanted = list(self.page.object_list.values_list("pk", flat=True))
        found = {row.pk: row for row in self._complete(self._bare.filter(pk__in=wanted))}
        rows = [found[pk] for pk in wanted if pk in found]
        if self.table.prepare:
            self.table.prepare(rows)
        frames = list(starmap(_frame, enumerate(self.table.visible)))
        return [self._line(row, frames) for row in rows]

    @property
    def _bare(self) -> QuerySet:
        """Where rows that were found already are read from: who may see them is not weighed twice where nothing else comes with it."""
        asked = self.base.query
        comes_along = asked.annotation_select or asked.select_related or self.base._prefetch_related_lookups  # type: ignore[attr-defined]
        return self.base if comes_along else self.base.model._base_manager.all()

    def _line(self, row: Model, frames: list[tuple[Column, str, str]]) -> Row:
        cells = [_cell(column, row) for column, _begin, _end in frames]
        framed = (f"{begin}{cell}{end}" for (_column, begin, end), cell in zip(frames, cells, strict=True))
        return Row(row.pk, str(row) if self.table.bulk else "", cells, SafeString("".join(framed)))

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
        """The saved views with exact counts; without counts where not everything is counted."""
        if not self.table.segments:
            return []
        counts = {} if self.table.most else self.counts
        views = [("", "", None), *((one.name, one.label, one) for one in self.table.segments)]
        return [
            {"label": label, "url": self.url(view=name), "count": counts.get(name), "current": one is self.segment}
            for name, label, one in views
        ]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Saved view → rows in it; all of them under the empty name."""
        return counting.counts(self.narrowed, self.table.segments, self.segment, at_once=self.looks)

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
