"""Repairs: the list, reporting one, the page of one with its steps, who bears how much, where they are stuck."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import metres, plain, yuan
from wuxie.kernel.clock.now import today
from wuxie.kernel.labels import said
from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.statutes.queries import unvouched
from wuxie.kernel.workflow import engine
from wuxie.web import districts, stations, words
from wuxie.web.area import narrowed
from wuxie.web.asking import acting, ask
from wuxie.web.cases import Act, CasePages
from wuxie.web.sealed import numbers_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import forms, queries, rules
from ..actions import emergency, planning, reporting, works
from ..actions.common import step, with_reason
from ..models import Repair, Share
from ..words import Lane, Part, Stuck
from ..workflow import REPAIR
from . import common

S = Repair.State
#: How far back the stays of the past are counted.
YEAR = datetime.timedelta(days=365)


def _places(request: HttpRequest) -> Any:
    return Repair.objects.visible_to(acting(request)).order_by().values_list("place_code", flat=True).distinct()


def _days(row: Repair) -> Any:
    return None if row.state in Repair.DONE else row.waiting


REPAIRS = Table(
    "repairs",
    gettext_lazy("维修"),
    columns=[
        Column("title", gettext_lazy("维修事项"), link=True, sort="title", kind="name"),
        Column("project.estate.name", gettext_lazy("小区"), sort="project__estate__name"),
        Column("state", gettext_lazy("状态"), text=common.state, kind="state", sort="state"),
        Column("part", gettext_lazy("部位"), text=lambda row: words.choice(row, "part"), sort="part"),
        Column("lane", gettext_lazy("谁出钱"), text=lambda row: words.choice(row, "lane") or None, sort="lane"),
        Column("budget", gettext_lazy("预算"), text=lambda row: yuan(row.budget) if row.budget else None, sort="budget", align="right",
               export=lambda row: plain(row.budget) if row.budget else None),
        Column("waiting", gettext_lazy("停了几天"), text=_days, sort="changed_at", align="right"),
        Column("settled", gettext_lazy("审定价"), text=lambda row: plain(row.settled) if row.settled else None, shown=False),
        Column("contractor", gettext_lazy("施工单位"), shown=False),
        Column("scope_label", gettext_lazy("列支范围"), shown=False),
        Column("stuck_why", gettext_lazy("为什么卡住"), text=lambda row: said(row.stuck_why), shown=False),
        Column("warranty_until", gettext_lazy("质保至"), shown=False),
        Column("company", gettext_lazy("企业"), text=lambda row: row.project.company.name, shown=False),
    ],
    search=["title", "where", "project__estate__search"],
    search_label=gettext_lazy("事项、位置、小区"),
    filters=[
        districts.district_filter("place_code", _places),
        Filter("state", gettext_lazy("状态"), S.choices),
        Filter("part", gettext_lazy("部位"), Part.choices),
        Filter("lane", gettext_lazy("谁出钱"), Lane.choices),
    ],
    segments=[
        Segment("open", gettext_lazy("没办完"), ~Q(state__in=Repair.DONE)),
        Segment("danger", gettext_lazy("没围护"), Q(state=S.REPORTED, is_dangerous=True)),
        Segment("emergency", gettext_lazy("应急"), Q(lane=Lane.EMERGENCY) & ~Q(state__in=Repair.DONE)),
        Segment("stuck", gettext_lazy("卡住了"), Q(state=S.STUCK)),
        Segment("warranty", gettext_lazy("质保期内"), Q(state=S.WARRANTY)),
    ],
    order=["-opened_at", "-pk"],
    related=["project__estate", "project__company"],
    export=True,
    empty=gettext_lazy("还没有维修。看到外墙、屋面、电梯等共用部位坏了，先报告；会伤到人的先围起来。"),
)  # fmt: skip


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The repairs this person may see."""
    actor = acting(request)
    reports = rules.may_report(actor)
    return table_page(
        request, REPAIRS, Repair.objects.visible_to(actor), template="fund/list.html", tabs=common.tabs("repairs"), title=_("维修和维修资金"),
        act={"label": _("报告维修"), "url": reverse("fund:new"), "icon": "alert-triangle"} if reports else None,
    )  # fmt: skip


STUCK = Table(
    "stuck_repairs",
    gettext_lazy("卡在哪里"),
    columns=[
        Column("title", gettext_lazy("维修事项"), link=True, sort="title", kind="name"),
        Column("project.estate.name", gettext_lazy("小区"), sort="project__estate__name"),
        Column("stuck", gettext_lazy("卡在哪里"), text=common.state, kind="state", sort="stuck"),
        Column("stuck_why", gettext_lazy("为什么"), text=lambda row: said(row.stuck_why)),
        Column("waiting", gettext_lazy("停了几天"), sort="changed_at", align="right"),
        Column("budget", gettext_lazy("预算"), text=lambda row: yuan(row.budget) if row.budget else None, sort="budget", align="right"),
    ],
    search=["title", "project__estate__search"],
    search_label=gettext_lazy("事项、小区"),
    filters=[districts.district_filter("place_code", _places)],
    segments=[Segment(str(one), one.label, Q(stuck=one)) for one in Stuck],
    order=["changed_at", "pk"],
    related=["project__estate"],
    export=True,
    empty=gettext_lazy("没有卡住的维修。"),
)  # fmt: skip


@login_required
def stuck(request: HttpRequest) -> HttpResponse:
    """Where repairs wait across the area: by reason, by state, and how long each station took in the last year."""
    rows = Repair.objects.visible_to(acting(request))
    here = narrowed(request, rows)
    took = queries.spans(here, today() - YEAR)
    stations = [
        {"label": str(S(name).label), "count": took[name][0], "days": took[name][1]}
        for name in S.values
        if name in took
    ]
    return table_page(
        request, STUCK, rows.filter(state=S.STUCK), template="fund/stuck.html", tabs=common.tabs("stuck"), halts=queries.halts(here),
        stations=stations, lead=_("参与不够、钱不够、没有业委会、有争议：原因不同，办法不同。"),
    )  # fmt: skip


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Something common is broken."""
    if not rules.may_report(acting(request)):
        raise Http404
    projects = rules.projects_of(acting(request))
    back = reverse("fund:repairs")
    form = forms.Report(
        request.POST if request.method == "POST" else None, request.FILES or None, projects=projects,
        initial={"project": request.GET.get("project", "")[:9]},
    )  # fmt: skip
    return ask(
        request, form, lambda project, **known: reporting.report(project, by=acting(request), **known), then=lambda made: made.get_absolute_url(),
        said=_("已报告。会伤到人的，两小时内围起来、拍照。"), title=_("报告维修"), send=_("报告这处维修"), back=back,
        crumbs=[(_("维修"), back)], after=_("会伤到人的，从现在起两小时内要围护；社区、物业负责人会收到逾期提醒。"),
        unvouched=unvouched("fund.guard", "fund.appraise"),
    )  # fmt: skip


#: The stations of the way, and the steps that end each.
STATIONS = (
    (("open",), gettext_lazy("报告")), (("guard",), gettext_lazy("围护")), (("appraise",), gettext_lazy("查勘")),
    (("plan",), gettext_lazy("方案")), (("approve",), gettext_lazy("表决")), (("release",), gettext_lazy("拨款开工")),
    (("accept",), gettext_lazy("验收")), (("settle",), gettext_lazy("审价")), (("allocate",), gettext_lazy("分摊")),
)  # fmt: skip
#: In an emergency: what stands in the place of plan, vote and payment.
AT_ONCE = (
    (("ask",), gettext_lazy("申请应急使用")), (("confirm",), gettext_lazy("现场确认")), (("build",), gettext_lazy("开工")),
)  # fmt: skip
AT = {
    S.REPORTED: 1, S.GUARDED: 2, S.APPRAISED: 3, S.REFERRED: 3, S.ASKED: 4, S.PLANNED: 4, S.PUBLISHED: 4, S.VOTING: 4, S.REJECTED: 4, S.STUCK: 4,
    S.APPROVED: 5, S.APPLIED: 5, S.CONFIRMED: 5, S.ADVANCED: 6, S.BUILDING: 6, S.ACCEPTED: 7, S.SETTLED: 8, S.ALLOCATED: 9, S.WARRANTY: 9,
    S.CLOSED: 9,
}  # fmt: skip


def path(case: Repair, events: list[Any]) -> list[dict[str, str]]:
    """The stations with day and who."""
    way = (*STATIONS[:3], *AT_ONCE, *STATIONS[6:]) if case.is_emergency else STATIONS
    return stations.path(way, AT, case.state, events, stopped=case.state in (S.STUCK, S.REJECTED))


def _pairs(case: Repair) -> list[tuple[Any, Any]]:
    money = lambda value: yuan(value) if value is not None else ""  # noqa: E731  a word for this list alone
    rows = [
        (_("部位"), f"{case.get_part_display()} · {case.where}"), (_("看到什么"), case.words),
        (_("围护时间"), words.moment(case.guarded_at) if case.guarded_at else ""), (_("查勘意见"), case.findings),
        (_("查勘或鉴定单位"), case.appraiser),
        (_("谁出钱"), f"{case.get_lane_display()}（{said(case.basis)}）" if case.lane else ""),
        (_("险情"), case.get_danger_display() if case.danger else ""), (_("现场确认"), _witnesses(case)), (_("由谁修"), case.liable_party),
        (_("列支范围"), case.scope_label), (_("拆封时间"), words.moment(case.opens_at) if case.opens_at else ""),
        (_("维修方案"), case.method), (_("预算"), money(case.budget)), (_("施工单位"), case.contractor), (_("公示至"), case.publicity_until),
        (_("表决依据"), case.vote_reference), (_("首款"), money(case.advance)), (_("开工日"), case.started_on),
        (_("合同价"), money(case.contract_sum)), (_("验收日"), case.accepted_on), (_("业主代表"), case.representatives),
        (_("审定价"), money(case.settled)), (_("审价单位"), case.auditor), (_("分摊公布日"), case.allocated_on), (_("质保至"), case.warranty_until),
        (_("为什么卡住"), said(case.stuck_why)),
    ]  # fmt: skip
    return [(label, value) for label, value in rows if value not in ("", None)]


def _ballot(case: Repair) -> list[tuple[Any, Any]]:
    """The result of the vote as it was counted."""
    if "yes" not in case.vote:
        return []
    return [
        (label, f"{metres(case.vote[name][0])} · " + _("%(n)s 人") % {"n": case.vote[name][1]})
        for label, name in ((_("列支范围"), "total"), (_("参与表决"), "part"), (_("同意"), "yes"))
    ]


def _quotes(case: Repair) -> list[dict[str, Any]]:
    return [
        {"name": one.contractor, "note": words.moment(one.received_at), "sum": yuan(one.amount) if one.amount is not None else "", "chosen": one.chosen}
        for one in case.quotes.all()
    ]  # fmt: skip


def _context(request: HttpRequest, case: Repair) -> dict[str, Any]:
    actor, key = acting(request), REPAIR.key(case)
    events = list(engine.history(REPAIR, case)[:200])
    scope = queries.totals(case)
    hints = []
    for one in queries.like_it(case)[:3]:
        hints.append(_("一年内同一范围还有“%(what)s”，核对是不是一件拆成了几件。") % {"what": one.title})
    for one in queries.in_warranty(case)[:1]:
        hints.append(
            _("同一部位的“%(what)s”质保到 %(day)s，先看能不能按质保返修。")
            % {"what": one.title, "day": one.warranty_until}
        )
    if case.is_emergency and case.budget and (case.contract_sum or 0) > case.budget:
        hints.append(
            _("合同价 %(contract)s 高于街道和中心现场确认时的估价 %(budget)s，验收、审价时要核对为什么。")
            % {"contract": yuan(case.contract_sum or 0), "budget": yuan(case.budget)}
        )
    return {
        "title": f"{case.title} · {case.project.estate.name}", "chip_of_state": common.state(case),
        "crumbs": [(_("维修"), reverse("fund:repairs")), (case.title, "")],
        "lead": f"{case.project.estate.name} · {case.project.company.name}", "path": path(case, events), "numbers": numbers_of(events),
        "pairs": _pairs(case), "ballot": _ballot(case), "quotes": _quotes(case),
        "scope": _("%(n)s 户，%(area)s") % {"n": scope.units, "area": metres(scope.area)} if scope.units else "",
        "empty_accounts": scope.empty, "unsold": scope.unsold, "hints": hints,
        "documents": list(Document.objects.on(key).select_related("void")), "papers": list(Attachment.objects.on(key)),
        "turn": _turn(case), "guards": case.state == S.REPORTED and rules.keeper.test(actor, case),
    }  # fmt: skip


def _turn(case: Repair) -> str:
    """Whose turn it is, for those whose it is not."""
    if case.state == S.ASKED:
        return "、".join(str(rules.PARTIES[one].label) for one in rules.NEEDED if one not in case.witnessed)
    steps = (
        one for _name, one in REPAIR.open_steps(case.state) if one.is_awaited(case) and one.by is not rules.the_clock
    )
    return "、".join(dict.fromkeys(name for one in steps for name in str(one.by.label).split("、")))


def _witnesses(case: Repair) -> str:
    """Who confirmed an emergency on site, and on whom it still waits."""
    if not case.is_emergency or case.state not in (S.ASKED, S.CONFIRMED):
        return ""
    return "；".join(
        _("%(who)s已确认") % {"who": who.label}
        if name in case.witnessed
        else _("%(who)s还没有确认") % {"who": who.label}
        for name, who in rules.PARTIES.items()
        if name in case.witnessed or name in rules.NEEDED
    )


def _classified(_request: HttpRequest, case: Repair) -> dict[str, Any]:
    return {"found": f"{case.get_lane_display()}（{said(case.basis)}）" if case.lane else ""}


def _guard_context(_request: HttpRequest, case: Repair) -> dict[str, Any]:
    return {"estate": case.project.estate.name}


#: Figures of law that this procedure counts with.
FIGURES = (
    "fund.guard", "fund.appraise", "fund.plan", "fund.quotes_least", "fund.plan_publicity", "fund.vote", "fund.release", "fund.advance", "fund.start",
    "fund.emergency_decide", "fund.emergency_start", "fund.emergency_publicity", "fund.representatives_least", "fund.settle", "fund.overrun",
    "fund.audit_waiver", "fund.allocate", "fund.result_publicity", "fund.split_watch", "fund.top_up", "warranty.waterproof",
)  # fmt: skip
PAGES = CasePages(
    REPAIR,
    template="fund/repair.html",
    context=_context,
    select_related=("project__estate", "project__company"),
    figures=FIGURES,
    acts={
        "guard": Act(reporting.guard, forms.Guard, template="fund/guard.html", context=_guard_context),
        "check_guard": Act(reporting.check_guard),
        "appraise": Act(reporting.appraise, forms.Appraise),
        "classify": Act(
            reporting.classify,
            forms.Classify,
            template="fund/classify.html",
            context=_classified,
            initial=lambda case: {**case.answers, "danger": case.danger},
        ),  # fmt: skip
        "refer": Act(reporting.refer, forms.Refer),
        "mended": Act(step("mended")),
        "take_back": Act(planning.take_back, forms.Reason),
        "scope": Act(planning.set_scope, forms.Scope, wants_case=True),
        "quote": Act(planning.receive_quote, forms.QuoteIn, wants_case=True),
        "open_quotes": Act(planning.open_quotes, forms.OpenQuotes, wants_case=True),
        "plan": Act(planning.plan, forms.Plan, wants_case=True),
        "publish": Act(planning.publish, forms.Publish),
        "vote": Act(planning.call_vote),
        "extend": Act(planning.extend),
        "approve": Act(planning.record_vote, forms.Result, wants_case=True),
        "replan": Act(planning.replan),
        "halt": Act(planning.halt, forms.Halt),
        "retry": Act(planning.call_again),
        "go_on": Act(planning.go_on),
        "apply": Act(works.apply, forms.Apply),
        "return": Act(with_reason("return"), forms.Reason),
        "release": Act(works.release, forms.Release, wants_case=True),
        "ask": Act(emergency.ask, forms.AskEmergency),
        "witness": Act(emergency.witness, forms.Witness),
        "deny": Act(emergency.deny, forms.Reason),
        "build": Act(works.build, forms.Build, wants_case=True),
        "rework": Act(with_reason("rework"), forms.Reason),
        "accept": Act(works.accept, forms.Accept),
        "settle": Act(works.settle, forms.Settle),
        "allocate": Act(works.allocate, forms.Allocate),
        "recall": Act(works.recall, forms.Reason),
        "make_good": Act(works.make_good, forms.MadeGood),
        "misuse": Act(works.misuse, forms.Misuse),
    },
)


def _yuan(name: str) -> Any:
    return lambda row: plain(getattr(row, name)) if getattr(row, name) is not None else None


SHARES = Table(
    "repair_shares",
    gettext_lazy("分摊清册"),
    columns=[
        Column("unit", gettext_lazy("户室"), text=str, sort=("unit__building__name", "unit__entrance", "unit__number"), kind="name"),
        Column("status", gettext_lazy("交付状态"), text=lambda row: words.choice(row.unit, "status")),
        Column("area", gettext_lazy("建筑面积（㎡）"), text=_yuan("area"), sort="area", align="right"),
        Column("planned", gettext_lazy("预算分摊（元）"), text=_yuan("planned"), sort="planned", align="right"),
        Column("final", gettext_lazy("决算分摊（元）"), text=_yuan("final"), sort="final", align="right"),
        Column("before", gettext_lazy("原余额（元）"), text=_yuan("before"), sort="before", align="right"),
        Column("drawn", gettext_lazy("账户支付（元）"), text=_yuan("drawn"), sort="drawn", align="right"),
        Column("to_pay", gettext_lazy("业主补交（元）"), text=_yuan("to_pay"), sort="to_pay", align="right"),
        Column("after", gettext_lazy("现余额（元）"), text=_yuan("after"), align="right"),
    ],
    search=["unit__number", "unit__building__name"],
    search_label=gettext_lazy("楼栋、房号"),
    segments=[Segment("pay", gettext_lazy("要补交"), Q(to_pay__gt=0)), Segment("unsold", gettext_lazy("未售"), Q(unit__status="unsold"))],
    order=["unit__building__name", "unit__entrance", "unit__number"],
    related=["unit__building"],
    export=True,
    empty=gettext_lazy("还没有划定列支范围。"),
)  # fmt: skip


@login_required
def shares(request: HttpRequest, pk: int) -> HttpResponse:
    """Every unit's share; an owner reads that of their own units."""
    case = PAGES.fetch(request, pk)
    rows = Share.objects.visible_to(acting(request)).filter(repair=case)
    return table_page(
        request, SHARES, rows, everywhere=True, title=_("分摊清册：%(what)s") % {"what": case.title}, lead=queries.share_basis(said),
        crumbs=[(_("维修"), reverse("fund:repairs")), (case.title, case.get_absolute_url())],
    )  # fmt: skip
