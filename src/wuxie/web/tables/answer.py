"""A list as an answer: the page, the part of it that htmx swaps, or the spreadsheet."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from ulid import ULID

from wuxie.kernel.facts.journal import HOUSE
from wuxie.kernel.parties import journal

from ..area import within
from .page import TablePage
from .table import Table

#: The frame of work; only its lists keep to the area that the person looks at.
WORK = "web/work.html"


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
