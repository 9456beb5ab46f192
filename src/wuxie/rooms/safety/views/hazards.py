"""Hazards: the lists, one hazard with its steps, reporting one."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from wuxie.kernel import labels
from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.once.pages import new_key
from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY, GOVERNMENT
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.models import Event
from wuxie.web import districts, words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cases import Act, CasePages
from wuxie.web.cells import Chip
from wuxie.web.sealed import numbers_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import hazard_forms as forms
from .. import public, queries, rules
from ..actions import hazards, reporting
from ..models import Hazard
from ..models.hazards import COMPANY_SAFETY
from ..words import Area, Level
from ..workflow import CLEARS, HAZARD
from . import stations
from .lists import fetch

S = Hazard.State
TONES = {
    S.FOUND: "amber", S.ASSIGNED: "amber", S.CONTROLLED: "blue", S.REPORTED: "blue", S.RECTIFYING: "blue",
    S.EXTENDED: "amber", S.FIXED: "amber", S.VERIFIED: "green", S.CLOSED: "green", S.DISMISSED: "",
}  # fmt: skip
READERS = (*ASSOCIATION, *GOVERNMENT, *AT_COMPANY, *COMPANY_SAFETY)
REPORTERS = (*GOVERNMENT, *COMPANY_SAFETY, "company_admin", "project_manager")
#: So many months back a ledger can be asked for.
MONTHS = 24


def state(row: Hazard) -> Chip:
    return Chip(str(S(row.state).label), TONES[S(row.state)])


def level(row: Hazard) -> Chip:
    return Chip(str(Level(row.level).label), "red" if row.is_major else "")


def _due(row: Hazard) -> object:
    """Until when, while it is not mended; then whether it was in time."""
    if row.state in Hazard.UNMENDED:
        return words.due(row.due_on) if row.due_on else ""
    if row.state == S.DISMISSED:
        return ""
    return _("逾期") if row.is_late else _("按期")


def _link(row: Hazard) -> str:
    return row.get_absolute_url()


def _months(_request: HttpRequest) -> list[tuple[str, str]]:
    """This month and those before it, the newest first."""
    day, found = today(), []
    for back in range(MONTHS):
        year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
        found.append((f"{year}-{month + 1:02d}", words.month(year, month + 1)))
    return found


def _in_month(value: str) -> Q:
    year, _dash, month = value.partition("-")
    first = datetime.date(int(year), int(month), 1)
    return Q(found_on__gte=first, found_on__lt=(first + datetime.timedelta(days=32)).replace(day=1))


NAME = Column("label", gettext_lazy("隐患"), text=lambda row: labels.said(row), link=_link, sort="label", kind="name")
ESTATE = Column("project.estate.name", gettext_lazy("小区"), sort="project__estate__name")
HAZARDS = Table(
    "hazards",
    gettext_lazy("隐患台账"),
    columns=[
        NAME,
        ESTATE,
        Column("place", gettext_lazy("位置"), text=lambda row: labels.said(row.place), sort="place"),
        Column("level", gettext_lazy("级别"), text=level, sort="level"),
        Column("state", gettext_lazy("状态"), text=state, kind="state", sort="state"),
        Column("due", gettext_lazy("整改期限"), text=_due, sort="due_on", export=lambda row: row.due_on),
        Column("found_on", gettext_lazy("发现日"), sort="found_on"),
        Column("fixer", gettext_lazy("整改人"), text=lambda row: row.fixer.masked_name if row.fixer else ""),
        Column("receipt", gettext_lazy("编号"), shown=False),
        Column("code", gettext_lazy("代码"), shown=False),
        Column("area", gettext_lazy("类别"), text=lambda row: words.choice(row, "area"), shown=False),
        Column("project.company.name", gettext_lazy("企业"), shown=False),
        Column("source", gettext_lazy("来源"), text=lambda row: words.choice(row, "source"), shown=False),
        Column("why_level", gettext_lazy("定级理由"), text=lambda row: labels.said(row.why_level), shown=False),
        Column("words", gettext_lazy("情况"), text=lambda row: labels.said(row.words), shown=False),
        Column("interim", gettext_lazy("临时措施"), text=lambda row: labels.said(row.interim), shown=False),
        Column("remedy", gettext_lazy("怎样改的"), shown=False),
        Column("fixed_on", gettext_lazy("改好日"), shown=False),
        Column("closed_on", gettext_lazy("销号日"), shown=False),
        Column("on_time", gettext_lazy("是否逾期"), text=lambda row: _("是") if row.is_late else _("否"), shown=False),
        Column("rework", gettext_lazy("返工次数"), shown=False),
        Column("reopened", gettext_lazy("重开次数"), shown=False),
        Column("authority", gettext_lazy("报告部门"), text=lambda row: labels.said(row.authority), shown=False),
        Column("authority_receipt", gettext_lazy("报告回执号"), shown=False),
    ],
    search=["label", "place", "receipt", "project__estate__search", "project__company__name"],
    few=["label"],
    search_label=gettext_lazy("隐患、位置、小区、编号"),
    filters=[
        districts.district_of(Hazard.objects.visible_to),
        Filter("area", gettext_lazy("类别"), Area.choices),
        Filter("month", gettext_lazy("发现月份"), _months, where=_in_month),
    ],
    order=["-opened_at", "-pk"],
    related=["project__estate", "project__company", "fixer"],
    export=True,
    empty=gettext_lazy("还没有隐患。查到的、扫码反映的都会列在这里。"),
)  # fmt: skip


def with_views(day: datetime.date) -> Table:
    """The ledger with its saved views as they are on a day."""
    return replace(
        HAZARDS,
        segments=[
            Segment("open", gettext_lazy("未销号"), ~Q(state__in=Hazard.OVER)),
            Segment("major", gettext_lazy("重大未销"), Q(level=Level.MAJOR) & ~Q(state__in=Hazard.OVER)),
            Segment("late", gettext_lazy("逾期未改"), Q(state__in=Hazard.UNMENDED, due_on__lt=day)),
            Segment("found", gettext_lazy("待派单"), Q(state=S.FOUND)),
            Segment("fixed", gettext_lazy("待复核"), Q(state=S.FIXED)),
            Segment("again", gettext_lazy("又犯的"), Q(repeats__isnull=False)),
            Segment("closed", gettext_lazy("已销号"), Q(state=S.CLOSED)),
        ],
    )


def _act(request: HttpRequest) -> dict[str, Any] | None:
    if not queries.reportable(acting(request)).exists():
        return None
    return {"label": _("报告隐患"), "url": reverse("safety:hazard_new"), "icon": "camera"}


@login_required
def ledger(request: HttpRequest) -> HttpResponse:
    """The hazards this person may see; a month of them is the monthly ledger."""
    return table_page(
        request, with_views(today()), Hazard.objects.visible_to(acting(request)), template="web/list.html",
        act=_act(request), lead=_("选一个月再导出，就是当月的隐患台账。"),
    )  # fmt: skip


def _held(row: Any) -> str:
    """What keeps people safe meanwhile, once somebody has entered it; before, only what the library asks for."""
    return labels.said(row.interim) if row.is_controlled else _("还没有登记")


MAJOR = Table(
    "major_hazards",
    gettext_lazy("重大隐患"),
    columns=[
        NAME,
        ESTATE,
        Column("project.company.name", gettext_lazy("企业"), sort="project__company__name"),
        Column("age", gettext_lazy("存了几日"), text=lambda row: row.age, sort="found_on", align="right"),
        Column("state", gettext_lazy("状态"), text=state, kind="state", sort="state"),
        Column("due", gettext_lazy("整改期限"), text=_due, sort="due_on", export=lambda row: row.due_on),
        Column("interim", gettext_lazy("现在怎样管着"), text=_held),
        Column("authority_receipt", gettext_lazy("报告回执号"), text=lambda row: row.authority_receipt or _told(row)),
    ],
    search=["label", "place", "receipt", "project__estate__search", "project__company__name"],
    search_label=gettext_lazy("隐患、位置、小区、企业"),
    filters=[districts.district_of(Hazard.objects.visible_to), Filter("area", gettext_lazy("类别"), Area.choices)],
    order=["found_on", "pk"],
    related=["project__estate", "project__company"],
    export=True,
    empty=gettext_lazy("没有未销号的重大隐患。"),
)  # fmt: skip


def _told(row: Hazard) -> str:
    return _("已报，等回执") if row.reported_on else _("未报")


@login_required
def major(request: HttpRequest) -> HttpResponse:
    """The open major hazards, the oldest first."""
    if not acting(request).holds(*READERS):
        raise Http404
    day = today()
    table = replace(
        MAJOR,
        segments=[
            Segment("week", gettext_lazy("超过 7 日"), Q(found_on__lt=day - datetime.timedelta(days=7))),
            Segment("late", gettext_lazy("逾期未改"), Q(state__in=Hazard.UNMENDED, due_on__lt=day)),
            Segment("untold", gettext_lazy("未报主管部门"), Q(reported_on=None)),
        ],
    )
    controls = Event.objects.filter(workflow=HAZARD.name, case_pk=OuterRef("pk"), step="control")
    rows = Hazard.objects.visible_to(acting(request)).open().filter(level=Level.MAJOR)
    rows = rows.annotate(is_controlled=Exists(controls))
    return table_page(request, table, rows, template="web/list.html", lead=_("按存在的日数排，最久的在前。"))


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Report one under one's own name."""
    actor = acting(request)
    projects = queries.reportable(actor)
    if not actor.holds(*REPORTERS) and not projects.exists():
        raise Http404
    back = reverse("safety:hazards")
    form = forms.Report(
        sent(request), request.FILES or None, projects=projects, actor=actor,
        initial={"project": request.GET.get("project", "")[:9]},
    )  # fmt: skip
    return ask(
        request, form, lambda project, photos, **known: reporting.report_with(project, by=actor, once=new_key(), files=photos, **known),
        then=lambda made: made.get_absolute_url(), said=_("已收到，正在通知派单的人。"), title=_("报告隐患"), send=_("报告这件隐患"),
        back=back, crumbs=[(_("隐患台账"), back)], lead=_("人在危险处的，先撤人、再报告。"),
        after=_("报告后一小时内派单；重大隐患同时通知企业负责人和安全总监。"),
    )  # fmt: skip


@login_required
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet with the estate's code, to be printed and put on the wall."""
    found = fetch(request, pk)
    require(rules.keeper, request, found)
    context = {
        "title": _("扫码报隐患"),
        "project": found,
        "address": public.address(found.estate),
        "back": reverse("safety:project", args=[pk]),
    }
    return render(request, "safety/sheet.html", context)


#: The stations of the way, and the steps that end each.
STATIONS = (
    ((), gettext_lazy("发现")),
    (("assign", "dismiss"), gettext_lazy("派单")),
    (("control",), gettext_lazy("临时管控")),
    (("report_major", "report_late"), gettext_lazy("报主管部门")),
    (("fix",), gettext_lazy("整改")),
    (("verify",), gettext_lazy("复核")),
    (("close",), gettext_lazy("销号")),
)
AT = {
    S.FOUND: 1, S.ASSIGNED: 2, S.CONTROLLED: 3, S.REPORTED: 4, S.RECTIFYING: 4, S.EXTENDED: 4, S.FIXED: 5, S.VERIFIED: 6,
    S.CLOSED: 7, S.DISMISSED: 1,
}  # fmt: skip


#: What is asked of a major hazard only; of another it is not even a closed act.
OF_MAJOR = ("report_major", "report_late", "note_receipt")


def path(case: Hazard, events: list[Event]) -> list[dict[str, str]]:
    """The stations with day and who; reporting to the authority stands there for a major one only."""
    without = () if case.is_major else OF_MAJOR
    return stations.path(STATIONS, AT, S(case.state), events, stopped=case.state == S.DISMISSED, without=without)


def _closed(case: Hazard, actor: Actor) -> list[engine.Offer]:
    """The acts that are not open to this person now, each with the sentence why."""
    found = [offer for offer in engine.offers(HAZARD, case, actor) if not offer.open]
    return [offer for offer in found if case.is_major or offer.name not in OF_MAJOR]


def _photos(papers: list[Attachment]) -> list[Attachment]:
    return [one for one in papers if one.is_picture]


def _context(request: HttpRequest, case: Hazard) -> dict[str, Any]:
    actor, key = acting(request), HAZARD.key(case)
    events = list(engine.history(HAZARD, case)[:200])
    hands_out = rules.manager.test(actor, case)
    why = f" · {labels.said(case.why_level)}" if case.why_level else ""
    pairs = [
        (_("位置"), labels.said(case.place)), (_("级别"), f"{Level(case.level).label}{why}"),
        (_("情况"), labels.said(case.words)), (_("来源"), case.get_source_display()), (_("发现日"), case.found_on),  # type: ignore[attr-defined]
        (_("整改人"), case.fixer.name if case.fixer else ""), (_("整改期限"), case.due_on),
        (_("临时措施") if any(event.step == "control" for event in events) else _("该做的临时措施"), labels.said(case.interim)),
        (_("延期增加的管控"), case.added_control), (_("怎样改的"), case.remedy), (_("返工次数"), case.rework or ""),
        (_("重开次数"), case.reopened or ""), (_("报告部门"), labels.said(case.authority)), (_("报告回执号"), case.authority_receipt),
    ]  # fmt: skip
    acts = []
    if rules.fixer.test(actor, case) and not case.is_over and case.interim:
        acts.append({"label": _("出临时管控告示"), "url": reverse("safety:hazard_notice", args=[case.pk])})
    papers = list(Attachment.objects.on(key))
    related = stations.elsewhere(events, actor)
    return {
        "title": f"{labels.said(case)} · {labels.said(case.place)}", "tone": TONES[S(case.state)], "level_chip": level(case),
        "crumbs": [(_("隐患台账"), reverse("safety:hazards")), (case.receipt, "")],
        "lead": f"{case.project.estate.name} · {case.project.company.name}", "path": path(case, events),
        "numbers": numbers_of(events), "pairs": stations.said(pairs),
        "clears": [(label, case.clears[name]) for name, label in CLEARS.items() if case.clears.get(name)],
        "photos": _photos(papers), "papers": [one for one in papers if not one.is_picture],
        "documents": list(Document.objects.on(key).select_related("void")),
        "payers": queries.payers() if not case.is_over else [],
        "before": case.repeats if case.repeats_id and Hazard.objects.visible_to(actor).filter(pk=case.repeats_id).exists() else None,
        "again": list(Hazard.objects.visible_to(actor).filter(repeats=case.pk)[:20]), "more_acts": acts,
        "look": forms.Look() if hands_out and case.contact else None, "has_contact": bool(case.contact) and hands_out,
        "turn": stations.turn(HAZARD, case.state), "elsewhere": related,
        "done_elsewhere": [one for one in related if one["over"] and case.state in Hazard.UNMENDED],
        "closed": _closed(case, actor),
    }  # fmt: skip


PAGES = CasePages(
    HAZARD,
    template="safety/hazard.html",
    context=_context,
    select_related=("project__estate", "project__company", "fixer", "repeats"),
    acts={
        "assign": Act(hazards.assign, forms.Assign, wants_case=True),
        "dismiss": Act(hazards.dismiss, forms.Dismiss),
        "control": Act(hazards.control, forms.Control, wants_case=True),
        "report_major": Act(hazards.report_major, forms.ReportMajor, wants_case=True),
        "report_late": Act(hazards.report_major, forms.ReportMajor, wants_case=True),
        "note_receipt": Act(hazards.note_receipt, forms.Receipt),
        "start": Act(hazards.start, forms.Start, wants_case=True),
        "extend": Act(hazards.extend, forms.Extend),
        "fix": Act(hazards.fix, forms.Fix, wants_case=True),
        "verify": Act(hazards.verify, forms.Seen),
        "reject": Act(hazards.reject, forms.Seen),
        "reopen": Act(hazards.reopen, forms.Reason),
    },
)


@require_POST
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """How to reach the stranger who reported, once, for a reason that stays on record."""
    case = PAGES.fetch(request, pk)
    if not rules.manager.test(acting(request), case):
        raise Http404
    form = forms.Look(request.POST)
    shown = hazards.read_contact(case, by=acting(request), **form.cleaned_data) if form.is_valid() else ""
    context = {**PAGES.page(request, case), "look": form, "contact": shown}
    return render(request, PAGES.template, context, status=200 if shown else 422)


@login_required
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One more notice for the spot."""
    case = PAGES.fetch(request, pk)
    if not rules.fixer.test(acting(request), case):
        raise Http404
    back = case.get_absolute_url()
    return ask(
        request, forms.Notice(sent(request)), lambda phone: hazards.post_notice(case, by=acting(request), phone=phone),
        then=lambda made: made.get_absolute_url(), title=_("出临时管控告示"), send=_("出这张告示"), back=back,
        crumbs=[(labels.said(case), back)], lead=labels.said(case.interim), after=_("出一张可打印的告示，有编号和二维码。"),
    )  # fmt: skip
