"""Measures of the association in force, and papers of the authority, as long as either may be shown."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.labels import said
from wuxie.rooms.conduct import credit, public
from wuxie.rooms.conduct.models import Record
from wuxie.rooms.conduct.words import HEAVY
from wuxie.web import words
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Filter, Segment, Table, table_page


def _company(name: str) -> Any:
    return lambda row: reverse("portal:company", args=[getattr(row, f"{name}_id")])


SANCTIONS = Table(
    "sanctions",
    gettext_lazy("行业自律惩戒"),
    columns=[
        Column("respondent.name", gettext_lazy("企业"), link=_company("respondent"), sort="respondent__name", kind="name"),
        Column("measure", gettext_lazy("措施"), text=lambda row: Chip(words.choice(row, "measure"), "red"), kind="state", sort="measure"),
        Column("charge", gettext_lazy("事由"), text=lambda row: words.choice(row, "charge"), sort="charge"),
        Column("effective_on", gettext_lazy("生效日"), sort="effective_on"),
        Column("ends_on", gettext_lazy("公示至"), sort="ends_on"),
        Column("review", gettext_lazy("复议结果"), text=lambda row: words.choice(row, "review") if row.review else _("没有申请复议")),
    ],
    search=["respondent__search"],
    search_label=gettext_lazy("企业"),
    filters=[Filter("measure", gettext_lazy("措施"), [(one.value, one.label) for one in HEAVY])],
    order=["-effective_on", "-pk"],
    related=["respondent"],
    export=True,
    empty=gettext_lazy("现在没有公开的行业自律惩戒。"),
)  # fmt: skip


def sanctions(request: HttpRequest) -> HttpResponse:
    lead = _("协会按章程和公约作出，不是行政处罚。复议期过了才公开，期满或改正后自动撤下。")
    return table_page(
        request, SANCTIONS, public.sanctions(), layout="portal/base.html", title=_("行业自律惩戒公示"), lead=lead
    )


def _state(row: Record) -> Chip:
    if row.objection:
        return Chip(_("异议中"), "amber")
    return Chip(str(Record.State(row.state).label), "green" if row.is_good else "red")


RECORDS = Table(
    "public_records",
    gettext_lazy("信用信息"),
    columns=[
        Column("company.name", gettext_lazy("企业"), link=_company("company"), sort="company__name", kind="name"),
        Column("line", gettext_lazy("事项"), text=lambda row: said(credit.line(row.line)["label"]), sort="line"),
        Column("state", gettext_lazy("状态"), text=_state, kind="state", sort="state"),
        Column("paper", gettext_lazy("文书"), text=lambda row: f"{row.paper_authority} {row.paper_number}", sort="paper_number"),
        Column("issued_on", gettext_lazy("文书日期"), sort="issued_on"),
        Column("public_until", gettext_lazy("公示至"), sort="public_until"),
    ],
    search=["company__search", "paper_number"],
    search_label=gettext_lazy("企业、文号"),
    segments=[Segment("good", gettext_lazy("良好"), Q(is_good=True)), Segment("bad", gettext_lazy("不良"), Q(is_good=False))],
    order=["-issued_on", "-pk"],
    related=["company"],
    export=True,
    empty=gettext_lazy("现在没有公开的信用信息。"),
)  # fmt: skip


def records(request: HttpRequest) -> HttpResponse:
    lead = _("只凭主管部门的文书。轻微的不公开；修复、更正或满最长公示期的自动撤下（信用修复管理办法）。")
    return table_page(
        request, RECORDS, public.records(), layout="portal/base.html", title=_("企业信用信息公示"), lead=lead
    )
