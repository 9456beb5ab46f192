"""Accounts: the list, the estates with what they have, one estate's balance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import plain, yuan
from wuxie.rooms.register.models import Estate
from wuxie.web import districts
from wuxie.web.asking import acting
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Segment, Table, table_page

from .. import law, queries, rules
from ..models import Account, Repair, offices
from . import common


def _money(name: str) -> Any:
    return lambda row: plain(getattr(row, name))


def _low(row: Account) -> Any:
    if law.needs_top_up(row.deposited, row.balance, queries.ratio("top_up")):
        return Chip(_("要续交"), "amber")
    return Chip(_("正常"), "green")


ACCOUNTS = Table(
    "fund_accounts",
    gettext_lazy("维修资金账户"),
    columns=[
        Column("unit", gettext_lazy("户室"), text=str, kind="name", sort=("unit__estate", "unit__building__name", "unit__number"), sheet=False),
        Column("estate", gettext_lazy("小区"), text=lambda row: row.unit.estate.name, sort="unit__estate__name", sheet=False,
               link=lambda row: reverse("fund:estate", args=[row.unit.estate_id])),
        Column("code", gettext_lazy("小区编码"), text=lambda row: row.unit.estate.code, shown=False),
        Column("building", gettext_lazy("楼栋"), text=lambda row: row.unit.building.name, shown=False),
        Column("entrance", gettext_lazy("单元"), text=lambda row: row.unit.entrance or None, shown=False),
        Column("number", gettext_lazy("房号"), text=lambda row: row.unit.number, shown=False),
        Column("deposited", gettext_lazy("首期交存"), text=_money("deposited"), sort="deposited", align="right"),
        Column("balance", gettext_lazy("余额"), text=_money("balance"), sort="balance", align="right"),
        Column("low", gettext_lazy("续交"), text=_low, kind="state", sheet=False),
        Column("as_of", gettext_lazy("余额日"), text=lambda row: row.as_of.isoformat(), sort="as_of"),
    ],
    search=["unit__number", "unit__building__name", "unit__estate__search"],
    search_label=gettext_lazy("房号、楼栋、小区"),
    order=["unit__estate__name", "unit__building__name", "unit__entrance", "unit__number"],
    related=["unit__estate", "unit__building"],
    export=True,
    empty=gettext_lazy("还没有余额。由维修资金管理中心的余额表导入。"),
)  # fmt: skip


def _account_places(request: HttpRequest) -> Any:
    return _estates(request).order_by().values_list("place_id", flat=True).distinct()


@login_required
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts of the units this person looks after, or their own."""
    actor = acting(request)
    table = replace(
        ACCOUNTS, segments=[Segment("low", gettext_lazy("低于续交线"), queries.below_line())],
        filters=[districts.district_filter("unit__estate__place_id", _account_places)],
    )  # fmt: skip
    return table_page(
        request, table, Account.objects.visible_to(actor), template="fund/list.html", tabs=common.tabs("accounts"),
        import_url=reverse("imports:choose", args=["fund_accounts"]) if rules.keeps_accounts(actor) else "",
    )  # fmt: skip


def _estates(request: HttpRequest) -> Any:
    """The estates whose accounts together this person may read: those looked after, and one's own as an owner."""
    actor = acting(request)
    return Estate.objects.filter(offices(actor, "pk") | Q(pk__in=actor.ids("estate", "owner")))


def _purses(rows: Sequence[Any]) -> None:
    """Put to each estate of a page what lies in its accounts, by one query."""
    found = queries.purses([row.pk for row in rows])
    for row in rows:
        row.purse = found.get(row.pk)


def _of(name: str, *, money: bool = False) -> Any:
    def text(row: Any) -> Any:
        value = getattr(row.purse, name) if row.purse else None
        return yuan(value) if money and value is not None else value

    return text


def _health(row: Any) -> Chip:
    if row.purse is None:
        return Chip(_("没有余额表"))
    return Chip(_("要续交"), "amber") if row.purse.below else Chip(_("正常"), "green")


ESTATES = Table(
    "fund_estates",
    gettext_lazy("小区资金"),
    columns=[
        Column("name", gettext_lazy("小区"), kind="name", sort="name", link=lambda row: reverse("fund:estate", args=[row.pk])),
        Column("place.name", gettext_lazy("社区"), sort="place_id"),
        Column("accounts", gettext_lazy("账户数"), text=_of("accounts"), align="right"),
        Column("deposited", gettext_lazy("首期交存"), text=_of("deposited", money=True), align="right"),
        Column("balance", gettext_lazy("余额"), text=_of("balance", money=True), align="right"),
        Column("below", gettext_lazy("低于续交线的户"), text=_of("below"), align="right"),
        Column("state", gettext_lazy("状态"), kind="state", text=_health),
    ],
    search=["name", "code"],
    search_label=gettext_lazy("小区名、编码"),
    filters=[districts.district_filter("place_id", _account_places)],
    order=["name", "pk"],
    related=["place"],
    export=True,
    empty=gettext_lazy("还没有小区。"),
    prepare=_purses,
)  # fmt: skip


@login_required
def estates(request: HttpRequest) -> HttpResponse:
    """What lies in the fund of each estate, and where accounts have to be topped up."""
    line = queries.ratio("top_up")
    accounts = Account.objects.order_by()
    low = Q(pk__in=accounts.filter(queries.below_line()).values("unit__estate"))
    table = replace(
        ESTATES,
        segments=[
            Segment("low", gettext_lazy("有户要续交"), low),
            Segment("none", gettext_lazy("没有余额表"), ~Q(pk__in=accounts.values("unit__estate"))),
        ],
    )
    return table_page(
        request, table, _estates(request), template="fund/list.html", tabs=common.tabs("estates"),
        lead=_("余额低于首期交存 %(line)s 的户要续交（建设部令第165号第17条）。") % {"line": f"{float(line):.0%}"},
    )  # fmt: skip


def _door(row: Account) -> dict[str, Any]:
    return {
        "name": str(row), "balance": yuan(row.balance), "deposited": yuan(row.deposited), "as_of": row.as_of, "low": _low(row),
    }  # fmt: skip


@login_required
def estate(request: HttpRequest, pk: int) -> HttpResponse:
    """The balance of an estate, its repairs, and of an owner the accounts of their own doors."""
    found = _estates(request).select_related("place").filter(pk=pk).first()
    if found is None:
        raise Http404
    actor, purse = acting(request), queries.purse(found)
    own = Account.objects.visible_to(actor).filter(unit__estate=found).select_related("unit__building")
    doors = own.order_by("unit__building__name", "unit__number")[:20] if actor.holds("owner", subject=found.key) else []
    repairs = Repair.objects.visible_to(actor).filter(project__estate=found).select_related("project__estate")[:30]
    line = queries.ratio("top_up")
    return render(
        request,
        "fund/estate.html",
        {
            "title": _("%(estate)s 的维修资金") % {"estate": found.name},
            "crumbs": [(_("小区资金"), reverse("fund:estates")), (found.name, "")],
            "lead": found.place.name, "purse": purse, "deposited": yuan(purse.deposited), "balance": yuan(purse.balance),
            "percent": purse.balance * 100 // purse.deposited if purse.deposited else None, "line": f"{float(line):.0%}",
            "doors": [_door(one) for one in doors],
            "repairs": [{"case": one, "chip": common.state(one)} for one in repairs],
            "imports": reverse("imports:choose", args=["fund_accounts"]) if rules.keeps_accounts(actor) else "",
            "reports": f"{reverse('fund:new')}" if rules.projects_of(actor).filter(estate=found).exists() else "",
        },
    )  # fmt: skip
