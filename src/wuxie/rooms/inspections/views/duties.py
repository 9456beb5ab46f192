"""What is due: the list over all projects, and what may be done about one item before its case opens."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import between
from wuxie.kernel.clock.now import today
from wuxie.kernel.labels import said
from wuxie.web import districts, words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import burden, forms, rules
from ..actions import cases, obligations
from ..models import Obligation
from ..words import Agency, Level
from . import common


def _link(row: Obligation) -> str:
    if row.asset_id:
        return reverse("inspections:asset", args=[row.asset_id])
    return reverse("inspections:project", args=[row.project_id])


DUTIES = Table(
    "inspection_duties",
    gettext_lazy("检验检测"),
    columns=[
        Column("label", gettext_lazy("检验项目"), text=lambda row: said(row.label), link=_link, sort="label", kind="name"),
        Column("project.estate.name", gettext_lazy("小区"), sort="project__estate__name"),
        Column("asset", gettext_lazy("设备"), text=lambda row: str(row.asset) if row.asset else _("整个小区"), sort="asset__code"),
        Column("state", gettext_lazy("状态"), text=common.due_chip, kind="state", sort="due_on"),
        Column("due_on", gettext_lazy("应检日"), text=lambda row: row.due_on.isoformat() if row.due_on else "", sort="due_on"),
        Column("level", gettext_lazy("强制程度"), text=lambda row: words.choice(row, "level"), sort="level"),
        Column("cost", gettext_lazy("费用区间"), text=lambda row: between(*burden.cost_of(row)), align="right"),
        Column("agency", gettext_lazy("机构类别"), text=lambda row: words.choice(row, "agency"), shown=False),
        Column("last_on", gettext_lazy("上次检验日"), text=lambda row: row.last_on.isoformat() if row.last_on else "", shown=False),
        Column("basis", gettext_lazy("依据"), text=lambda row: said(row.spec.basis), shown=False),
        Column("company", gettext_lazy("企业"), text=lambda row: row.project.company.name, shown=False),
    ],
    search=["label", "asset__code", "asset__place", "project__estate__search"],
    search_label=gettext_lazy("项目、设备编号、小区"),
    filters=[
        districts.district_of(Obligation.objects.visible_to, "project__estate__place_id"),
        Filter("level", gettext_lazy("强制程度"), Level.choices),
        Filter("agency", gettext_lazy("机构类别"), Agency.choices),
    ],
    order=["due_on", "pk"],
    related=["project__estate", "project__company", "asset"],
    prefetch=["project__estate__buildings"],
    export=True,
    empty=gettext_lazy("还没有应检事项。先登记设备，或在责任清单里登记设施，应检日会自动算好。"),
)  # fmt: skip


def of_today() -> Table:
    """The list with its saved views, which depend on the day."""
    day = today()

    def within(days: int) -> Q:
        return Q(due_on__range=(day, day + datetime.timedelta(days=days)))

    return replace(
        DUTIES,
        segments=[
            Segment("late", gettext_lazy("逾期"), Q(due_on__lt=day)),
            Segment("30", gettext_lazy("30 日内"), within(30)),
            Segment("60", gettext_lazy("60 日内"), within(60)),
            Segment("90", gettext_lazy("90 日内"), within(90)),
            Segment("undated", gettext_lazy("缺上次日期"), Q(due_on=None)),
        ],
    )


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """Everything that applies at the projects this person may see, the nearest due date first."""
    return table_page(
        request, of_today(), Obligation.objects.visible_to(acting(request)).standing(), template="inspections/list.html", tabs=common.tabs("duties"),
        lead=_("应检日按到期月推算，不因为哪次早检晚检而漂移。"),
    )  # fmt: skip


def _kept(request: HttpRequest, pk: int, who: Any = rules.keeper) -> tuple[Obligation, dict[str, Any]]:
    rows = Obligation.objects.visible_to(acting(request)).standing()
    found = get_object_or_404(rows.select_related("project__estate", "project__company", "asset"), pk=pk)
    require(who, request, found.project)
    back = _link(found)
    return found, {"back": back, "then": back, "crumbs": [(found.project.estate.name, back)], "lead": common.why(found)}


@login_required
def last(request: HttpRequest, pk: int) -> HttpResponse:
    """When it was done last."""
    found, rest = _kept(request, pk)
    return ask(
        request, forms.LastDone(sent(request)), lambda **known: obligations.set_last(found, by=acting(request), **known),
        said=_("已登记，应检日重新算过。"), title=_("登记上次日期：%(what)s") % {"what": said(found)}, send=_("登记上次日期"),
        after=_("只登记日期不算有效，放上报告才算。"), **rest,
    )  # fmt: skip


@login_required
def exempt(request: HttpRequest, pk: int) -> HttpResponse:
    """It does not apply here."""
    found, rest = _kept(request, pk, rules.director)
    return ask(
        request, forms.Exempt(sent(request)), lambda **known: obligations.exempt(found, by=acting(request), **known),
        said=_("已判定不适用，记录留着。"), title=_("判定不适用：%(what)s") % {"what": said(found)}, send=_("判定不适用"),
        after=_("以后不再提醒。判定人、理由和依据会记入事实账本。"), **rest,
    )  # fmt: skip


@login_required
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Open its case before the lead time."""
    found, rest = _kept(request, pk)
    rest["then"] = lambda made: made.get_absolute_url()
    return ask(
        request, forms.Nothing(sent(request)), lambda: cases.open_now(found, by=acting(request)), said=_("已开始办理。"),
        title=_("现在办：%(what)s") % {"what": said(found)}, send=_("开始办理"), after=_("立一件检验，可以预约、登记结果。"), **rest,
    )  # fmt: skip


@login_required
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """A report that is there already."""
    found, rest = _kept(request, pk)
    form = forms.Report(request.POST, request.FILES) if request.method == "POST" else forms.Report()
    rest["then"] = lambda made: made.get_absolute_url()
    return ask(
        request, form, lambda **known: cases.enter_report(found, by=acting(request), **known), said=_("已登记报告。"),
        title=_("登记现有报告：%(what)s") % {"what": said(found)}, send=_("登记这份报告"), after=_("下次应检日按到期月往后推。"), **rest,
    )  # fmt: skip
