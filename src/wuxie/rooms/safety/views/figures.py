"""What people look at: a project's days, posts and shifts; and estates of one class beside each other."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import BooleanField, Case, F, FloatField, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel import labels
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY, GOVERNMENT
from wuxie.rooms.register.models import Estate
from wuxie.web import area, districts, words
from wuxie.web.asking import acting
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import figures as reckoning
from .. import queries
from ..models import Tally
from ..models.hazards import COMPANY_SAFETY
from ..rates import per_hundred, percent, share
from .lists import fetch

ONE = datetime.timedelta(days=1)
READERS = (*ASSOCIATION, *GOVERNMENT, *AT_COMPANY, *COMPANY_SAFETY)
#: Over so many days the lines of posts and shifts are counted.
RECENT = 30
WEEKDAYS = (
    gettext_lazy("周一"), gettext_lazy("周二"), gettext_lazy("周三"), gettext_lazy("周四"), gettext_lazy("周五"), gettext_lazy("周六"), gettext_lazy("周日"),
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A day as it is drawn: its depth, the number of duties that were not done in time, and a sentence."""

    depth: int
    missing: str
    says: str


def _cell(day: reckoning.Day | None) -> Cell | None:
    if day is None:
        return None
    when = _("%(month)s月%(day)s日") % {"month": day.day.month, "day": day.day.day}
    if not day.due:
        return Cell(0, "", _("%(when)s：没有应做的") % {"when": when})
    said = _("%(when)s：应做 %(due)s 件，按时 %(on_time)s 件") % {"when": when, "due": day.due, "on_time": day.on_time}
    return Cell(day.depth, str(day.missing) if day.missing else "", said)


def _months(row: list[reckoning.Day | None]) -> list[dict[str, Any]]:
    """The heads of the columns: each month once, over as many weeks as begin in it."""
    heads: list[dict[str, Any]] = []
    month = 0
    for day in row:
        assert day is not None  # Mondays are never to come
        if day.day.month != month:
            month = day.day.month
            heads.append({"label": _("%(n)s 月") % {"n": month}, "weeks": 0})
        heads[-1]["weeks"] += 1
    return heads


def _line(line: reckoning.Line) -> dict[str, Any]:
    """A post and shift with its bar; a contractor's is listed with its number and has no rate."""
    name = labels.said(line.post)
    if line.outside:
        return {
            "name": name,
            "hours": line.hours,
            "note": _("外包给%(who)s，应做 %(n)s 件，只列出，不计入按时率")
            % {"who": line.post.contractor, "n": line.due},
        }
    rest = [(line.late, _("迟做 %(n)s")), (line.missed, _("未做 %(n)s")), (line.doubted, _("要重做 %(n)s"))]
    said = [_("应做 %(due)s 件，按时 %(on_time)s") % {"due": line.due, "on_time": line.on_time}]
    said += [words % {"n": count} for count, words in rest if count]
    return {
        "name": name, "hours": line.hours, "part": line.on_time, "whole": line.due, "percent": percent(share(line.on_time, line.due)),
        "note": "，".join(said), "care": line.on_time * 100 < line.due * queries.term("self_on_time"),
    }  # fmt: skip


@login_required
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """One project: half a year by days, the last thirty days by post and shift, and whether so few hazards can be true."""
    found = fetch(request, pk)
    last = today() - ONE
    first = last - (RECENT - 1) * ONE
    calendar = reckoning.heat(found, last)
    tally = Tally.objects.filter(project=found).first()
    checks, doubted = reckoning.evidence([found.pk], first, last).get(found.pk, (0, 0))
    context = {
        "title": _("履职分析：%(name)s") % {"name": found.estate.name}, "lead": found.company.name,
        "crumbs": [(found.estate.name, reverse("safety:project", args=[found.pk]))],
        "months": _months(calendar[0]), "weeks": list(zip(WEEKDAYS, [[_cell(day) for day in row] for row in calendar], strict=True)),
        "worst": [_cell(day) for day in reckoning.worst(calendar)], "lines": [_line(one) for one in reckoning.lines(found, first, last)],
        "pairs": _pairs(tally, checks, doubted), "recent": RECENT,
        "sparse": tally is not None and reckoning.sparse(tally.found, tally.due), "days": queries.term("figures_days"),
        "per_thousand": queries.term("sparse_hazards"),
    }  # fmt: skip
    return render(request, "safety/figures.html", context)


def _pairs(tally: Tally | None, checks: int, doubted: int) -> list[tuple[str, Any]]:
    if tally is None:
        return [(_("合计"), _("还没有合计。责任清单启用后，每天夜里算一次。"))]
    return [
        (_("按时履职率"), percent(share(tally.on_time, tally.due))),
        (_("每百件职责发现隐患"), per_hundred(tally.found, tally.due)),
        (_("隐患按期闭环"), _("%(part)s / %(whole)s") % {"part": tally.closed_on_time, "whole": tally.found}),
        (_("空岗（岗·天）"), tally.vacant),
        (_("证据被退回"), _sent_back(checks, doubted)),
        (_("截至"), tally.day - ONE),
    ]  # fmt: skip


def _sent_back(checks: int, doubted: int) -> str:
    known = {"doubted": doubted, "checks": checks, "share": percent(share(doubted, checks))}
    return _("%(doubted)s / %(checks)s（%(share)s）") % known if checks else _("没有记录")


# Estates beside each other.


def _page_of(row: Tally) -> str:
    return reverse("safety:figures", args=[row.project_id])


def _rate(row: Tally) -> str:
    return percent(share(row.on_time, row.due))


def _hundred(row: Tally) -> str:
    return per_hundred(row.found, row.due)


def _evidence(rows: Sequence[Any]) -> None:
    """What of the last days' evidence was sent back, and hazards that are there again, for a page of projects."""
    last = today() - ONE
    projects = [row.project_id for row in rows]
    counts = reckoning.evidence(projects, last - (RECENT - 1) * ONE, last)
    again = reckoning.repeated(projects)
    for row in rows:
        row.sent_back = _sent_back(*counts.get(row.project_id, (0, 0)))
        row.again = again.get(row.project_id, 0)


def _sign(row: Any) -> Chip:
    if not row.due:
        return Chip(_("没有履职记录"))
    return Chip(_("隐患太少，要抽查"), "amber") if row.is_sparse else Chip(_("正常"), "green")


COMPARE = Table(
    "duty_figures",
    gettext_lazy("履职分析"),
    columns=[
        Column("project.estate.name", gettext_lazy("小区"), link=_page_of, sort="project__estate__name", kind="name"),
        Column("project.company.name", gettext_lazy("企业"), sort="project__company__name"),
        Column("state", gettext_lazy("看点"), text=_sign, kind="state"),
        Column("klass", gettext_lazy("类别"), text=lambda row: words.choice(row.project.estate, "klass"), sort="project__estate__klass", shown=False),
        Column("rate", gettext_lazy("按时履职率"), text=_rate, sort="rate", align="right"),
        Column("due", gettext_lazy("应履职"), shown=False),
        Column("hundred", gettext_lazy("每百件发现隐患"), text=_hundred, sort="hundred", align="right"),
        Column("found", gettext_lazy("发现隐患"), shown=False),
        Column("again", gettext_lazy("又犯的隐患"), align="right"),
        Column("sent_back", gettext_lazy("近 30 日证据被退回"), align="right"),
        Column("vacant", gettext_lazy("空岗（岗·天）"), sort="vacant", align="right"),
    ],
    search=["project__estate__search", "project__company__search"],
    search_label=gettext_lazy("小区、企业"),
    filters=[
        districts.district_of(Tally.objects.visible_to, "project__estate__place_id"),
        Filter("klass", gettext_lazy("类别"), Estate.Klass.choices, "project__estate__klass"),
    ],
    segments=[Segment("sparse", gettext_lazy("隐患太少"), Q(is_sparse=True)), Segment("none", gettext_lazy("没有履职记录"), Q(due=0))],
    order=["rate", "pk"],
    related=["project__estate", "project__company"],
    export=True,
    prepare=_evidence,
    empty=gettext_lazy("还没有合计。责任清单启用后，每天夜里算一次。"),
)  # fmt: skip


def with_rates(rows: QuerySet) -> QuerySet:
    """``rate`` and ``hundred`` to be sorted by, never shown; ``is_sparse`` as the rule says."""
    enough, least = queries.term("sparse_duties"), queries.term("sparse_hazards")

    def of_due(field: str) -> Case:
        return Case(When(due__gt=0, then=F(field) * 1.0 / F("due")), default=None, output_field=FloatField())

    few = When(due__gte=enough, thousandfold__lt=F("due") * least, then=Value(True))
    return rows.annotate(
        thousandfold=F("found") * 1000, rate=of_due("on_time"), hundred=of_due("found"),
        is_sparse=Case(few, default=Value(False), output_field=BooleanField()),
    )  # fmt: skip


@login_required
def compare(request: HttpRequest) -> HttpResponse:
    """The projects this person may read, and above them their classes; a company reads of others only what cannot be worked out."""
    actor = acting(request)
    if not actor.holds(*READERS):
        raise Http404
    own = area.narrowed(request, Tally.objects.visible_to(actor)).select_related("project__estate")
    whole = not actor.holds(*ASSOCIATION, *GOVERNMENT)
    least = queries.term("compare_least")
    mine = reckoning.classes(own)
    others = (
        reckoning.comparable(reckoning.classes(Tally.objects.select_related("project__estate")), least) if whole else {}
    )
    return table_page(
        request, COMPARE, with_rates(Tally.objects.visible_to(actor)), template="safety/compare.html",
        lead=_("往回看 %(days)s 天，由账本里的事实算出，每天夜里算一次。") % {"days": queries.term("figures_days")},
        classes=[_klass(one, others.get(klass), whole) for klass, one in mine.items()], whole=whole, least=least,
    )  # fmt: skip


def _klass(one: reckoning.Klass, others: reckoning.Klass | None, whole: bool) -> dict[str, Any]:
    """A class with its bar; for a company its own estates, and beside them all of the city's where enough stand behind it."""
    hundred = _("每百件发现隐患 %(n)s") % {"n": per_hundred(one.found, one.due) or "—"}
    notes = [_("%(n)s 个项目，应做 %(due)s 件") % {"n": one.projects, "due": one.due}, hundred]
    if others is not None:
        known = {"rate": percent(share(others.on_time, others.due)), "n": per_hundred(others.found, others.due)}
        notes.append(_("全市同类：按时 %(rate)s，每百件发现隐患 %(n)s") % known)
    elif whole:
        notes.append(_("全市同类的企业不够多，不显示"))
    rate = percent(share(one.on_time, one.due)) or "—"
    return {"label": one.label, "part": one.on_time, "whole": one.due, "percent": rate, "note": "；".join(notes)}
