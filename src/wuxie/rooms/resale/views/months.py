"""Months: the list, one with its verdict and its refunds, its bill and its readings."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import yuan_and_cents
from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.statutes.queries import unvouched
from wuxie.kernel.workflow import engine
from wuxie.web import districts, stations
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cases import Act, CasePages
from wuxie.web.cells import Chip
from wuxie.web.sealed import numbers_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import figures, forms, queries, rules
from ..actions import months as actions
from ..actions import readings
from ..models import Month
from ..money import energy, unit_price
from ..words import TONES, sentence
from ..workflow import POWER_MONTH
from . import common
from .accounts import PAGES as ACCOUNT_PAGES

S = Month.State


def _places(request: HttpRequest) -> Any:
    return Month.objects.visible_to(acting(request)).order_by().values_list("place_code", flat=True).distinct()


def _found(name: str) -> Any:
    return lambda row: row.result.get(name, "")


MONTHS = Table(
    "power_months",
    gettext_lazy("转供电月账"),
    columns=[
        Column("account.project.estate.name", gettext_lazy("小区"), link=lambda row: row.get_absolute_url(),
               sort="account__project__estate__name", kind="name"),
        Column("name", gettext_lazy("月份"), sort="ends_on"),
        Column("state", gettext_lazy("状态"), text=common.state, kind="state", sort="state"),
        Column("account.account_no", gettext_lazy("电网户号"), sort="account__account_no"),
        Column("average", gettext_lazy("购电均价"), text=_found("average"), align="right"),
        Column("allowed", gettext_lazy("允许单价"), text=_found("allowed"), align="right"),
        Column("rate", gettext_lazy("线损率"), text=_found("rate"), align="right"),
        Column("over", gettext_lazy("多收"), text=lambda row: yuan_and_cents(row.over) if row.over else "", sort="over", align="right"),
        Column("kwh", gettext_lazy("总表电量"), text=lambda row: energy(row.kwh), shown=False),
        Column("amount", gettext_lazy("账单金额"), text=lambda row: yuan_and_cents(row.amount), shown=False),
        Column("own", gettext_lazy("自用电量"), text=_found("own"), shown=False),
        Column("terminal", gettext_lazy("终端电量"), text=_found("terminal"), shown=False),
        Column("submitted_on", gettext_lazy("报送日"), shown=False),
        Column("amended", gettext_lazy("更正次数"), shown=False),
        Column("company", gettext_lazy("企业"), text=lambda row: row.account.project.company.name, shown=False),
    ],
    search=["number", "account__project__estate__search"],
    search_label=gettext_lazy("户号、小区"),
    filters=[districts.district_filter("place_code", _places), Filter("state", gettext_lazy("状态"), S.choices)],
    segments=[
        Segment("hot", gettext_lazy("多收没了结"), Q(state__in=Month.HOT)),
        Segment("doubt", gettext_lazy("抄表对不上"), Q(state=S.REVIEW)),
        Segment("late", gettext_lazy("已移送"), Q(state=S.ESCALATED)),
        Segment("good", gettext_lazy("没有多收"), Q(state=S.COMPLIANT)),
    ],
    order=["-ends_on", "account__project__estate__name", "pk"],
    related=["account__project__estate", "account__project__company"],
    export=True,
    empty=gettext_lazy("还没有月账。先登记户号和电表，账期完了填电网账单、抄表、报送，马上核验。"),
)  # fmt: skip


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The months this person may see."""
    keeps = rules.manages_any(acting(request))
    return table_page(
        request, MONTHS, Month.objects.visible_to(acting(request)), template="resale/list.html", tabs=common.tabs("months"),
        act={"label": _("登记户号"), "url": reverse("resale:account_new")} if keeps else None,
        import_url=reverse("imports:choose", args=["power_readings"]) if keeps else "",
    )  # fmt: skip


#: The stations of the way, and the steps that end each.
STATIONS = (
    (("submit",), gettext_lazy("报送")), (("clear", "suspect"), gettext_lazy("核验")), (("correct", "confirm"), gettext_lazy("纠正或认定")),
    (("plan",), gettext_lazy("清退方案")), (("refund",), gettext_lazy("清退到户")),
)  # fmt: skip
AT = {
    S.DRAFT: 0, S.SUBMITTED: 1, S.CHECKED: 1, S.REVIEW: 1, S.COMPLIANT: 2, S.SUSPECTED: 2, S.CORRECTED: 3, S.CONFIRMED: 3, S.PLANNED: 4,
    S.ESCALATED: 4, S.REFUNDED: 5,
}  # fmt: skip


def path(month: Month, events: list[Any]) -> list[dict[str, str]]:
    """The stations with day and who; a month without overcharge ends at the check."""
    ends = {S.COMPLIANT: 2, S.CORRECTED: 3}.get(S(month.state), len(STATIONS))
    return stations.path(STATIONS[:ends], AT, month.state, events, stopped=month.state in (S.REVIEW, S.ESCALATED))


def _lines(month: Month, rows: list[Any]) -> list[dict[str, Any]]:
    """Every user's reading with what was charged and allowed."""
    judged = (
        {(line["meter"], line["band"]): line for line in month.result.get("lines", [])} if not month.is_open else {}
    )
    found = []
    for row in rows:
        line = judged.get((str(row.meter_id), row.band), {})
        found.append({
            "meter": row.meter, "role": row.meter.get_role_display(), "band": row.get_band_display() if row.band else "", "kwh": energy(row.kwh),
            "price": unit_price(row.price) if row.is_tenant else "", "surcharge": yuan_and_cents(row.surcharge) if row.surcharge else "",
            "allowed": line.get("allowed", ""), "over": line.get("over", "") if line.get("over") not in ("0.00", None) else "",
        })  # fmt: skip
    return found


def _pairs(month: Month) -> list[tuple[str, Any]]:
    result = {} if month.is_open else month.result
    pairs = [
        (_("账期"), f"{month.starts_on} — {month.ends_on}"), (_("总表电量"), energy(month.kwh)), (_("账单金额"), yuan_and_cents(month.amount)),
        (_("电网退费"), yuan_and_cents(month.refunds) if month.refunds else ""), (_("其中基本电费"), yuan_and_cents(month.basic) if month.basic else ""),
        (_("其中力调电费"), yuan_and_cents(month.penalty) if month.penalty else ""),
        (_("居民电价"), unit_price(month.resident_price) if month.resident_price else ""), (_("结算方式"), month.account.get_mode_display()),
        (_("平均购电单价"), _("%(n)s 元/度") % {"n": result["average"]} if result else ""),
        (_("允许的单价"), _("%(n)s 元/度") % {"n": result["allowed"]} if result else ""),
        (_("自用电量"), _("%(n)s 度") % {"n": result["own"]} if result else ""), (_("终端电量"), _("%(n)s 度") % {"n": result["terminal"]} if result else ""),
        (_("损耗"), _("%(n)s 度，占总表 %(rate)s，占分表 %(up)s") % {"n": result["loss"], "rate": result["rate"], "up": result["mark_up"]} if result else ""),
        (_("共收"), _("%(n)s 元，允许 %(due)s 元") % {"n": result["charged"], "due": result["due"]} if result.get("lines") else ""),
        (_("更正次数"), month.amended or ""), (_("清退方案"), month.plan),
    ]  # fmt: skip
    return [(label, value) for label, value in pairs if value not in ("", None)]


def _context(request: HttpRequest, month: Month) -> dict[str, Any]:
    actor, key = acting(request), POWER_MONTH.key(month)
    events = list(engine.history(POWER_MONTH, month)[:200])
    keeps = rules.keeper.test(actor, month)
    rows = queries.readings_of(month)
    findings = [] if month.is_open else month.result.get("findings", [])
    back = list(month.refunded.select_related("meter"))
    paying = keeps and month.state in Month.HOT
    unpaid = sum(not row.is_settled for row in back) if paying and month.state != S.CONFIRMED else 0
    account_url = month.account.get_absolute_url()
    return {
        "title": f"{month.account.project.estate.name} · {month.name}", "chip_of_state": common.state(month),
        "crumbs": [(_("月账"), reverse("resale:months")), (month.account.account_no, account_url), (month.name, "")],
        "lead": f"{month.account.account_no} · {month.account.project.company.name}", "path": path(month, events), "numbers": numbers_of(events),
        "pairs": _pairs(month), "lines": _lines(month, rows), "judged": bool(month.result.get("lines")) and not month.is_open,
        "findings": [(sentence(one), Chip(LEVELS[one["level"]], TONES[one["level"]])) for one in findings],
        "refunds": [
            {"row": row, "chip": common.refund_state(row), "amount": yuan_and_cents(row.amount), "open": paying and not row.is_settled,
             "post": month.state != S.SUSPECTED}
            for row in back
        ],
        "owed": yuan_and_cents(queries.owed(month)) if back else "", "total": yuan_and_cents(sum(row.amount for row in back)),
        "documents": list(Document.objects.on(key).select_related("void")), "papers": list(Attachment.objects.on(key)),
        "unpaid": unpaid,
        "turn": _turn(month), "keeps": keeps, "fills": keeps and month.is_open, "unread": queries.some(queries.unread(month)) if month.is_open else "",
        "many": month.account.meters.there(month.starts_on).count() > forms.TYPED,
    }  # fmt: skip


LEVELS = {"red": gettext_lazy("多收"), "amber": gettext_lazy("要查"), "review": gettext_lazy("先校正")}


def _turn(month: Month) -> str:
    """Whose turn it is, for those whose it is not."""
    steps = (
        step for _name, step in POWER_MONTH.open_steps(month.state) if not step.quiet and step.by is not rules.the_clock
    )
    return "、".join(dict.fromkeys(str(step.by.label) for step in steps))


#: Figures of law that this procedure counts with.
PAGES = CasePages(
    POWER_MONTH,
    template="resale/month.html",
    context=_context,
    select_related=("account__project__estate", "account__project__company"),
    figures=figures.FIGURES,
    acts={
        "submit": Act(actions.submit),
        "amend": Act(actions.amend, forms.Mending),
        "correct": Act(actions.correct, forms.Correct),
        "confirm": Act(actions.confirm),
        "plan": Act(actions.plan, forms.Plan),
        "refund": Act(actions.refund),
        "refer": Act(actions.refer),
    },
)


def _groups(form: Any, first: list[str]) -> list[tuple[str, list[Any]]]:
    bands = [name for name in form.fields if name.endswith(("_kwh", "_amount"))]
    return [
        (_("电网账单"), [form[name] for name in (*first, "kwh", "amount", "refunds", "file")]),
        (_("其中"), [form[name] for name in ("basic", "penalty", "resident_price", "apart")]),
        (_("分时电量和电费（分时结算的才填）"), [form[name] for name in bands]),
    ]  # fmt: skip


@login_required
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """The grid's bill of the next month of an account."""
    account = ACCOUNT_PAGES.fetch(request, pk)
    require(rules.keeper, request, account)
    here = account.get_absolute_url()
    form = forms.NewBill(sent(request), request.FILES or None, account=account)
    return ask(
        request, form, lambda **known: actions.begin(account, by=acting(request), **known), then=lambda made: made.get_absolute_url(),
        said=_("账单已记下。接着抄表。"), title=_("填报月账：%(what)s") % {"what": account}, send=_("记下电网账单"), back=here,
        crumbs=[(str(account), here)], lead=account.project.estate.name, after=_("接着抄分表，抄齐了报送。"), groups=_groups(form, ["starts_on", "ends_on"]),
        unvouched=unvouched(*figures.FIGURES),
    )  # fmt: skip


def _open_month(request: HttpRequest, pk: int) -> tuple[Month, dict[str, Any]]:
    """A month that this person keeps, and what every form about it shows."""
    found = PAGES.fetch(request, pk)
    require(rules.keeper, request, found)
    here = found.get_absolute_url()
    return found, {
        "then": here,
        "back": here,
        "crumbs": [(str(found), here)],
        "lead": found.account.project.estate.name,
        "unvouched": unvouched(*figures.FIGURES),
    }


@login_required
def bill(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _open_month(request, pk)
    form = forms.BillChange(sent(request), request.FILES or None, initial=forms.Bill.initial_of(found))
    return ask(
        request, form, lambda **known: actions.change_bill(found, by=acting(request), **known), said=_("已改电网账单。"),
        title=_("改电网账单：%(what)s") % {"what": found.name}, send=_("保存账单"), groups=_groups(form, []), **rest,
    )  # fmt: skip


@login_required
def typed(request: HttpRequest, pk: int) -> HttpResponse:
    """All meters on one page; where there are too many they come as a sheet."""
    found, rest = _open_month(request, pk)
    form = forms.Readings(sent(request), month=found)
    return ask(
        request, form, lambda rows: readings.write(found, rows, by=acting(request)), said=_("抄表已记下。"), template="resale/readings.html",
        title=_("抄表：%(what)s") % {"what": found.name}, send=_("记下抄表"), month=found, **rest,
    )  # fmt: skip
