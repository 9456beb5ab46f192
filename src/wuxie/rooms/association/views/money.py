"""The year's plan, the budget, and what each quarter came to."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import plain, yuan_and_cents
from wuxie.kernel.clock.now import today
from wuxie.web import words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cases import Act, CasePages
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import queries, rules
from ..actions import money
from ..actions.common import step, with_reason
from ..forms import matters as forms
from ..models import Activity, BudgetLine, Category, Disclosure
from ..models.money import INCOME
from ..words import Doer
from ..workflow import DISCLOSURE
from . import common

S = Disclosure.State
state = common.chip({S.PREPARED: "amber", S.CHECKED: "amber", S.PUBLISHED: "green"})


def tabs(current: str) -> list[dict[str, Any]]:
    return common.tabs(
        current, ("activities", _("年度计划")), ("budget", _("预算和收支")), ("disclosures", _("收支公示"))
    )


def _act(request: HttpRequest, label: Any, name: str) -> dict[str, str] | None:
    return {"label": label, "url": reverse(f"association:{name}")} if rules.office.test(acting(request), None) else None


def _done(row: Activity) -> Chip:
    if row.done_on:
        return Chip(_("已办成"), "green")
    late = (row.year, row.quarter) < (today().year, queries.quarter_of(today()))
    return Chip(_("过了季度没办"), "red") if late else Chip(_("没有办"), "blue")


def _finish(row: Activity) -> str:
    return reverse("association:activity_done", args=[row.pk])


ACTIVITIES = Table(
    "activities",
    gettext_lazy("年度计划"),
    columns=[
        Column("title", gettext_lazy("活动"), link=_finish, sort="title", kind="name"),
        Column("state", gettext_lazy("状态"), text=_done, kind="state", sort="done_on"),
        Column("year", gettext_lazy("年度"), sort="year", align="right"),
        Column("quarter", gettext_lazy("季度"), sort="quarter", align="right"),
        Column("doer", gettext_lazy("谁去办"), text=lambda row: words.choice(row, "doer"), sort="doer"),
        Column("done_on", gettext_lazy("办成日"), sort="done_on"),
        Column("outcome", gettext_lazy("结果")),
    ],
    search=["title", "outcome"],
    search_label=gettext_lazy("活动、结果"),
    filters=[Filter("doer", gettext_lazy("谁去办"), Doer.choices), Filter("quarter", gettext_lazy("季度"), [(n, str(n)) for n in range(1, 5)])],
    segments=[Segment("open", gettext_lazy("没有办"), Q(done_on=None)), Segment("done", gettext_lazy("已办成"), Q(done_on__isnull=False))],
    order=["-year", "quarter", "pk"],
    export=True,
    empty=gettext_lazy("还没有年度计划。把今年要办的活动按季度列出来。"),
)  # fmt: skip


@login_required
def activities(request: HttpRequest) -> HttpResponse:
    """What the year's plan holds, and what came of it."""
    return table_page(
        request, ACTIVITIES, Activity.objects.visible_to(acting(request)), template="association/list.html", tabs=tabs("activities"),
        tabs_label=_("计划和收支"), act=_act(request, _("加活动"), "activity_new"),
    )  # fmt: skip


@login_required
def activity_new(request: HttpRequest) -> HttpResponse:
    require(rules.office, request)
    back = reverse("association:activities")
    return ask(
        request, forms.NewActivity(sent(request), initial={"year": today().year}), lambda **known: money.plan_activity(by=acting(request), **known),
        then=back, said=_("已加活动。"), title=_("加活动"), send=_("加这项活动"), back=back, crumbs=[(_("年度计划"), back)],
    )  # fmt: skip


@login_required
def activity_done(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Activity.objects.visible_to(acting(request)), pk=pk)
    require(rules.office, request)
    back = reverse("association:activities")
    return ask(
        request, forms.Finish(sent(request), initial={"done_on": row.done_on or today(), "outcome": row.outcome}),
        lambda **known: money.finish_activity(row, by=acting(request), **known), then=back, said=_("已登记办成。"),
        title=_("登记办成：%(what)s") % {"what": row}, send=_("登记办成"), back=back, crumbs=[(_("年度计划"), back)],
    )  # fmt: skip


def _way(row: BudgetLine) -> str:
    return _("收入") if row.is_income else _("支出")


BUDGET = Table(
    "budget",
    gettext_lazy("预算和收支"),
    columns=[
        Column("label", gettext_lazy("项目"), link=lambda row: reverse("association:book", args=[row.pk]), sort="label", kind="name"),
        Column("way", gettext_lazy("收支"), text=_way),
        Column("category", gettext_lazy("科目"), text=lambda row: words.choice(row, "category"), sort="category"),
        Column("year", gettext_lazy("年度"), sort="year", align="right"),
        Column("planned", gettext_lazy("预算"), text=lambda row: yuan_and_cents(row.planned), sort="planned", align="right",
               export=lambda row: plain(row.planned)),
        Column("booked", gettext_lazy("已发生"), text=lambda row: yuan_and_cents(row.booked), sort="booked", align="right",
               export=lambda row: plain(row.booked)),
    ],
    search=["label"],
    search_label=gettext_lazy("项目"),
    filters=[Filter("category", gettext_lazy("科目"), Category.choices)],
    segments=[Segment("in", gettext_lazy("收入"), Q(category__in=INCOME)), Segment("out", gettext_lazy("支出"), ~Q(category__in=INCOME))],
    order=["-year", "category", "pk"],
    export=True,
    empty=gettext_lazy("还没有预算。按科目列收入和支出；评比、强制培训、指定机构都不准收费。"),
)  # fmt: skip


@login_required
def budget(request: HttpRequest) -> HttpResponse:
    """The budget and what was booked on it."""
    rows = BudgetLine.objects.visible_to(acting(request)).annotate(booked=Sum("entries__amount", default=0))
    return table_page(
        request, BUDGET, rows, template="association/list.html", tabs=tabs("budget"), tabs_label=_("计划和收支"),
        act=_act(request, _("加预算项目"), "budget_new"),
    )  # fmt: skip


@login_required
def budget_new(request: HttpRequest) -> HttpResponse:
    require(rules.office, request)
    back = reverse("association:budget")
    return ask(
        request, forms.NewLine(sent(request), initial={"year": today().year}), lambda **known: money.add_line(by=acting(request), **known), then=back,
        said=_("已加预算项目。"), title=_("加预算项目"), send=_("加这个项目"), back=back, crumbs=[(_("预算和收支"), back)],
    )  # fmt: skip


@login_required
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """Money in or out on one line."""
    line = get_object_or_404(BudgetLine.objects.visible_to(acting(request)), pk=pk)
    require(rules.office, request)
    back = reverse("association:budget")
    return ask(
        request, forms.Book(sent(request), initial={"on": today()}), lambda **known: money.book(line, by=acting(request), **known), then=back,
        said=_("已记一笔。"), title=_("记一笔收支：%(what)s") % {"what": line.label}, send=_("记这一笔"), back=back, crumbs=[(_("预算和收支"), back)],
        after=_("记了不能改；记错的，在没公示的季度里另记一笔更正。"),
    )  # fmt: skip


DISCLOSURES = Table(
    "disclosures",
    gettext_lazy("收支公示"),
    columns=[
        Column("title", gettext_lazy("期间"), text=str, link=True, sort=("year", "quarter"), kind="name"),
        Column("state", gettext_lazy("状态"), text=state, kind="state", sort="state"),
        Column("published_on", gettext_lazy("公示日"), sort="published_on"),
    ],
    filters=[Filter("state", gettext_lazy("状态"), S.choices)],
    segments=[Segment("open", gettext_lazy("没公示"), ~Q(state=S.PUBLISHED))],
    order=["-year", "-quarter"],
    export=True,
    empty=gettext_lazy("还没有收支公示。一季过完三十日内公示。"),
)  # fmt: skip


@login_required
def disclosures(request: HttpRequest) -> HttpResponse:
    """Each quarter's accounts."""
    return table_page(
        request, DISCLOSURES, Disclosure.objects.visible_to(acting(request)), template="association/list.html", tabs=tabs("disclosures"),
        tabs_label=_("计划和收支"), act=_act(request, _("编制收支公示"), "prepare"),
    )  # fmt: skip


@login_required
def prepare(request: HttpRequest) -> HttpResponse:
    require(rules.office, request)
    back = reverse("association:disclosures")
    last = queries.quarter_of(today()) - 1
    initial = {"year": today().year if last else today().year - 1, "quarter": last or 4}
    return ask(
        request, forms.Quarter(sent(request), initial=initial), lambda **known: money.prepare(by=acting(request), **known), then=common.link,
        said=_("已编制，等别人核对。"), title=_("编制收支公示"), send=_("编制这一季"), back=back, crumbs=[(_("收支公示"), back)],
        after=_("编制的人不能自己核对；核对以后公示，公示后这一季的账不能再改。"),
    )  # fmt: skip


def _disclosure(request: HttpRequest, case: Disclosure) -> dict[str, Any]:
    lines = case.lines if case.state == S.PUBLISHED else queries.accounts(case.year, case.quarter)
    sums = queries.totals(lines)
    rows = [
        common.row(f"{Category(one['category']).label} · {one['label']}", _("全年预算 %(plan)s · 今年累计 %(year)s") % {
            "plan": yuan_and_cents(one["planned"]), "year": yuan_and_cents(one["year"])}, chip=None) | {"sum": yuan_and_cents(one["quarter"])}
        for one in lines
    ]  # fmt: skip
    return {
        "title": _("%(year)s 年第 %(quarter)s 季度收支") % {"year": case.year, "quarter": case.quarter},
        "crumbs": [(_("收支公示"), reverse("association:disclosures")), (str(case), "")], "chip_of_state": state(case),
        "pairs": common.filled([
            (_("收入合计"), yuan_and_cents(sums["income"])), (_("支出合计"), yuan_and_cents(sums["expense"])), (_("公示日"), case.published_on),
        ]),
        "sections": [{"title": _("逐项"), "rows": rows, "empty": _("还没有预算项目。")}],
        **common.shown(DISCLOSURE, case),
    }  # fmt: skip


PAGES = CasePages(
    DISCLOSURE,
    template="association/case.html",
    context=_disclosure,
    acts={
        "check": Act(step(DISCLOSURE, "check")),
        "return": Act(with_reason(DISCLOSURE, "return"), forms.Reason),
        "publish": Act(money.publish),
    },
)
