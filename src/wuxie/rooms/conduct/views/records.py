"""Credit records: the list, entering a paper, the page of one with its steps."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.labels import said
from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.workflow import engine
from wuxie.web import words
from wuxie.web.asking import acting, ask
from wuxie.web.cases import Act, CasePages
from wuxie.web.cells import Chip
from wuxie.web.sealed import numbers_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import credit, forms, rules
from ..actions import records
from ..models import Record
from ..models.credit import LEVELS
from ..workflow.record import RECORD, repair_from
from . import common

S = Record.State
TONES = {
    S.COLLECTED: "amber", S.NOTIFIED: "amber", S.STATED: "blue", S.PUBLISHED: "blue", S.EFFECTIVE: "red", S.DROPPED: "", S.CORRECTED: "", S.REPAIRED: "green",
    S.EXPIRED: "",
}  # fmt: skip


def label(name: str) -> str:
    return f"{name} {said(credit.line(name)['label'])}"


def state(row: Record) -> Chip:
    if row.objection:
        return Chip(_("异议中"), "amber")
    tone = "green" if row.is_good and row.state == S.EFFECTIVE else TONES[S(row.state)]
    return Chip(str(S(row.state).label), tone)


RECORDS = Table(
    "credit_records",
    gettext_lazy("信用记录"),
    columns=[
        Column("line", gettext_lazy("条目"), text=lambda row: label(row.line), link=True, sort="line", kind="name"),
        Column("company.name", gettext_lazy("企业"), sort="company__name"),
        Column("state", gettext_lazy("状态"), text=state, kind="state", sort="state"),
        Column("level", gettext_lazy("程度"), text=lambda row: words.choice(row, "level") if row.level else _("良好"), sort="level"),
        Column("points", gettext_lazy("分"), text=lambda row: str(credit.line(row.line)["points"]), align="right"),
        Column("paper_number", gettext_lazy("文号"), sort="paper_number"),
        Column("issued_on", gettext_lazy("文书日期"), sort="issued_on"),
        Column("expires_on", gettext_lazy("计分至"), sort="expires_on"),
        Column("paper_authority", gettext_lazy("认定机关"), shown=False),
        Column("words", gettext_lazy("事实"), shown=False),
    ],
    search=["paper_number", "company__search", "words"],
    search_label=gettext_lazy("文号、企业、事实"),
    filters=[
        Filter("state", gettext_lazy("状态"), S.choices), Filter("level", gettext_lazy("程度"), LEVELS),
        Filter("line", gettext_lazy("条目"), lambda _request: [(one["id"], label(one["id"])) for one in credit.lines() if one.get("owned")]),
    ],
    segments=[
        Segment("open", gettext_lazy("没认定"), Q(state__in=(S.COLLECTED, S.NOTIFIED, S.STATED))),
        Segment("counting", gettext_lazy("计分中"), Q(state=S.EFFECTIVE)),
        Segment("objected", gettext_lazy("异议中"), ~Q(objection="")),
        Segment("repair", gettext_lazy("申请修复"), Q(state=S.EFFECTIVE, repair_asked_on__isnull=False)),
    ],
    order=["-issued_on", "-pk"],
    related=["company"],
    defer=["statement"],
    export=True,
    empty=gettext_lazy("没有信用记录。主管部门凭文书采集，企业的表彰和处罚都在这里。"),
)  # fmt: skip


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The records this person may see."""
    actor = acting(request)
    return table_page(
        request, RECORDS, Record.objects.visible_to(actor), template="conduct/list.html", tabs=common.tabs("records"),
        act={"label": _("采集一份文书"), "url": reverse("conduct:collect")} if rules.may_record(actor) else None,
    )  # fmt: skip


@login_required
def collect(request: HttpRequest) -> HttpResponse:
    """Enter one paper."""
    if not rules.may_record(acting(request)):
        raise Http404
    back = reverse("conduct:records")
    form = forms.Collect(request.POST if request.method == "POST" else None, request.FILES or None, by=acting(request))
    return ask(
        request, form, lambda company, **known: records.collect(company, by=acting(request), **known), then=lambda made: made.get_absolute_url(),
        said=_("文书已采集。不良的先告知企业，良好的请另一人认定。"), title=_("采集一份文书"), send=_("采集这份文书"), back=back,
        crumbs=[(_("信用记录"), back)],
        after=_("不良的先告知、听陈述申辩，再由另一人认定，公示后计分。"),
    )  # fmt: skip


def _pairs(case: Record) -> list[tuple[Any, Any]]:
    one = credit.line(case.line)
    rows = [
        (_("企业"), case.company.name), (_("项目"), str(case.project) if case.project else ""), (_("条目"), label(case.line)),
        (_("程度"), words.choice(case, "level") if case.level else ""), (_("分"), one["points"]), (_("文号"), case.paper_number),
        (_("认定机关"), case.paper_authority), (_("文书日期"), case.issued_on), (_("事实"), case.words), (_("陈述申辩"), case.statement),
        (_("计分起"), case.effective_on), (_("计分至"), case.expires_on), (_("公示至"), case.public_until if not case.is_good else ""),
        (_("最早申请修复"), repair_from(case) if not case.is_good else ""), (_("还有没履行的义务"), _("是") if case.duties_open else ""),
        (_("异议"), case.objection), (_("申请修复日"), case.repair_asked_on), (_("修复日"), case.repaired_on),
    ]  # fmt: skip
    return [(name, value) for name, value in rows if value not in ("", None)]


def _context(request: HttpRequest, case: Record) -> dict[str, Any]:
    key = RECORD.key(case)
    events = list(engine.history(RECORD, case)[:200])
    return {
        "title": f"{label(case.line)} · {case.company}", "chip_of_state": state(case),
        "crumbs": [(_("信用记录"), reverse("conduct:records")), (case.paper_number, "")], "lead": f"{case.paper_authority} {case.paper_number}",
        "pairs": _pairs(case), "numbers": numbers_of(events), "documents": list(Document.objects.on(key).select_related("void")),
        "papers": list(Attachment.objects.on(key)),
    }  # fmt: skip


PAGES = CasePages(
    RECORD,
    template="conduct/record.html",
    context=_context,
    select_related=("company", "project__estate", "project__company"),
    acts={
        "notify": Act(records.notify),
        "state": Act(records.state, forms.State),
        "confirm": Act(records.confirm),
        "refuse": Act(records.refuse, forms.Reason),
        "object": Act(records.object_to, forms.Reason),
        "reject": Act(records.reject, forms.Reason),
        "correct": Act(records.correct, forms.Reason),
        "ask_repair": Act(records.ask_repair, forms.AskRepair),
        "repair": Act(records.repair, forms.Reason),
        "deny": Act(records.deny, forms.Reason),
        "perform": Act(records.perform, forms.Reason),
    },
)
