"""Drills: the list, one drill with its steps, adding one."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.now import today
from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.workflow import engine
from wuxie.web import districts, words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cases import Act, CasePages
from wuxie.web.cells import Chip
from wuxie.web.sealed import numbers_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import drill_forms as forms
from .. import work_rules
from ..actions import drills
from ..drill_workflow import DRILL
from ..models import Drill, Hazard
from . import stations
from .lists import fetch

S = Drill.State
TONES = {
    S.PLANNED: "amber",
    S.ANNOUNCED: "blue",
    S.HELD: "amber",
    S.EVALUATED: "blue",
    S.CLOSED: "green",
    S.DROPPED: "",
}


def is_late(row: Drill) -> bool:
    return row.state in Drill.WAITING and row.due_on < today()


def state(row: Drill) -> Chip:
    if is_late(row):
        return Chip(_("逾期未做"), "red")
    return Chip(str(S(row.state).label), TONES[S(row.state)])


def _due(row: Drill) -> object:
    return words.due(row.due_on) if row.state in Drill.WAITING else row.due_on


DRILLS = Table(
    "drills",
    gettext_lazy("应急演练"),
    columns=[
        Column("form", gettext_lazy("演练"), text=str, link=True, sort=("form", "kind"), kind="name"),
        Column("project.estate.name", gettext_lazy("小区"), sort="project__estate__name"),
        Column("state", gettext_lazy("状态"), text=state, kind="state", sort="state"),
        Column("due", gettext_lazy("最迟"), text=_due, sort="due_on", export=lambda row: row.due_on),
        Column("planned_for", gettext_lazy("定在哪天"), sort="planned_for"),
        Column("held_on", gettext_lazy("演练日"), sort="held_on"),
        Column("people", gettext_lazy("参加人数"), sort="people", align="right"),
        Column("minutes", gettext_lazy("用时（分钟）"), sort="minutes", align="right"),
        Column("project.company.name", gettext_lazy("企业"), shown=False),
        Column("scenario", gettext_lazy("演什么"), shown=False),
        Column("went_wrong", gettext_lazy("没做好的"), shown=False),
    ],
    search=["scenario", "project__estate__search", "project__company__name"],
    search_label=gettext_lazy("演什么、小区、企业"),
    filters=[
        districts.district_of(Drill.objects.visible_to),
        Filter("kind", gettext_lazy("科目"), Drill.Kind.choices),
        Filter("form", gettext_lazy("形式"), Drill.Form.choices),
    ],
    order=["due_on", "pk"],
    related=["project__estate", "project__company"],
    export=True,
    empty=gettext_lazy("还没有演练。责任清单启用后，当年该做的演练自动列在这里。"),
)  # fmt: skip


def with_views(day: datetime.date) -> Table:
    """The list with its saved views as they are on a day."""
    waiting = Q(state__in=Drill.WAITING)
    return replace(
        DRILLS,
        segments=[
            Segment("waiting", gettext_lazy("该做的"), waiting),
            Segment("late", gettext_lazy("逾期未做"), waiting & Q(due_on__lt=day)),
            Segment("held", gettext_lazy("待评估"), Q(state=S.HELD)),
            Segment("evaluated", gettext_lazy("待办结"), Q(state=S.EVALUATED)),
            Segment("closed", gettext_lazy("已办结"), Q(state=S.CLOSED)),
        ],
    )


@login_required
def ledger(request: HttpRequest) -> HttpResponse:
    """The drills this person may see."""
    rows = Drill.objects.visible_to(acting(request))
    return table_page(request, with_views(today()), rows, template="web/list.html")


@login_required
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """One more than the law asks for."""
    found = fetch(request, pk)
    require(work_rules.organiser, request, found)
    back = reverse("safety:drills")
    return ask(
        request, forms.Add(sent(request)), lambda **known: drills.add(found, by=acting(request), **known),
        then=lambda made: made.get_absolute_url(), title=_("加一次演练：%(estate)s") % {"estate": found.estate.name},
        send=_("加这次演练"), back=back, crumbs=[(_("应急演练"), back)],
        lead=_("法规要求的已经自动列出；这里加的是额外的。"),
    )  # fmt: skip


STATIONS = (
    ((), gettext_lazy("列入计划")),
    (("announce",), gettext_lazy("通知")),
    (("hold",), gettext_lazy("演练")),
    (("evaluate",), gettext_lazy("评估")),
    (("close",), gettext_lazy("办结")),
)
AT = {S.PLANNED: 1, S.ANNOUNCED: 2, S.HELD: 3, S.EVALUATED: 4, S.CLOSED: 5, S.DROPPED: 1}


def _context(request: HttpRequest, case: Drill) -> dict[str, Any]:
    actor, key = acting(request), DRILL.key(case)
    events = list(engine.history(DRILL, case)[:200])
    shown = state(case)
    hazard = (
        case.hazard if case.hazard_id and Hazard.objects.visible_to(actor).filter(pk=case.hazard_id).exists() else None
    )
    led_to = [{"text": str(hazard), "url": hazard.get_absolute_url(), "note": hazard.receipt}] if hazard else []
    pairs = [
        (_("演练形式"), case.get_form_display()), (_("演练科目"), case.get_kind_display()),  # type: ignore[attr-defined]
        (_("应做时段"), words.span(case.period_from, case.due_on)), (_("定在哪天"), case.planned_for),
        (_("演什么"), case.scenario), (_("演练日"), case.held_on), (_("参加人数"), case.people),
        (_("用时（分钟）"), case.minutes), (_("带队人"), case.leader.masked_name if case.leader else ""),
        (_("做得好的"), case.went_well), (_("没做好的"), case.went_wrong),
        (_("责任清单"), _("要修订") if case.revise_list else ""),
    ]  # fmt: skip
    papers = list(Attachment.objects.on(key))
    return {
        "title": str(case), "tone": shown.tone, "state_label": str(shown),
        "crumbs": [(_("应急演练"), reverse("safety:drills")), (f"{case} · {case.held_on or case.planned_for or case.due_on}", "")],
        "lead": f"{case.project.estate.name} · {case.project.company.name}",
        "path": stations.path(STATIONS, AT, S(case.state), events, case.state == S.DROPPED), "numbers": numbers_of(events),
        "pairs": stations.said(pairs),
        "sections": [{"title": _("由此立的隐患"), "rows": led_to, "empty": ""}] if led_to else [],
        "photos": [one for one in papers if one.is_picture], "papers": [one for one in papers if not one.is_picture],
        "documents": list(Document.objects.on(key).select_related("void")), "turn": stations.turn(DRILL, case.state),
    }  # fmt: skip


PAGES = CasePages(
    DRILL,
    template="safety/work.html",
    context=_context,
    select_related=("project__estate", "project__company", "leader", "hazard"),
    acts={
        "announce": Act(drills.announce, forms.Announce, wants_case=True),
        "hold": Act(drills.hold, forms.Hold, wants_case=True),
        "evaluate": Act(drills.evaluate, forms.Evaluate),
        "close": Act(drills.close, forms.Note),
        "drop": Act(drills.drop, forms.Reason),
    },
)
