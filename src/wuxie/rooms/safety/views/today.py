"""What is due today at one project: every duty that can be done at some hour of the day."""

from __future__ import annotations

import datetime
from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from wuxie.kernel import labels
from wuxie.kernel.clock.now import now, today
from wuxie.web import words
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import queries
from ..models import Instance
from ..words import Every, PlaceKind
from .common import hours, state_chip
from .lists import fetch

TODAY = Table(
    "duties_today",
    gettext_lazy("今天的职责"),
    columns=[
        Column("duty.text", gettext_lazy("职责"), text=lambda row: labels.said(row.duty), link=lambda row: row.duty.list_post.get_absolute_url(), kind="name"),
        Column("post", gettext_lazy("岗位"), text=lambda row: labels.said(row.duty.list_post), sort="duty__list_post__label"),
        Column("state", gettext_lazy("状态"), text=state_chip, kind="state"),
        Column("every", gettext_lazy("频次"), text=lambda row: words.choice(row.duty, "every"), sort="duty__every"),
        Column("hours", gettext_lazy("时间"), text=hours, sort="closes_at"),
        Column("place", gettext_lazy("地点"), text=lambda row: words.choice(row.duty, "place"), sort="duty__place"),
    ],
    search=["duty__text", "duty__list_post__label"],
    search_label=gettext_lazy("职责、岗位"),
    filters=[
        Filter("every", gettext_lazy("频次"), [one for one in Every.choices if one[0] != Every.EVENT], "duty__every"),
        Filter("place", gettext_lazy("地点"), PlaceKind.choices, "duty__place"),
    ],
    order=["closes_at"],
    related=["duty__list_post__post"],
    export=True,
    empty=gettext_lazy("今天没有职责。清单启用后，每天夜里排好当天的。"),
)  # fmt: skip


def with_views(moment: datetime.datetime) -> Table:
    """The list with its saved views as they are at a moment."""
    return replace(
        TODAY,
        segments=[
            Segment("open", gettext_lazy("现在该办"), queries.can_be_done(moment)),
            Segment("soon", gettext_lazy("2 小时内到点"), queries.nearly_missed(moment)),
        ],
    )


@login_required
def duties(request: HttpRequest, pk: int) -> HttpResponse:
    """The duties of a project that this person may read."""
    found = fetch(request, pk)
    rows: QuerySet[Instance] = queries.due_on(today()).filter(project=found)
    return table_page(
        request, with_views(now()), rows, template="web/list.html", lead=found.estate.name,
        crumbs=[(found.estate.name, reverse("safety:project", args=[found.pk]))],
    )  # fmt: skip
