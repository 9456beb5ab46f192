"""Permits of dangerous work: the list, one permit with its steps, asking for one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.now import end_of, local, now, today
from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.parties import masks
from wuxie.kernel.parties.models import Person
from wuxie.kernel.workflow import engine
from wuxie.web import districts, words
from wuxie.web.asking import acting, ask, sent
from wuxie.web.cases import Act, CasePages
from wuxie.web.cells import Chip
from wuxie.web.sealed import numbers_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import permit_forms as forms
from .. import permit_papers, work_rules
from ..actions import permits
from ..law import at
from ..models import Permit
from ..permit_workflow import PERMIT, watched_until
from . import stations

S, Kind = Permit.State, Permit.Kind
TONES = {
    S.APPLIED: "amber", S.APPROVED: "blue", S.STARTED: "blue", S.SUSPENDED: "amber", S.FINISHED: "amber", S.CHECKED: "green",
    S.CLOSED: "green", S.REFUSED: "", S.CANCELLED: "", S.EXPIRED: "",
}  # fmt: skip


def state(row: Permit) -> Chip:
    if row.overruns:
        return Chip(_("超时作业"), "red")
    return Chip(str(S(row.state).label), TONES[S(row.state)])


def hours(row: Permit) -> str:
    """``11-29 09:00 — 17:00``; with the day behind the dash where it is another one."""
    start, end = local(row.starts_at), local(row.ends_at)
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%m-%d %H:%M}"
    return f"{words.moment(row.starts_at)} — {until}"


PERMITS = Table(
    "permits",
    gettext_lazy("作业票"),
    columns=[
        Column("work", gettext_lazy("作业内容"), link=True, sort="work", kind="name"),
        Column("kind", gettext_lazy("类别"), text=lambda row: words.choice(row, "kind"), sort="kind"),
        Column("project.estate.name", gettext_lazy("小区"), sort="project__estate__name"),
        Column("place", gettext_lazy("地点"), sort="place"),
        Column("state", gettext_lazy("状态"), text=state, kind="state", sort="state"),
        Column("hours", gettext_lazy("时间"), text=hours, sort="starts_at"),
        Column("worker", gettext_lazy("作业人"), text=lambda row: row.worker.masked_name),
        Column("guardian", gettext_lazy("监护人"), text=lambda row: row.guardian.masked_name),
        Column("number", gettext_lazy("编号"), shown=False),
        Column("contractor", gettext_lazy("外来单位"), shown=False),
        Column("project.company.name", gettext_lazy("企业"), shown=False),
        Column("certificate_until", gettext_lazy("证书有效期至"), shown=False),
    ],
    search=["work", "place", "number", "contractor", "project__estate__search"],
    search_label=gettext_lazy("作业内容、地点、小区、编号"),
    filters=[districts.district_of(Permit.objects.visible_to), Filter("kind", gettext_lazy("类别"), Kind.choices)],
    order=["-starts_at", "-pk"],
    related=["project__estate", "project__company", "worker", "guardian"],
    export=True,
    empty=gettext_lazy("还没有作业票。动火、登高、有限空间、临时用电，先申请再干。"),
)  # fmt: skip


def with_views() -> Table:
    """The list with its saved views as they are at this moment."""
    day, moment = today(), now()
    running = Q(state__in=Permit.RUNNING)
    return replace(
        PERMITS,
        segments=[
            Segment("today", gettext_lazy("今天的"), Q(starts_at__lt=end_of(day), ends_at__gt=at(day)) & ~Q(state__in=Permit.OVER)),
            Segment("applied", gettext_lazy("待批"), Q(state=S.APPLIED)),
            Segment("running", gettext_lazy("作业中"), running),
            Segment("overrun", gettext_lazy("超时作业"), running & Q(ends_at__lte=moment)),
            Segment("looked", gettext_lazy("待复查"), Q(state=S.FINISHED)),
        ],
    )  # fmt: skip


@login_required
def ledger(request: HttpRequest) -> HttpResponse:
    """The permits this person may see."""
    applies = work_rules.works_at(acting(request)).exists()
    act = {"label": _("申请作业票"), "url": reverse("safety:permit_place"), "icon": "plus"} if applies else None
    rows = Permit.objects.visible_to(acting(request))
    return table_page(request, with_views(), rows, template="web/list.html", act=act)


@login_required
def place(request: HttpRequest) -> HttpResponse:
    """At which estate the work is; with one, straight to its form."""
    projects = list(work_rules.works_at(acting(request))[:200])
    if not projects:
        raise Http404
    if len(projects) == 1:
        return redirect("safety:permit_new", pk=projects[0].pk)
    rows = [
        {"text": str(one.estate), "note": str(one.company), "url": reverse("safety:permit_new", args=[one.pk])}
        for one in projects
    ]
    context = {
        "title": _("申请作业票"), "lead": _("先选在哪个小区作业。"), "crumbs": [(_("作业票"), reverse("safety:permits"))],
        "sections": [{"title": _("小区"), "rows": rows, "empty": ""}],
    }  # fmt: skip
    return render(request, "web/record.html", context)


@login_required
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a permit at one estate."""
    found = get_object_or_404(work_rules.works_at(acting(request)), pk=pk)
    back = reverse("safety:permits")
    form = forms.Apply(sent(request), project=found)
    return ask(
        request, form, lambda **known: permits.apply(found, by=acting(request), **known),
        then=lambda made: made.get_absolute_url(), said=_("已申请。接着到现场逐条确认措施。"),
        title=_("申请作业票：%(estate)s") % {"estate": found.estate.name}, send=_("申请这张作业票"), back=back,
        crumbs=[(_("作业票"), back)], lead=_("不批不干。人在危险里的，先撤人。"),
        after=_("先到现场确认措施、测气体，再由别人批准；批准前不能开工。"),
    )  # fmt: skip


#: The stations of the way, and the steps that end each.
STATIONS = (
    ((), gettext_lazy("申请")),
    (("approve", "refuse"), gettext_lazy("批准")),
    (("start",), gettext_lazy("开工")),
    (("finish",), gettext_lazy("完工")),
    (("check",), gettext_lazy("现场复查")),
    (("close",), gettext_lazy("办结")),
)
AT = {
    S.APPLIED: 1, S.APPROVED: 2, S.STARTED: 3, S.SUSPENDED: 3, S.FINISHED: 4, S.CHECKED: 5, S.CLOSED: 6, S.REFUSED: 1,
    S.CANCELLED: 1, S.EXPIRED: 1,
}  # fmt: skip
STOPPED = (S.REFUSED, S.CANCELLED, S.EXPIRED)


def _context(request: HttpRequest, case: Permit) -> dict[str, Any]:
    actor, key = acting(request), PERMIT.key(case)
    events = list(engine.history(PERMIT, case)[:200])
    shown = state(case)
    hot_watch = case.finished_at and case.kind == Kind.HOT and not case.is_over
    pairs = [
        (_("作业类别"), case.get_kind_display()), (_("地点"), case.place), (_("时间"), hours(case)),  # type: ignore[attr-defined]
        (_("作业人"), permit_papers.worker(case)), (_("证书有效期至"), case.certificate_until),
        (_("监护人"), case.guardian.masked_name), (_("外来单位"), case.contractor),
        (_("开工时间"), words.moment(case.started_at) if case.started_at else ""),
        (_("完工时间"), words.moment(case.finished_at) if case.finished_at else ""),
        (_("看守到"), words.moment(watched_until(case)) if hot_watch else ""),
    ]  # fmt: skip
    papers = list(Attachment.objects.on(key))
    readings = [
        {
            "text": permit_papers.reading(one.values), "note": f"{words.moment(one.taken_at)} {one.by_name}",
            "chip": Chip(_("超限"), "red") if one.beyond else Chip(_("合格"), "green"),
        }
        for one in case.readings.all()
    ]  # fmt: skip
    measures = [
        {
            "text": text, "chip": Chip(_("已确认"), "green") if found else Chip(_("未确认"), "amber"),
            "note": masks.name(found["by"]) if found else "",
        }
        for text, found in permits.ticked(case)
    ]  # fmt: skip
    looks = []
    if Person.objects.visible_to(actor).filter(pk=case.worker_id).exists():
        looks.append({"label": _("看作业人资料"), "url": reverse("looks:person", args=[case.worker_id])})
    return {
        "more_acts": looks, "title": f"{case} · {case.place}", "tone": shown.tone, "state_label": str(shown),
        "crumbs": [(_("作业票"), reverse("safety:permits")), (case.number or f"{case} · {hours(case)}", "")],
        "lead": f"{case.project.estate.name} · {case.project.company.name}",
        "path": stations.path(STATIONS, AT, S(case.state), events, S(case.state) in STOPPED),
        "numbers": numbers_of(events), "pairs": stations.said(pairs),
        "sections": [
            {"title": _("安全措施"), "rows": measures, "empty": ""},
            *([{"title": _("气体检测"), "rows": readings, "empty": _("还没有读数。检测合格才能批准。")}] if case.wants_gas else []),
        ],
        "photos": [one for one in papers if one.is_picture], "papers": [one for one in papers if not one.is_picture],
        "documents": list(Document.objects.on(key).select_related("void")), "turn": stations.turn(PERMIT, case.state),
        "closed": [offer for offer in engine.offers(PERMIT, case, actor) if not offer.open and (case.wants_gas or offer.name != "gas")],
    }  # fmt: skip


PAGES = CasePages(
    PERMIT,
    template="safety/work.html",
    context=_context,
    select_related=("project__estate", "project__company", "worker", "guardian"),
    acts={
        "measure": Act(permits.measure, forms.Measures, wants_case=True),
        "gas": Act(permits.gas, forms.Gas),
        "approve": Act(permits.approve, forms.Note),
        "refuse": Act(permits.refuse, forms.Reason),
        "start": Act(permits.start, forms.Note),
        "suspend": Act(permits.suspend, forms.Reason),
        "resume": Act(permits.resume, forms.Said),
        "finish": Act(permits.finish, forms.Note),
        "check": Act(permits.check, forms.After),
        "close": Act(permits.close, forms.Note),
        "cancel": Act(permits.cancel, forms.Reason),
    },
)
