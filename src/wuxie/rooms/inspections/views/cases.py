"""Inspections under way: the list, and one with its steps."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import yuan
from wuxie.kernel.labels import said
from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.workflow import engine
from wuxie.web import districts, stations, words
from wuxie.web.asking import acting
from wuxie.web.cases import Act, CasePages
from wuxie.web.sealed import numbers_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import forms, queries, rules
from ..actions import cases
from ..models import Inspection
from ..words import Level, Payer
from ..workflow import INSPECTION
from . import common

S = Inspection.State


CASES = Table(
    "inspections",
    gettext_lazy("检验办理"),
    columns=[
        Column("label", gettext_lazy("检验项目"), text=lambda row: said(row.label), link=lambda row: row.get_absolute_url(), sort="label", kind="name"),
        Column("project.estate.name", gettext_lazy("小区"), sort="project__estate__name"),
        Column("where", gettext_lazy("设备"), text=lambda row: row.where(), sort="asset__code"),
        Column("state", gettext_lazy("状态"), text=common.state, kind="state", sort="state"),
        Column("due", gettext_lazy("应检日"), text=lambda row: "" if row.is_over else words.due(row.due_on), sort="due_on",
               export=lambda row: row.due_on),
        Column("visit_on", gettext_lazy("约定日期"), sort="visit_on"),
        Column("agency", gettext_lazy("机构")),
        Column("price", gettext_lazy("价格"), text=lambda row: yuan(row.price) if row.price is not None else "", sort="price", align="right"),
        Column("inspected_on", gettext_lazy("检验日"), shown=False),
        Column("report_number", gettext_lazy("报告编号"), shown=False),
        Column("failure", gettext_lazy("哪里不合格"), shown=False),
        Column("overdue_on", gettext_lazy("逾期起"), shown=False),
        Column("level", gettext_lazy("强制程度"), text=lambda row: words.choice(row, "level"), shown=False),
        Column("company", gettext_lazy("企业"), text=lambda row: row.project.company.name, shown=False),
    ],
    search=["label", "number", "report_number", "project__estate__search"],
    search_label=gettext_lazy("项目、设备编号、报告编号、小区"),
    filters=[
        districts.district_of(Inspection.objects.visible_to),
        Filter("state", gettext_lazy("状态"), S.choices),
        Filter("level", gettext_lazy("强制程度"), Level.choices),
    ],
    segments=[
        Segment("open", gettext_lazy("没办完"), ~Q(state__in=Inspection.OVER)),
        Segment("late", gettext_lazy("逾期"), Q(overdue_on__isnull=False) & ~Q(state__in=Inspection.OVER)),
        Segment("failed", gettext_lazy("不合格"), Q(state__in=[S.FAILED, S.RECTIFIED])),
        Segment("passed", gettext_lazy("合格"), Q(state=S.PASSED)),
    ],
    order=["due_on", "pk"],
    related=["project__estate", "project__company", "asset", "obligation"],
    export=True,
    empty=gettext_lazy("还没有要办的检验。到期前会自动列在这里。"),
)  # fmt: skip


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The inspections this person may see."""
    return table_page(
        request,
        CASES,
        Inspection.objects.visible_to(acting(request)),
        template="inspections/list.html",
        tabs=common.tabs("cases"),
    )


#: The stations of the way, and the steps that end each.
STATIONS = (
    (("open",), gettext_lazy("提醒")), (("book",), gettext_lazy("预约")), (("inspect",), gettext_lazy("检验")),
    (("pass",), gettext_lazy("合格")),
)  # fmt: skip
AT = {
    S.DUE: 1,
    S.REMINDED: 1,
    S.OVERDUE: 1,
    S.BOOKED: 2,
    S.INSPECTED: 3,
    S.FAILED: 3,
    S.RECTIFIED: 3,
    S.PASSED: 4,
    S.WITHDRAWN: 4,
}


def path(case: Inspection, events: list[Any]) -> list[dict[str, str]]:
    """The stations with day and who."""
    return stations.path(STATIONS, AT, case.state, events, stopped=case.state in (S.OVERDUE, S.FAILED))


def _elsewhere(one: Inspection, case: Inspection) -> str:
    """Where else the number stands; of another company only that it does."""
    if one.project.company_id == case.project.company_id:
        return f"{one.project.estate.name} · {said(one.label)}"
    return _("另一家企业的项目")


def _first_visit(case: Inspection, events: list[Any]) -> datetime.date | None:
    """The day somebody came first, where they had to come again."""
    told = next((event.data.get("inspected_on") for event in events if event.step == "inspect"), None)
    day = datetime.date.fromisoformat(told) if told else None
    return day if day != case.inspected_on else None


def _context(request: HttpRequest, case: Inspection) -> dict[str, Any]:
    actor, key = acting(request), INSPECTION.key(case)
    events = list(engine.history(INSPECTION, case)[:200])
    spec, hazards, first_visit = case.spec, stations.elsewhere(events, actor), _first_visit(case, events)
    pairs = [
        (_("设备"), case.where()), (_("应检日"), case.due_on), (_("强制程度"), f"{Level(case.level).label} · {said(spec.basis)}"),
        (_("机构"), case.agency), (_("机构资质证号"), case.licence), (_("价格"), yuan(case.price) if case.price is not None else ""),
        (_("列支渠道"), Payer(spec.payer).label), (_("约定日期"), case.visit_on),
        (_("初检日"), first_visit), (_("复检日") if first_visit else _("检验日"), case.inspected_on),
        (_("报告编号"), case.report_number), (_("报告日"), case.report_on), (_("哪里不合格"), case.failure),
        (_("怎样整改的"), case.remedy), (_("逾期起"), case.overdue_on), (_("不再适用的原因"), case.reason),
    ]  # fmt: skip
    return {
        "same_report": [_elsewhere(one, case) for one in queries.same_report(case)],
        "title": f"{said(case.label)} · {case.project.estate.name}", "chip_of_state": common.state(case),
        "crumbs": [(_("检验办理"), reverse("inspections:cases")), (said(case.label), "")],
        "lead": f"{case.project.estate.name} · {case.project.company.name}", "path": path(case, events),
        "numbers": numbers_of(events), "pairs": [(label, value) for label, value in pairs if value not in ("", None)],
        "documents": list(Document.objects.on(key).select_related("void")), "papers": list(Attachment.objects.on(key)),
        "hazards": hazards, "unclosed": [one for one in hazards if one["url"] and not one["over"]] if case.state == S.PASSED else [],
        "asset": case.asset, "turn": _turn(case), "keeps": rules.keeper.test(actor, case),
    }  # fmt: skip


def _turn(case: Inspection) -> str:
    """Whose turn it is, for those whose it is not."""
    steps = (
        step for _name, step in INSPECTION.open_steps(case.state) if not step.quiet and step.by is not rules.the_clock
    )
    return "、".join(dict.fromkeys(str(step.by.label) for step in steps))


PAGES = CasePages(
    INSPECTION,
    template="inspections/case.html",
    context=_context,
    select_related=("project__estate", "project__company", "asset", "obligation__project__estate", "obligation__project__company", "obligation__asset"),
    acts={
        "book": Act(cases.book, forms.Book, wants_case=True),
        "inspect": Act(cases.inspect, forms.Inspect, wants_case=True),
        "pass": Act(cases.passed, forms.Passed, wants_case=True),
        "fail": Act(cases.failed, forms.Failed, wants_case=True),
        "rectify": Act(cases.rectify, forms.Rectify),
        "exempt": Act(cases.exempt, forms.Exempt),
    },
)  # fmt: skip
