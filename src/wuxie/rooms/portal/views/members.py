"""The directory of the association's members: by number or name, never by rank."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.search import search_filter
from wuxie.rooms.association import public
from wuxie.rooms.association.models import Member
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
    return table_page(request, MEMBERS, public.members(), layout="portal/base.html", title=_("会员名录"), lead=lead)
