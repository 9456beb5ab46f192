"""The directory of the association's members, by number or name and never by rank; what dues are and what was done with them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.amounts import plain, yuan_and_cents
from wuxie.kernel.search import search_filter
from wuxie.rooms.association import public
from wuxie.rooms.association.models import Member, Rate
from wuxie.web import words
from wuxie.web.tables import Column, Filter, Table, table_page


def _company(row: Member) -> str:
    is_company = row.organisation.kind == "company"
    return reverse("portal:company", args=[row.organisation_id]) if is_company else ""


MEMBERS = Table(
    "public_members",
    gettext_lazy("会员名录"),
    columns=[
        Column("organisation", gettext_lazy("单位"), text=lambda row: row.organisation.name, link=_company, sort="organisation__name", kind="name"),
        Column("number", gettext_lazy("会员编号"), sort="number"),
        Column("kind", gettext_lazy("会员类别"), text=lambda row: words.choice(row, "kind"), sort="kind"),
        Column("group", gettext_lazy("工作组"), text=lambda row: words.choice(row, "group"), sort="group"),
        Column("joined_on", gettext_lazy("入会日"), sort="joined_on"),
    ],
    search=lambda rows, text: search_filter(rows, "organisation__search", text),
    search_label=gettext_lazy("单位名、拼音首字母"),
    filters=[
        Filter("kind", gettext_lazy("类别"), Member.Kind.choices), Filter("group", gettext_lazy("工作组"), Member.Group.choices),
    ],
    order=["number"],
    related=["organisation"],
    export=True,
    empty=gettext_lazy("名录里还没有会员。"),
)  # fmt: skip


def directory(request: HttpRequest) -> HttpResponse:
    """Which units are members today."""
    lead = _("入会和退会都是自愿的。是不是会员、是哪一类会员，和服务好坏、投标资格都没有关系。")
    return table_page(
        request, MEMBERS, public.members(), layout="portal/base.html", title=_("会员名录"), lead=lead,
        act={"label": _("会费标准"), "url": reverse("portal:rates"), "icon": "receipt"},
    )  # fmt: skip


RATES = Table(
    "public_rates",
    gettext_lazy("会费标准"),
    columns=[
        Column("kind", gettext_lazy("会员类别"), text=lambda row: words.choice(row, "kind"), sort="kind", kind="name"),
        Column("year", gettext_lazy("年度"), sort="year", align="right"),
        Column("amount", gettext_lazy("会费"), text=lambda row: yuan_and_cents(row.amount), sort="amount", align="right", export=lambda row: plain(row.amount)),
        Column("item.meeting.title", gettext_lazy("依据")),
    ],
    filters=[Filter("kind", gettext_lazy("类别"), Member.Kind.choices)],
    order=["-year", "-amount", "kind"],
    export=True,
    empty=gettext_lazy("还没有会费标准。标准由会员大会无记名表决通过。"),
)  # fmt: skip


def rates(request: HttpRequest) -> HttpResponse:
    """What a member of each kind owes for a year, and which assembly said so."""
    lead = _("入会和退会都是自愿的。是不是会员、是哪一类会员，和服务好坏、投标资格都没有关系。")
    rows: QuerySet[Rate] = public.rates()
    return table_page(
        request, RATES, rows, layout="portal/base.html", title=_("会费标准"), lead=lead,
        act={"label": _("协会收支公示"), "url": reverse("portal:accounts"), "icon": "receipt"},
    )  # fmt: skip


def accounts(request: HttpRequest) -> HttpResponse:
    """The association's plan of a year and its published quarters against the budget."""
    years = public.years()
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one) == asked), years[0] if years else 0)
    return render(request, "portal/accounts.html", {
        "title": _("协会收支公示"), "year": year, "years": years, "quarters": public.quarters(year), "plan": public.plan(year),
    })  # fmt: skip
