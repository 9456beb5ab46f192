"""Incidents: the list, one incident with its steps, taking one down; declaring an event that makes duties due."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.amounts import grouped
from wuxie.kernel.clock.now import local
from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.workflow import engine
from wuxie.web import districts, words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cases import Act, CasePages
from wuxie.web.cells import Chip
from wuxie.web.sealed import numbers_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import incident_forms as forms
from .. import work_queries, work_rules
from ..actions import incidents, occurrences
from ..incident_workflow import INCIDENT
from ..models import Incident, Occurrence
from ..words import Event
from . import stations
from .lists import fetch

S, Grade = Incident.State, Incident.Grade
TONES = {
    S.REPORTED: "red", S.GRADED: "amber", S.TOLD: "amber", S.INVESTIGATING: "blue", S.MENDING: "blue", S.DONE: "amber",
    S.CLOSED: "green",
}  # fmt: skip


def state(row: Incident) -> Chip:
    return Chip(str(S(row.state).label), TONES[S(row.state)])


def grade(row: Incident) -> Chip:
    return Chip(str(Grade(row.grade).label), "red" if row.is_major else "amber" if row.grade == Grade.GENERAL else "")


def _told(row: Incident) -> str:
    if row.report_missed:
        return _("迟报") if row.told_at else _("没有按时报")
    return words.moment(row.told_at) if row.told_at else "" if row.is_reportable else _("不用报")


INCIDENTS = Table(
    "incidents",
    gettext_lazy("事故险情"),
    columns=[
        Column("kind", gettext_lazy("事故险情"), text=str, link=True, sort=("kind", "place"), kind="name"),
        Column("project.estate.name", gettext_lazy("小区"), sort="project__estate__name"),
        Column("grade", gettext_lazy("等级"), text=grade, sort="grade"),
        Column("state", gettext_lazy("状态"), text=state, kind="state", sort="state"),
        Column("happened_at", gettext_lazy("发生时间"), text=lambda row: words.moment(row.happened_at), sort="happened_at"),
        Column("told", gettext_lazy("报主管部门"), text=_told, sort="told_at"),
        Column("due_on", gettext_lazy("整改期限"), sort="due_on"),
        Column("project.company.name", gettext_lazy("企业"), shown=False),
        Column("deaths", gettext_lazy("死亡"), shown=False),
        Column("injured", gettext_lazy("重伤"), shown=False),
        Column("slight", gettext_lazy("轻伤"), shown=False),
        Column("authority_receipt", gettext_lazy("报告回执号"), shown=False),
        Column("judged", gettext_lazy("责任认定"), text=lambda row: words.choice(row, "judged"), shown=False),
        Column("closed_on", gettext_lazy("结案日"), shown=False),
    ],
    search=["place", "words", "authority_receipt", "project__estate__search", "project__company__name"],
    search_label=gettext_lazy("地点、情况、小区、回执号"),
    filters=[
        districts.district_of(Incident.objects.visible_to),
        Filter("kind", gettext_lazy("类别"), Incident.Kind.choices),
        Filter("grade", gettext_lazy("等级"), [one for one in Grade.choices if one[0]]),
    ],
    segments=[
        Segment("open", gettext_lazy("未结案"), ~Q(state=S.CLOSED)),
        Segment("major", gettext_lazy("较大以上或死亡"), Q(grade__in=(Grade.LARGER, Grade.MAJOR, Grade.GRAVE)) | Q(deaths__gt=0)),
        Segment("missed", gettext_lazy("没有按时报"), Q(report_missed=True)),
        Segment("verify", gettext_lazy("待验证"), Q(state=S.DONE)),
    ],
    order=["-happened_at", "-pk"],
    related=["project__estate", "project__company"],
    export=True,
    empty=gettext_lazy("还没有事故险情。出了事先救人，再在这里上报。"),
)  # fmt: skip


@login_required
def ledger(request: HttpRequest) -> HttpResponse:
    """The incidents this person may see."""
    reports = work_rules.works_at(acting(request)).exists()
    act = (
        {"label": _("上报事故险情"), "url": reverse("safety:incident_new"), "icon": "alert-triangle"}
        if reports
        else None
    )
    rows = Incident.objects.visible_to(acting(request))
    return table_page(request, INCIDENTS, rows, template="web/list.html", act=act)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Take one down, from the phone."""
    actor = acting(request)
    projects = work_rules.works_at(actor)
    if not projects.exists():
        raise Http404
    back = reverse("safety:incidents")
    form = forms.Report(
        sent(request), request.FILES or None, projects=projects, initial={"project": request.GET.get("project", "")[:9]}
    )
    return ask(
        request, form, lambda project, **known: incidents.report(project, by=actor, **known),
        then=lambda made: made.get_absolute_url(), said=_("已收到，正在通知项目经理、安全总监和企业负责人。"),
        title=_("上报事故险情"), send=_("上报这件事"), back=back, crumbs=[(_("事故险情"), back)],
        lead=_("先救人，打 120、119、110，再上报。"), after=_("一小时内由企业报主管部门；过时会告诉社区、街道和区县。"),
    )  # fmt: skip


STATIONS = (
    ((), gettext_lazy("上报企业")),
    (("grade",), gettext_lazy("定级")),
    (("tell",), gettext_lazy("报主管部门")),
    (("decide",), gettext_lazy("调查")),
    (("done",), gettext_lazy("整改")),
    (("verify",), gettext_lazy("验证结案")),
)
AT = {S.REPORTED: 1, S.GRADED: 2, S.TOLD: 3, S.INVESTIGATING: 3, S.MENDING: 4, S.DONE: 5, S.CLOSED: 6}


def _people(case: Incident, sees: bool) -> list[dict[str, Any]]:
    """Whom it hurt: masked for those who deal with it, the number alone for the others."""
    if not sees:
        return []
    return [
        {
            "text": one.person.masked_name, "note": one.person.masked_phone,
            "url": reverse("looks:person", args=[one.person_id]), "chip": Chip(str(one.get_hurt_display())),  # type: ignore[attr-defined]
        }
        for one in case.people.select_related("person")
    ]  # fmt: skip


def _revision(case: Incident) -> str:
    """Whether the duty list has been revised since; nothing while nobody asks for it."""
    if work_queries.revised_since(case.project_id, case.opened_at):
        return _("已修订")
    return _("待修订") if case.is_reportable and case.due_on else ""


def _awaited(case: Incident) -> list[str]:
    """What the end of a mended incident still waits for, each in a sentence."""
    if case.state != S.DONE:
        return []
    return [why for one in INCIDENT.steps["verify"].needs if (why := one.missing(case))]


def _context(request: HttpRequest, case: Incident) -> dict[str, Any]:
    actor, key = acting(request), INCIDENT.key(case)
    events = list(engine.history(INCIDENT, case)[:200])
    shown = state(case)
    sees = work_rules.reads_injured.test(actor, case)
    pairs = [
        (_("地点"), case.place), (_("发生时间"), words.moment(case.happened_at)), (_("情况"), case.words),
        (_("死亡"), case.deaths or ""), (_("重伤"), case.injured or ""), (_("轻伤"), case.slight or ""),
        (_("直接经济损失（元）"), grouped(case.loss) if case.loss else ""),
        (_("现场怎样保护"), case.site_kept), (_("报告部门"), case.authority),
        (_("报告时间"), words.moment(case.told_at) if case.told_at else ""), (_("报告回执号"), case.authority_receipt),
        (_("报告时限"), _("没有在一小时内报告") if case.report_missed else ""), (_("原因"), case.cause),
        (_("整改和防范措施"), case.measures), (_("整改人"), case.mender.masked_name if case.mender else ""),
        (_("整改期限"), case.due_on), (_("做了什么"), case.done),
        (_("责任认定"), f"{case.get_judged_display()} {case.judgement}".strip() if case.judged else ""),  # type: ignore[attr-defined]
        (_("责任清单"), _revision(case)),
    ]  # fmt: skip
    papers = list(Attachment.objects.on(key))
    acts = []
    if work_rules.teller.test(actor, case) and case.state != S.CLOSED:
        acts.append({"label": _("登记伤亡人员"), "url": reverse("safety:incident_hurt", args=[case.pk])})
    people, awaited = _people(case, sees), _awaited(case)
    return {
        "title": str(case), "tone": shown.tone, "second_chip": grade(case), "more_acts": acts,
        "crumbs": [(_("事故险情"), reverse("safety:incidents")), (f"{case} · {local(case.happened_at).date()}", "")],
        "lead": f"{case.project.estate.name} · {case.project.company.name}",
        "path": stations.path(STATIONS, AT, S(case.state), events), "numbers": numbers_of(events), "pairs": stations.said(pairs),
        "sections": [{"title": _("伤亡人员"), "rows": people, "empty": _("还没有登记伤亡人员。")}] if sees else [],
        "photos": [one for one in papers if one.is_picture], "papers": [one for one in papers if not one.is_picture],
        "documents": list(Document.objects.on(key).select_related("void")), "turn": "" if awaited else stations.turn(INCIDENT, case.state),
        "awaited": awaited, **(_aside(case, actor) if awaited else {}),
    }  # fmt: skip


def _aside(case: Incident, actor: Actor) -> dict[str, Any]:
    """While the end waits for something, no other act stands in its place: what is open stands aside."""
    return {"mine": [], "aside": [offer for offer in engine.offers(INCIDENT, case, actor) if offer.open]}


PAGES = CasePages(
    INCIDENT,
    template="safety/work.html",
    context=_context,
    select_related=("project__estate", "project__company", "mender"),
    acts={
        "grade": Act(incidents.grade, forms.Numbers, wants_case=True),
        "tell": Act(incidents.tell, forms.Tell),
        "keep_site": Act(incidents.keep_site, forms.Site),
        "supplement": Act(incidents.supplement, forms.Supplement, wants_case=True),
        "note_receipt": Act(incidents.note_receipt, forms.Receipt),
        "investigate": Act(incidents.investigate, forms.Note),
        "decide": Act(incidents.decide, forms.Decide, wants_case=True),
        "done": Act(incidents.done, forms.Done),
        "verify": Act(incidents.verify, forms.Seen),
        "reject": Act(incidents.reject, forms.Seen),
        "judge": Act(incidents.judge, forms.Judge),
    },
)


@login_required
def hurt(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down whom it hurt."""
    case = PAGES.fetch(request, pk)
    if not work_rules.teller.test(acting(request), case):
        raise Http404
    back = case.get_absolute_url()
    return ask(
        request, forms.Hurt(sent(request)), lambda **known: incidents.add_injured(case, by=acting(request), **known), then=back,
        said=_("已登记，姓名已加密。"), title=_("登记伤亡人员"), send=_("登记这个人"), back=back, crumbs=[(str(case), back)],
    )  # fmt: skip


OCCURRENCES = Table(
    "occurrences",
    gettext_lazy("突发事"),
    columns=[
        Column("event", gettext_lazy("什么事"), text=lambda row: words.choice(row, "event"), sort="event", kind="name"),
        Column("project.estate.name", gettext_lazy("小区"), sort="project__estate__name"),
        Column("day", gettext_lazy("哪天"), sort="day"),
        Column("duties", gettext_lazy("生成几件职责"), sort="duties", align="right"),
        Column("words", gettext_lazy("情况")),
        Column("declared_at", gettext_lazy("宣布时间"), text=lambda row: words.moment(row.declared_at), sort="declared_at"),
        Column("declared_name", gettext_lazy("谁宣布"), shown=False),
    ],
    search=["words", "project__estate__search"],
    search_label=gettext_lazy("情况、小区"),
    filters=[Filter("event", gettext_lazy("什么事"), Event.choices)],
    order=["-declared_at", "-pk"],
    related=["project__estate"],
    export=True,
    empty=gettext_lazy("还没有突发事。暴雨、停电、事故时在项目页宣布，清单上的应急职责马上到期。"),
)  # fmt: skip


@login_required
def events(request: HttpRequest) -> HttpResponse:
    """What happened where, and how many duties it made due."""
    rows = Occurrence.objects.visible_to(acting(request))
    return table_page(request, OCCURRENCES, rows, template="web/list.html")


@login_required
def happened(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare that something happened at a project today."""
    found = fetch(request, pk)
    require(work_rules.declarer, request, found)
    back = reverse("safety:project", args=[pk])
    return ask(
        request, forms.Happened(sent(request)), lambda **known: occurrences.declare(found, by=acting(request), **known),
        then=reverse("safety:today", args=[pk]), said=_("已宣布。清单上这件事的职责已排进今天。"), title=_("宣布突发事"),
        send=_("宣布这件事"), back=back, crumbs=[(found.estate.name, back)],
        lead=_("暴雨、大风选“气象、防汛预警”；地震、突然停电选“突发事件”。"),
        after=_("责任清单上对应的职责马上到期，出现在各岗的手机上；同一天同一件事只算一次。"),
    )  # fmt: skip
