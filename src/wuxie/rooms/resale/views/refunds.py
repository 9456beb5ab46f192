"""The ledger of refunds: the list, giving back with a voucher, posting up."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import yuan_and_cents
from wuxie.web import districts
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import forms, queries, rules
from ..actions import refunds as actions
from ..models import Refund
from ..words import Answer
from . import common


def _places(request: HttpRequest) -> Any:
    rows = Refund.objects.visible_to(acting(request)).order_by()
    return rows.values_list("month__place_code", flat=True).distinct()


REFUNDS = Table(
    "power_refunds",
    gettext_lazy("电费清退"),
    columns=[
        Column("user", gettext_lazy("用户"), link=lambda row: row.month.get_absolute_url(), sort="user", kind="name"),
        Column("estate", gettext_lazy("小区"), text=lambda row: row.project.estate.name, sort="month__account__project__estate__name"),
        Column("state", gettext_lazy("状态"), text=common.refund_state, kind="state", sort="state"),
        Column("month", gettext_lazy("月份"), text=lambda row: row.month.name, sort="month__ends_on"),
        Column("meter.code", gettext_lazy("表号"), sort="meter__code"),
        Column("amount", gettext_lazy("应退"), text=lambda row: yuan_and_cents(row.amount), sort="amount", align="right"),
        Column("way", gettext_lazy("退法"), text=lambda row: row.get_way_display() if row.way else ""),
        Column("paid_on", gettext_lazy("退款日"), sort="paid_on"),
        Column("account", gettext_lazy("电网户号"), text=lambda row: row.month.account.account_no, shown=False),
        Column("reason", gettext_lazy("说明"), shown=False),
        Column("answer", gettext_lazy("用户回话"), text=lambda row: row.get_answer_display() if row.answer else "", shown=False),
        Column("company", gettext_lazy("企业"), text=lambda row: row.project.company.name, shown=False),
    ],
    search=["user", "meter__code", "month__number", "month__account__project__estate__search"],
    search_label=gettext_lazy("用户、表号、户号、小区"),
    filters=[
        districts.district_filter("month__place_code", _places),
        Filter("state", gettext_lazy("状态"), Refund.State.choices),
    ],
    segments=[
        Segment("due", gettext_lazy("待退"), Q(state=Refund.State.DUE)),
        Segment("denied", gettext_lazy("用户说没收到"), Q(answer=Answer.NO)),
        Segment("paid", gettext_lazy("已退"), Q(state=Refund.State.PAID)),
    ],
    order=["-month__ends_on", "user", "pk"],
    export=True,
    empty=gettext_lazy("没有要退的电费。核验出多收的月份，逐户清单自动列在这里。"),
)  # fmt: skip


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The refunds this person may see."""
    rows = queries.refunds(Refund.objects.visible_to(acting(request)))
    return table_page(request, REFUNDS, rows, template="resale/list.html", tabs=common.tabs("refunds"))


def _kept(request: HttpRequest, pk: int) -> tuple[Refund, dict[str, Any]]:
    found = get_object_or_404(queries.refunds(Refund.objects.visible_to(acting(request))), pk=pk)
    require(rules.keeper, request, found)
    back = found.month.get_absolute_url()
    lead = _("%(user)s · 应退 %(sum)s") % {"user": found.user, "sum": yuan_and_cents(found.amount)}
    return found, {"then": back, "back": back, "crumbs": [(str(found.month), back)], "lead": lead}


@login_required
def pay(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)
    return ask(
        request, forms.Pay(sent(request), request.FILES or None), lambda **known: actions.pay(found, by=acting(request), **known),
        said=_("已登记退款。"), title=_("登记退款：%(what)s") % {"what": found.user}, send=_("登记这笔退款"),
        after=_("用户凭查询号能看到退款，可以回“收到了”或“没收到”。"), **rest,
    )  # fmt: skip


@login_required
def post_up(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)
    return ask(
        request, forms.PostUp(sent(request), request.FILES or None), lambda **known: actions.post_up(found, by=acting(request), **known),
        said=_("已登记公告。"), title=_("找不到人，登记公告：%(what)s") % {"what": found.user}, send=_("登记公告"),
        after=_("找到人以后还要退。"), **rest,
    )  # fmt: skip
