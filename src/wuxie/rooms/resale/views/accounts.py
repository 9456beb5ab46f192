"""Accounts and their meters: the list, one with its tree and its months, and what may be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import yuan_and_cents
from wuxie.kernel.papers.models import Document
from wuxie.kernel.statutes.queries import unvouched
from wuxie.kernel.workflow import engine
from wuxie.web import districts
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cases import Act, CasePages
from wuxie.web.sealed import numbers_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import forms, queries, rules
from ..actions import accounts as actions
from ..models import Account, Meter, Month
from ..models.months import next_start
from ..words import Mode, Role
from ..workflow import POWER_ACCOUNT, submit_by
from . import common

A = Account.State


def _places(request: HttpRequest) -> Any:
    return Account.objects.visible_to(acting(request)).order_by().values_list("place_code", flat=True).distinct()


ACCOUNTS = Table(
    "power_accounts",
    gettext_lazy("转供电户号"),
    columns=[
        Column("account_no", gettext_lazy("电网户号"), link=True, sort="account_no", kind="name"),
        Column("project.estate.name", gettext_lazy("小区"), sort="project__estate__name"),
        Column("state", gettext_lazy("状态"), text=common.account_state, kind="state", sort="state"),
        Column("mode", gettext_lazy("结算方式"), text=lambda row: row.get_mode_display(), sort="mode"),
        Column("users", gettext_lazy("终端用户"), sort="users", align="right"),
        Column("last", gettext_lazy("最近一期"), text=lambda row: f"{row.last:%Y-%m}" if row.last else "", sort="last"),
        Column("hot", gettext_lazy("没了结的多收"), sort="hot", align="right"),
        Column("entity", gettext_lazy("转供电主体"), shown=False),
        Column("grid", gettext_lazy("供电企业"), shown=False),
        Column("transformer", gettext_lazy("变压器"), shown=False),
        Column("basis", gettext_lazy("约定文件"), shown=False),
        Column("company", gettext_lazy("企业"), text=lambda row: row.project.company.name, shown=False),
    ],
    search=["account_no", "project__estate__search", "entity"],
    search_label=gettext_lazy("户号、小区、主体"),
    filters=[
        districts.district_filter("place_code", _places),
        Filter("state", gettext_lazy("状态"), A.choices),
        Filter("mode", gettext_lazy("结算方式"), Mode.choices),
    ],
    segments=[
        Segment("hot", gettext_lazy("有多收没了结"), Q(hot__gt=0)),
        Segment("converting", gettext_lazy("改造中"), Q(state=A.CONVERTING)),
        Segment("direct", gettext_lazy("已直供"), Q(state=A.DIRECT)),
    ],
    order=["project__estate__name", "account_no"],
    related=["project__estate", "project__company"],
    export=True,
    empty=gettext_lazy("还没有转供电户号。凡是物业替供电企业向商铺、住户收电费的，先登记户号和电表。"),
)  # fmt: skip


def _counted(rows: Any) -> Any:
    here = Month.objects.filter(account=OuterRef("pk")).order_by()
    hot = here.filter(state__in=Month.HOT).values("account").annotate(n=Count("pk")).values("n")
    last = (
        Month.objects.filter(account=OuterRef("pk")).exclude(state="draft").order_by("-ends_on").values("ends_on")[:1]
    )
    users = Meter.objects.there().filter(account=OuterRef("pk"), role=Role.TENANT).order_by()
    return rows.annotate(
        hot=Coalesce(Subquery(hot), 0), last=Subquery(last),
        users=Coalesce(Subquery(users.values("account").annotate(n=Count("pk")).values("n")), 0),
    )  # fmt: skip


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The accounts this person may see."""
    keeps = rules.manages_any(acting(request))
    return table_page(
        request, ACCOUNTS, _counted(Account.objects.visible_to(acting(request))), template="resale/list.html", tabs=common.tabs("accounts"),
        act={"label": _("登记户号"), "url": reverse("resale:account_new")} if keeps else None,
        import_url=reverse("imports:choose", args=["power_meters"]) if keeps else "",
    )  # fmt: skip


@login_required
def new(request: HttpRequest) -> HttpResponse:
    actor = acting(request)
    if not actor.holds("company_admin", "project_manager"):
        raise Http404
    back = reverse("resale:accounts")
    form = forms.NewAccount(sent(request), projects=rules.projects_of(actor))
    return ask(
        request, form, lambda project, **known: actions.register(project, by=actor, **known), then=lambda made: made.get_absolute_url(),
        said=_("已登记。接着登记电表。"), title=_("登记转供电户号"), send=_("登记这个户号"), back=back, crumbs=[(_("户号和电表"), back)],
        after=_("登记后每个账期结束都要报月账，报齐为止。"), unvouched=unvouched("resale.submit", "resale.loss_cap", "resale.share_cap"),
    )  # fmt: skip


def _pairs(account: Account) -> list[tuple[str, Any]]:
    pairs = [
        (_("小区"), account.project.estate.name), (_("转供电主体"), account.entity), (_("供电企业"), account.grid), (_("变压器"), account.transformer),
        (_("结算方式"), account.get_mode_display()), (_("约定文件"), account.basis), (_("带自用电"), _("是") if account.has_own else _("否")),
        (_("改造安排"), account.plan), (_("直供起"), account.supplied_on),
    ]  # fmt: skip
    return [(label, value) for label, value in pairs if value not in ("", None)]


def _loss_chart(months: list[Month]) -> dict[str, Any]:
    """Where the energy of each month went: users, own use, lost. Of twelve months at most, the oldest first."""
    shown = [month for month in reversed(months) if month.result and not month.is_open]
    if not shown:
        return {}
    names = [month.name for month in shown]

    def number(text: str) -> float:
        return float(text.replace(",", ""))

    parts = [(_("终端用户"), "terminal"), (_("自用"), "own"), (_("损耗"), "loss")]
    series = [
        {"name": str(label), "type": "bar", "stack": "kwh", "barMaxWidth": 28, "data": [number(month.result[key]) for month in shown]}
        for label, key in parts
    ]  # fmt: skip
    return {
        "option": {
            "legend": {"data": [str(label) for label, _key in parts], "top": 0, "right": 0}, "xAxis": {"type": "category", "data": names},
            "yAxis": {"type": "value", "name": str(_("度"))}, "series": series,
        },
        "headers": [_("月份"), *(label for label, _key in parts), _("线损率"), _("多收")],
        "rows": [
            [month.name, *(month.result[key] for _label, key in parts), month.result["rate"], yuan_and_cents(month.over)] for month in shown
        ],
        "says": _("%(month)s：终端用户 %(terminal)s 度，自用 %(own)s 度，损耗 %(loss)s 度，占总表 %(rate)s。") % {
            "month": shown[-1].name, **{key: shown[-1].result[key] for key in ("terminal", "own", "loss", "rate")}},
    }  # fmt: skip


def _context(request: HttpRequest, account: Account) -> dict[str, Any]:
    actor, key = acting(request), POWER_ACCOUNT.key(account)
    keeps = rules.keeper.test(actor, account)
    months = list(Month.objects.filter(account=account).order_by("-starts_on")[:12])
    for month in months:
        month.account = account
    draft = next((month for month in months if month.is_open), None)
    return {
        "title": account.account_no, "tone": common.ACCOUNT_TONES[A(account.state)],
        "crumbs": [(_("户号和电表"), reverse("resale:accounts")), (account.account_no, "")],
        "lead": f"{account.project.estate.name} · {account.project.company.name}", "pairs": _pairs(account), "keeps": keeps,
        "nodes": queries.tree(account), "months": [(month, common.state(month)) for month in months], "draft": draft,
        "next": next_start(account), "due": submit_by(account), "chart": _loss_chart(months),
        "numbers": numbers_of(list(engine.history(POWER_ACCOUNT, account)[:200])),
        "documents": list(Document.objects.on(key).select_related("void")), "over": account.is_over,
    }  # fmt: skip


PAGES = CasePages(
    POWER_ACCOUNT,
    template="resale/account.html",
    context=_context,
    select_related=("project__estate", "project__company"),
    acts={
        "convert": Act(actions.convert, forms.Convert),
        "drop": Act(actions.drop, forms.Drop),
        "direct": Act(actions.direct, forms.Direct),
    },
)


def _kept(request: HttpRequest, pk: int) -> tuple[Account, dict[str, Any]]:
    """An account that this person keeps, and what every form about it shows."""
    found = PAGES.fetch(request, pk)
    require(rules.keeper, request, found)
    here = found.get_absolute_url()
    return found, {"then": here, "back": here, "crumbs": [(str(found), here)], "lead": found.project.estate.name}


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)
    names = ("entity", "grid", "transformer", "mode", "basis", "has_own")
    form = forms.AccountFields(sent(request), initial={name: getattr(found, name) for name in names})
    return ask(
        request, form, lambda **known: actions.change(found, by=acting(request), **known), said=_("已更正户号资料。"),
        title=_("更正：%(what)s") % {"what": found}, send=_("保存更正"), after=_("以后报的月账按新的结算方式核；已核的不变。"), **rest,
    )  # fmt: skip


@login_required
def meter_new(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)
    return ask(
        request, forms.NewMeter(sent(request), account=found), lambda **known: actions.write_meter(found, by=acting(request), **known),
        said=_("已登记电表。"), title=_("登记电表：%(what)s") % {"what": found}, send=_("登记这块表"),
        after=_("终端用户表会得到一个查询号，印在电费单上，用户凭它查收费和退款。"), **rest,
    )  # fmt: skip


@login_required
def meter(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a meter right, or say that it has been taken down."""
    rows = Meter.objects.visible_to(acting(request)).select_related(
        "account__project__estate", "account__project__company", "parent"
    )
    found = get_object_or_404(rows, pk=pk)
    require(rules.keeper, request, found.account)
    here = found.account.get_absolute_url()
    names = ("role", "user", "klass", "multiplier", "by_band", "verified_until", "removed_on")
    initial = {name: getattr(found, name) for name in names} | {"parent": found.parent.code if found.parent else ""}
    form = forms.MeterChange(sent(request), account=found.account, but=found.code, initial=initial)
    return ask(
        request, form, lambda **known: actions.change_meter(found, by=acting(request), **known), then=here, said=_("已更正电表。"),
        title=_("更正电表 %(what)s") % {"what": found.code}, send=_("保存更正"), back=here, crumbs=[(str(found.account), here)],
        lead=_("查询号 %(number)s，印在这一户的电费单上。") % {"number": found.receipt} if found.role == Role.TENANT else found.account.project.estate.name,
    )  # fmt: skip
