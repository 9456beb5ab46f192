"""Disputes: the list, taking one down, the page of one with its steps, its voices, the record of a sitting for print."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel import labels
from wuxie.kernel.amounts import yuan
from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.workflow import engine
from wuxie.web import districts, stations, words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cases import Act, CasePages
from wuxie.web.cells import Chip
from wuxie.web.sealed import numbers_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import forms, petition_forms, queries, rules
from ..actions import ending, handling, intake, petitions
from ..actions.common import step, with_reason
from ..catalogue import categories
from ..models import Dispute, Sitting, Voice
from ..words import Channel, Side
from ..workflow import DISPUTE
from . import common

S = Dispute.State
#: While a case is in one of these a sitting that both sides were told of may still be held.
MAY_MEET = (S.INVESTIGATING, S.IN_SESSION, S.SUSPENDED)


def _places(request: HttpRequest) -> Any:
    return Dispute.objects.visible_to(acting(request)).order_by().values_list("place_code", flat=True).distinct()


def _category(row: Dispute) -> str:
    return labels.said(queries.label(row.category)) if row.category else ""


def _uppers(_request: HttpRequest) -> list[tuple[str, str]]:
    return [(one.code, labels.said(one.label)) for one in categories().values() if not one.parent]


DISPUTES = Table(
    "disputes",
    gettext_lazy("调解案件"),
    columns=[
        Column("title", gettext_lazy("事项"), link=True, sort="title", kind="name"),
        Column("project.estate.name", gettext_lazy("小区"), sort="project__estate__name"),
        Column("state", gettext_lazy("状态"), text=common.state, kind="state", sort="state"),
        Column("category", gettext_lazy("类别"), text=_category, sort="category"),
        Column("channel", gettext_lazy("来源"), text=lambda row: words.choice(row, "channel"), sort="channel"),
        Column("people", gettext_lazy("人数"), sort="people", align="right"),
        Column("opened_at", gettext_lazy("登记"), text=lambda row: words.day(row.opened_at).partition(" ")[0], sort="opened_at",
               export=lambda row: f"{row.opened_at:%Y-%m-%d}"),
        Column("number", gettext_lazy("编号"), sort="number", shown=False),
        Column("company", gettext_lazy("企业"), text=lambda row: row.project.company.name, shown=False),
        Column("occurred_on", gettext_lazy("事情发生日"), shown=False),
        Column("accepted_on", gettext_lazy("受理日"), shown=False),
        Column("result", gettext_lazy("结果"), text=lambda row: words.choice(row, "result") if row.result else None, shown=False),
        Column("agreed_on", gettext_lazy("协议日"), shown=False),
        Column("fault", gettext_lazy("核实结果"), text=lambda row: words.choice(row, "fault") if row.fault else None, shown=False),
    ],
    search=["search"],
    search_label=gettext_lazy("事项、小区、编号"),
    filters=[
        districts.district_filter("place_code", _places),
        Filter("state", gettext_lazy("状态"), S.choices),
        Filter("category", gettext_lazy("类别"), _uppers, where=lambda code: Q(category__startswith=f"{code}.")),
        Filter("channel", gettext_lazy("来源"), Channel.choices),
    ],
    segments=[
        Segment("new", gettext_lazy("待受理"), Q(state=S.REGISTERED)),
        Segment("open", gettext_lazy("在调解"), Q(state__in=[S.ACCEPTED, S.ASSIGNED, S.INVESTIGATING, S.IN_SESSION, S.SUSPENDED])),
        Segment("agreed", gettext_lazy("在履行"), Q(state__in=Dispute.AGREED)),
        Segment("unanswered", gettext_lazy("企业没答复"), Q(replied_at__isnull=True, state__in=Dispute.OPEN)),
    ],
    order=["-opened_at", "-pk"],
    related=["project__estate", "project__company"],
    export=True,
    empty=gettext_lazy("还没有案件。有人来反映的，先登记；热线转来的，导入转办单。"),
)  # fmt: skip


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The disputes this person may see; nobody's name stands in it."""
    actor = acting(request)
    takes = rules.takes_in(actor)
    return table_page(
        request, DISPUTES, Dispute.objects.visible_to(actor), template="mediation/list.html", tabs=common.tabs("disputes", actor),
        title=_("调解与信访"), act={"label": _("登记反映"), "url": reverse("mediation:new")} if takes else None,
        import_url=reverse("imports:choose", args=["hotline"]) if takes else "",
    )  # fmt: skip


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Take a voice down."""
    if not rules.takes_in(acting(request)):
        raise Http404
    back = reverse("mediation:disputes")
    form = forms.Intake(request.POST if request.method == "POST" else None, request.FILES or None)
    return ask(
        request, form, lambda estate, **known: intake.register(estate, by=acting(request), **known), then=lambda made: made.dispute.get_absolute_url(),
        said=_("已登记。把回执号告诉反映人，凭它查办到哪一步。"), title=_("登记反映"), send=_("登记这件反映"), back=back,
        crumbs=[(_("调解与信访"), back)], after=_("马上请企业答复；三个工作日内决定受理、不予受理或转办。"),
    )  # fmt: skip


#: The stations of the way, and the steps that end each.
STATIONS = (
    (("open",), gettext_lazy("登记")), (("accept",), gettext_lazy("受理")), (("assign",), gettext_lazy("指派")),
    (("investigate",), gettext_lazy("举证勘查")), (("hold",), gettext_lazy("调解")), (("settle",), gettext_lazy("协议")),
    (("finish",), gettext_lazy("履行")), (("visit",), gettext_lazy("回访")),
)  # fmt: skip
AT = {
    S.REGISTERED: 1, S.NOT_ACCEPTED: 1, S.TRANSFERRED: 1, S.MERGED: 1, S.ACCEPTED: 2, S.WITHDRAWN: 2, S.ASSIGNED: 3, S.INVESTIGATING: 4,
    S.IN_SESSION: 5, S.SUSPENDED: 5, S.FAILED: 5, S.SETTLED: 6, S.CONFIRMING: 6, S.PERFORMING: 6, S.BREACHED: 6, S.PERFORMED: 7, S.CLOSED: 8,
}  # fmt: skip


def path(case: Dispute, events: list[Any]) -> list[dict[str, str]]:
    """The stations with day and who."""
    return stations.path(STATIONS, AT, case.state, events, stopped=case.state in Dispute.OVER)


def _pairs(case: Dispute) -> list[tuple[Any, Any]]:
    rows = [
        (_("编号"), case.number), (_("类别"), _category(case)), (_("诉求摘要"), case.summary), (_("来源"), words.choice(case, "channel")),
        (_("事情发生日"), words.full_date(case.occurred_on)), (_("涉及人数"), case.people if case.people > 1 else ""),
        (_("企业答复"), case.reply), (_("核实结果"), words.choice(case, "fault") if case.fault else ""),
        (_("为什么不办"), words.choice(case, "referral") if case.referral else ""), (_("去哪里"), labels.said(case.referred_to)),
        (_("程序"), labels.said(case.service) if case.accepted_on else ""), (_("调解员"), case.mediator or ""), (_("专家"), case.expert or ""),
        (_("结果"), words.choice(case, "result") if case.result else ""), (_("确认法院"), case.court), (_("裁定书编号"), case.ruling),
    ]  # fmt: skip
    return [(label, value) for label, value in rows if value not in ("", None)]


def _voices(case: Dispute, actor: Any) -> list[Voice]:
    return list(Voice.objects.filter(dispute=case).order_by("pk")) if rules.hears(actor, case) else []


def _letters(voices: list[Voice]) -> list[Attachment]:
    """The papers by which who told of it could be known."""
    return (
        list(Attachment.objects.filter(case__in=[f"voice:{one.pk}" for one in voices], withdrawal=None))
        if voices
        else []
    )


def _clauses(case: Dispute) -> list[dict[str, Any]]:
    return [
        {
            "what": one.what, "who": Side(one.debtor).label, "sum": yuan(one.amount) if one.amount else "", "due": one.due_on,
            "chip": Chip(_("已履行"), "green") if one.performed_on else None,
        }
        for one in case.clauses.order_by("due_on", "pk")
    ]  # fmt: skip


def _parties(case: Dispute) -> list[dict[str, Any]]:
    return [
        {"name": str(one), "side": one.get_side_display(), "note": one.get_authority_display(), "may": one.may_settle}
        for one in case.parties.select_related("organisation").order_by("pk")
    ]


def _context(request: HttpRequest, case: Dispute) -> dict[str, Any]:
    actor, key = acting(request), DISPUTE.key(case)
    events, inside = list(engine.history(DISPUTE, case)[:200]), rules.inside(actor, case)
    hears = rules.hears(actor, case)
    voices = _voices(case, actor)
    many = queries.cluster(case)
    return {
        "title": f"{case.title} · {case.project.estate.name}", "chip_of_state": common.state(case),
        "crumbs": [(_("调解与信访"), reverse("mediation:disputes")), (case.title, "")],
        "lead": f"{case.project.estate.name} · {case.project.company.name}", "path": path(case, events), "numbers": numbers_of(events),
        "pairs": _pairs(case), "inside": inside, "hears": hears, "voices": voices, "letters": _letters(voices), "handles": rules.handler.test(actor, case),
        "alike": queries.alike(case, voices) if hears and actor.holds(*ASSOCIATION) and case.state == S.REGISTERED else [],
        "many": many, "parties": _parties(case) if inside else [], "clauses": _clauses(case) if inside else [],
        "sittings": list(case.sittings.all()) if inside else [], "may_meet": case.state in MAY_MEET, "undisputed": case.undisputed if inside else "",
        "documents": list(Document.objects.on(key).select_related("void")) if inside else [],
        "papers": list(Attachment.objects.on(key)) if inside else [], "turn": _turn(case),
    }  # fmt: skip


def _turn(case: Dispute) -> str:
    """Whose turn it is, for those whose it is not."""
    steps = (one for _name, one in DISPUTE.open_steps(case.state) if not one.quiet and one.by is not rules.the_clock)
    return "、".join(dict.fromkeys(str(one.by.label) for one in steps))


PAGES = CasePages(
    DISPUTE,
    template="mediation/dispute.html",
    context=_context,
    select_related=("project__estate", "project__company", "mediator", "expert", "committee"),
    acts={
        "classify": Act(handling.classify, forms.Classify, wants_case=True),
        "accept": Act(handling.accept),
        "reject": Act(handling.reject, forms.Reject),
        "transfer": Act(handling.transfer, forms.Transfer),
        "hand_over": Act(petitions.hand_over, petition_forms.HandOver),
        "merge": Act(intake.merge, forms.Merge, wants_case=True),
        "reply": Act(handling.reply, forms.Reply),
        "party": Act(handling.add_party, forms.AddParty, wants_case=True),
        "assign": Act(handling.assign, forms.Assign, wants_case=True),
        "refuse": Act(handling.refuse, forms.Refuse),
        "evidence": Act(handling.hand_in, forms.Evidence),
        "investigate": Act(step("investigate")),
        "survey": Act(ending.survey, forms.Survey),
        "invite": Act(ending.invite, forms.Invite),
        "hold": Act(ending.hold, forms.Hold),
        "absent": Act(ending.absent, forms.Reason),
        "extend": Act(handling.extend, forms.Filed),
        "suspend": Act(handling.suspend, forms.Suspend),
        "resume": Act(handling.resume),
        "clause": Act(ending.add_clause, forms.AddClause),
        "strike": Act(ending.strike, forms.Strike, wants_case=True),
        "settle": Act(ending.settle, forms.Settle),
        "fail": Act(ending.fail, forms.Fail),
        "withdraw": Act(handling.withdraw, forms.Filed),
        "court": Act(ending.apply_to_court, forms.Court),
        "confirmed": Act(ending.confirmed, forms.Ruling),
        "unconfirmed": Act(with_reason("unconfirmed"), forms.Reason),
        "begin": Act(step("begin")),
        "keep": Act(ending.keep_clause, forms.Keep, wants_case=True),
        "breach": Act(ending.breach),
        "visit": Act(ending.visit, forms.Visit),
        "visit_again": Act(ending.visit_again, forms.Visit),
        "judge": Act(handling.judge, forms.Judge),
        "group": Act(handling.group_event, forms.Group),
    },
)


def _voice(request: HttpRequest, pk: int) -> Voice:
    """A voice that this person handles."""
    rows = Voice.objects.visible_to(acting(request)).select_related(
        "dispute__project__estate", "dispute__project__company"
    )
    found = get_object_or_404(rows, pk=pk)
    require(rules.handler, request, found.dispute)
    return found


def _about(voice: Voice) -> dict[str, Any]:
    here = voice.dispute.get_absolute_url()
    return {
        "then": here,
        "back": here,
        "crumbs": [(voice.dispute.title, here)],
        "lead": _("回执 %(number)s") % {"number": voice.receipt},
    }


@login_required
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whoever holds the receipt something."""
    voice = _voice(request, pk)
    return ask(
        request, forms.Ask(sent(request)), lambda question: intake.ask(voice, by=acting(request), question=question), said=_("已问。反映人凭回执号看得到。"),
        title=_("问反映人"), send=_("发出这个问题"), **_about(voice),
    )  # fmt: skip


@login_required
def tell_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell whoever told of it what came of it."""
    voice = _voice(request, pk)
    return ask(
        request, forms.TellBack(sent(request)), lambda words: intake.tell_back(voice, by=acting(request), words=words), said=_("已答复。"),
        title=_("答复反映人"), send=_("发出答复"), **_about(voice),
    )  # fmt: skip


@login_required
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """They agree to come by name."""
    voice = _voice(request, pk)
    return ask(
        request, forms.Reason(sent(request)), lambda note: intake.reveal(voice, by=acting(request), note=note), said=_("已改为公开身份。"),
        title=_("本人同意公开身份"), send=_("改为公开"), **_about(voice), after=_("以后可以把这位反映人登记成当事人。没有本人同意，不要改。"),
    )  # fmt: skip


@login_required
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Name and telephone, once, for a reason that stays on record."""
    voice = _voice(request, pk)
    form = forms.Look(sent(request))
    shown = intake.read(voice, by=acting(request), **form.cleaned_data) if form.is_valid() else None
    context = {"title": _("查看反映人"), "form": form, "shown": shown, **_about(voice)}
    return render(request, "mediation/look.html", context, status=422 if form.errors else 200)


@login_required
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes of one sitting, to be printed and signed; for who sits at the table."""
    rows = Sitting.objects.filter(dispute__in=Dispute.objects.inside(acting(request)), held_at__isnull=False)
    found = get_object_or_404(
        rows.select_related("dispute__project__estate", "dispute__mediator", "dispute__expert"), pk=pk
    )
    return render(request, "mediation/record.html", {"sitting": found, "case": found.dispute, "title": str(found)})
