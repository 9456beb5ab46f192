"""Joining, leaving and dues: the lists, asking, and each case."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import plain, yuan_and_cents
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.web import words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cases import Act, CasePages
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import rules
from ..actions import dues, joining
from ..actions.common import step, with_reason
from ..forms import matters as forms
from ..models import Admission, Due, Item, Leaving, Member, units_of
from ..words import Matter, Outcome
from ..workflow import ADMISSION, DUE, LEAVING
from . import common

A, L, D = Admission.State, Leaving.State, Due.State
asked = common.chip({A.APPLIED: "amber", A.CHECKED: "amber", A.ADMITTED: "green", A.REFUSED: "red"})
going = common.chip({L.ASKED: "amber"})
owed = common.chip({D.BILLED: "blue", D.LATE: "red", D.PAID: "green"})


def tabs(current: str) -> list[dict[str, Any]]:
    return common.tabs(
        current, ("members", _("会员名册")), ("admissions", _("入会申请")), ("leavings", _("退会申请")), ("dues", _("会费")),
    )  # fmt: skip


ADMISSIONS = Table(
    "admissions",
    gettext_lazy("入会申请"),
    columns=[
        Column("organisation", gettext_lazy("单位"), text=lambda row: row.organisation.name, link=True, sort="organisation__name", kind="name"),
        Column("state", gettext_lazy("状态"), text=asked, kind="state", sort="state"),
        Column("opened_at", gettext_lazy("申请时间"), text=lambda row: words.moment(row.opened_at), sort="opened_at"),
        Column("group", gettext_lazy("想参加的工作组"), text=lambda row: words.choice(row, "group"), sort="group"),
        Column("statement", gettext_lazy("入会说明"), shown=False),
        Column("opinion", gettext_lazy("审核意见"), shown=False),
    ],
    search=["organisation__search"],
    search_label=gettext_lazy("单位名、拼音首字母"),
    filters=[Filter("state", gettext_lazy("状态"), A.choices)],
    segments=[Segment("open", gettext_lazy("没办完"), ~Q(state__in=Admission.DONE))],
    order=["-opened_at", "-pk"],
    related=["organisation"],
    export=True,
    empty=gettext_lazy("还没有入会申请。单位自愿申请，五个工作日内审核。"),
)  # fmt: skip


def _may_apply(request: HttpRequest) -> Any:
    """The units for which this person speaks and that are no members."""
    return Organisation.objects.filter(pk__in=units_of(acting(request)), membership=None).order_by("name")


@login_required
def admissions(request: HttpRequest) -> HttpResponse:
    """Who asks to join."""
    act = (
        {"label": _("申请入会"), "url": reverse("association:admission_new")} if _may_apply(request).exists() else None
    )
    return table_page(
        request, ADMISSIONS, Admission.objects.visible_to(acting(request)), template="association/list.html", tabs=tabs("admissions"),
        tabs_label=_("会员"), act=act,
    )  # fmt: skip


@login_required
def apply(request: HttpRequest) -> HttpResponse:
    """A unit asks to join."""
    back = reverse("association:admissions")
    require(rules.companies, request)
    return ask(
        request, forms.Apply(sent(request), organisations=_may_apply(request)), lambda **known: joining.apply(by=acting(request), **known),
        then=common.link, said=_("已申请入会。"), title=_("申请入会"), send=_("申请入会"), back=back, crumbs=[(_("入会申请"), back)],
        after=_("五个工作日内审核，再由会长决定。入会和退会都是自愿的，申请不收费。"),
    )  # fmt: skip


def _admission(request: HttpRequest, case: Admission) -> dict[str, Any]:
    name = case.organisation.name
    return {
        "title": name, "crumbs": [(_("入会申请"), reverse("association:admissions")), (name, "")], "chip_of_state": asked(case),
        "pairs": common.filled([
            (_("单位"), name), (_("统一社会信用代码"), case.organisation.uscc or ""), (_("入会说明"), case.statement),
            (_("想参加的工作组"), case.get_group_display() if case.group else ""), (_("审核意见"), case.opinion),
        ]),
        **common.shown(ADMISSION, case),
    }  # fmt: skip


ADMITTING = CasePages(
    ADMISSION,
    template="association/case.html",
    context=_admission,
    select_related=("organisation",),
    acts={
        "check": Act(joining.check, forms.Check),
        "admit": Act(joining.admit),
        "refuse": Act(with_reason(ADMISSION, "refuse"), forms.Reason),
        "withdraw": Act(step(ADMISSION, "withdraw")),
    },
)

LEAVINGS = Table(
    "leavings",
    gettext_lazy("退会申请"),
    columns=[
        Column("member", gettext_lazy("会员"), text=lambda row: row.member.organisation.name, link=True, sort="member__number", kind="name"),
        Column("state", gettext_lazy("状态"), text=going, kind="state", sort="state"),
        Column("last_day", gettext_lazy("最后一天"), sort="last_day"),
        Column("reason", gettext_lazy("退会原因")),
    ],
    search=["member__organisation__search", "member__number"],
    search_label=gettext_lazy("会员"),
    filters=[Filter("state", gettext_lazy("状态"), L.choices)],
    segments=[Segment("open", gettext_lazy("没办完"), Q(state=L.ASKED))],
    order=["-opened_at", "-pk"],
    related=["member__organisation"],
    export=True,
    empty=gettext_lazy("没有退会申请。退会自由：提出以后五个工作日内办，到期没办系统照办。"),
)  # fmt: skip


@login_required
def leavings(request: HttpRequest) -> HttpResponse:
    """Who leaves."""
    actor = acting(request)
    act = (
        {"label": _("申请退会"), "url": reverse("association:leaving_new")}
        if Member.objects.of(actor).exists()
        else None
    )
    return table_page(
        request, LEAVINGS, Leaving.objects.visible_to(actor), template="association/list.html", tabs=tabs("leavings"), tabs_label=_("会员"), act=act,
    )  # fmt: skip


def own_members(request: HttpRequest) -> Any:
    return Member.objects.of(acting(request)).select_related("organisation").order_by("number")


@login_required
def leave(request: HttpRequest) -> HttpResponse:
    """A member leaves."""
    require(rules.companies, request)
    back = reverse("association:leavings")
    return ask(
        request, forms.AskToLeave(sent(request), members=own_members(request), initial={"last_day": today()}),
        lambda **known: joining.ask_to_leave(by=acting(request), **known), then=common.link, said=_("已申请退会。"), title=_("申请退会"),
        send=_("申请退会"), back=back, crumbs=[(_("退会申请"), back)], after=_("退会自由，协会不能不办。欠的会费照欠。"),
    )  # fmt: skip


def _leaving(request: HttpRequest, case: Leaving) -> dict[str, Any]:
    name = case.member.organisation.name
    late = case.member.dues.filter(state__in=[D.BILLED, D.LATE]).count()
    running = case.member.tasks.filter(state__in=["assigned", "returned"]).count()
    return {
        "title": name, "crumbs": [(_("退会申请"), reverse("association:leavings")), (name, "")], "chip_of_state": going(case),
        "pairs": common.filled([
            (_("会员编号"), case.member.number), (_("最后一天"), case.last_day), (_("退会原因"), case.reason),
            (_("没缴的会费"), _("%(n)s 笔，退会以后照欠") % {"n": late} if late else ""),
            (_("没交的任务"), _("%(n)s 项，由组长改派") % {"n": running} if running else ""),
        ]),
        **common.shown(LEAVING, case),
    }  # fmt: skip


PARTING = CasePages(
    LEAVING,
    template="association/case.html",
    context=_leaving,
    select_related=("member__organisation",),
    acts={"settle": Act(joining.settle), "withdraw": Act(step(LEAVING, "withdraw"))},
)

DUES = Table(
    "dues",
    gettext_lazy("会费"),
    columns=[
        Column("member", gettext_lazy("会员"), text=lambda row: row.member.organisation.name, link=True, sort="member__number", kind="name"),
        Column("year", gettext_lazy("年度"), sort="year", align="right"),
        Column("state", gettext_lazy("状态"), text=owed, kind="state", sort="state"),
        Column("amount", gettext_lazy("会费"), text=lambda row: yuan_and_cents(row.amount), sort="amount", align="right", export=lambda row: plain(row.amount)),
        Column("due_on", gettext_lazy("缴费期限"), sort="due_on"),
        Column("paid_on", gettext_lazy("缴费日"), sort="paid_on"),
        Column("receipt", gettext_lazy("票据号"), shown=False),
    ],
    search=["member__organisation__search", "member__number", "receipt"],
    search_label=gettext_lazy("会员、票据号"),
    filters=[Filter("state", gettext_lazy("状态"), D.choices)],
    segments=[
        Segment("late", gettext_lazy("逾期未缴"), Q(state=D.LATE)), Segment("billed", gettext_lazy("待缴"), Q(state=D.BILLED)),
        Segment("paid", gettext_lazy("已缴"), Q(state=D.PAID)),
    ],
    order=["-year", "member__number"],
    related=["member__organisation"],
    export=True,
    empty=gettext_lazy("还没有会费。先登记会员大会通过的标准，再按年度出账。"),
)  # fmt: skip


@login_required
def owing(request: HttpRequest) -> HttpResponse:
    """Dues: everybody's for the office, its own for a member."""
    actor = acting(request)
    keeps = rules.office.test(actor, None)
    act = (
        {"label": _("出账"), "url": reverse("association:bill")}
        if keeps
        else {"label": _("会费标准"), "url": reverse("portal:rates")}
    )
    lead = _("标准由会员大会无记名表决通过；会员按类别缴。") if actor.holds(*ASSOCIATION) else ""
    return table_page(
        request, DUES, Due.objects.visible_to(actor), template="association/list.html", tabs=tabs("dues"), tabs_label=_("会员"), act=act, lead=lead,
    )  # fmt: skip


@login_required
def rate(request: HttpRequest) -> HttpResponse:
    """What a kind of member owes, by the item that carried it."""
    require(rules.office, request)
    back = reverse("association:dues")
    has = Item.objects.filter(matter=Matter.DUES, outcome=Outcome.CARRIED).exists()
    return ask(
        request, forms.SetRate(sent(request), initial={"year": today().year}), lambda **known: dues.set_rate(by=acting(request), **known),
        then=reverse("association:bill"), said=_("已登记会费标准。"), title=_("登记会费标准"), send=_("登记这个标准"), back=back, crumbs=[(_("会费"), back)],
        lead="" if has else _("还没有会员大会通过的会费议题。先在大会上无记名表决。"),
    )  # fmt: skip


@login_required
def bill(request: HttpRequest) -> HttpResponse:
    """The bills of a year."""
    require(rules.office, request)
    back = reverse("association:dues")
    return ask(
        request, forms.Year(sent(request), initial={"year": today().year}), lambda year: dues.bill(year, by=acting(request)), then=back,
        said=_("已出账。"), title=_("会费出账"), send=_("给会员出账"), back=back, crumbs=[(_("会费"), back), (_("登记会费标准"), reverse("association:rate"))],
        after=_("按会员类别和登记的标准出账；已经出过的不重复。缴费期限前提醒会员，逾期自动转为逾期未缴。"),
    )  # fmt: skip


def _due(request: HttpRequest, case: Due) -> dict[str, Any]:
    name = case.member.organisation.name
    return {
        "title": f"{name} {case.year}", "crumbs": [(_("会费"), reverse("association:dues")), (name, "")], "chip_of_state": owed(case),
        "pairs": common.filled([
            (_("会员"), name), (_("会员类别"), case.member.get_kind_display()), (_("年度"), case.year), (_("会费"), yuan_and_cents(case.amount)),
            (_("缴费期限"), case.due_on), (_("缴费日"), case.paid_on), (_("票据号"), case.receipt),
        ]),
        **common.shown(DUE, case),
    }  # fmt: skip


OWED = CasePages(
    DUE,
    template="association/case.html",
    context=_due,
    select_related=("member__organisation",),
    acts={
        "pay": Act(dues.pay, forms.Pay, initial=lambda case: {"amount": case.amount, "paid_on": today()}),
        "waive": Act(with_reason(DUE, "waive"), forms.Reason),
    },
)
