"""Meetings and what they resolved: the lists, a meeting with its agenda and votes, a resolution until it is carried out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.workflow import engine
from wuxie.web import words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cases import Act, CasePages
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import queries, rules
from ..actions import meetings, resolutions
from ..actions.common import step, with_reason
from ..forms import meetings as forms
from ..models import Item, Meeting, Resolution
from ..words import SECRET, Body, Doer, Outcome
from ..workflow import MEETING, RESOLUTION
from . import common

S, R = Meeting.State, Resolution.State
state = common.chip({
    S.PLANNED: "blue", S.CALLED: "blue", S.SITTING: "amber", S.CLOSED: "amber", S.RECORDED: "green",
})  # fmt: skip
progress = common.chip({R.OPEN: "blue", R.DONE: "amber", R.CLOSED: "green"})
OUTCOMES = {Outcome.CARRIED: "green", Outcome.LOST: "red", Outcome.DEFERRED: "amber", Outcome.OPEN: ""}


def tabs(current: str) -> list[dict[str, Any]]:
    return common.tabs(current, ("meetings", _("会议")), ("resolutions", _("决议落实")))


MEETINGS = Table(
    "meetings",
    gettext_lazy("会议"),
    columns=[
        Column("title", gettext_lazy("会议名称"), link=True, sort="title", kind="name"),
        Column("body", gettext_lazy("会议"), text=lambda row: words.choice(row, "body"), sort="body"),
        Column("state", gettext_lazy("状态"), text=state, kind="state", sort="state"),
        Column("held_at", gettext_lazy("开会时间"), text=lambda row: words.moment(row.held_at), sort="held_at"),
        Column("venue", gettext_lazy("地点"), sort="venue"),
        Column("group", gettext_lazy("工作组"), text=lambda row: words.choice(row, "group"), shown=False),
    ],
    search=["title", "venue"],
    search_label=gettext_lazy("会议名称、地点"),
    filters=[Filter("body", gettext_lazy("会议"), Body.choices), Filter("state", gettext_lazy("状态"), S.choices)],
    segments=[
        Segment("coming", gettext_lazy("没办完"), ~Q(state__in=Meeting.DONE)),
        Segment("minutes", gettext_lazy("待出纪要"), Q(state=S.CLOSED)),
        Segment("recorded", gettext_lazy("已出纪要"), Q(state=S.RECORDED)),
    ],
    order=["-held_at", "-pk"],
    export=True,
    empty=gettext_lazy("还没有会议。会员大会、理事会、工作组会议都在这里筹备、通知、表决、出纪要。"),
)  # fmt: skip


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The meetings this person was called to, or all of them."""
    actor = acting(request)
    may = rules.may_convene(actor)
    return table_page(
        request, MEETINGS, Meeting.objects.visible_to(actor), template="association/list.html", tabs=tabs("meetings"), tabs_label=_("会议"),
        act={"label": _("筹备会议"), "url": reverse("association:meeting_new")} if may else None,
    )  # fmt: skip


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A meeting is prepared; by a lead, one of the group."""
    if not rules.may_convene(acting(request)):
        raise PermissionDenied
    back = reverse("association:meetings")
    return ask(
        request, forms.NewMeeting(sent(request)), lambda **known: meetings.plan(by=acting(request), **known), then=common.link,
        said=_("已建会议。接着列议题，再发通知。"), title=_("筹备会议"), send=_("建这个会议"), back=back, crumbs=[(_("会议"), back)],
        after=_("先列议题，再发通知。会员大会、理事会要有三分之二以上应到会员到会。"),
    )  # fmt: skip


def _pairs(case: Meeting) -> list[tuple[Any, Any]]:
    here = queries.attendance(case)
    called = (
        _("应到 %(all)s 家，到会 %(here)s 家") % {"all": here.entitled, "here": here.present} if here.entitled else ""
    )
    return common.filled([
        (_("会议"), case.get_body_display()), (_("工作组"), case.get_group_display() if case.group else ""),
        (_("开会时间"), words.moment(case.held_at)), (_("地点"), case.venue), (_("到会"), called),
        (_("到会要求"), queries.share_words("quorum")),
    ])  # fmt: skip


def _counts(item: Item) -> str:
    if item.yes is None:
        return ""
    return _("应到 %(all)s，到会 %(here)s，同意 %(yes)s，反对 %(no)s，弃权 %(abstain)s") % {
        "all": item.entitled, "here": item.present, "yes": item.yes, "no": item.no, "abstain": item.abstain}  # fmt: skip


def _item(item: Item, votes: bool) -> dict[str, Any]:
    aside = dict.fromkeys([str(one) for one in item.concerns.all()] + [str(one.member) for one in item.recusals.all()])
    parts = [
        item.get_matter_display(), _("通过要 %(share)s") % {"share": queries.share_words(queries.approval_name(item))},
        _("无记名") if item.matter in SECRET else "", _("回避：%(who)s") % {"who": "、".join(aside)} if aside else "", _counts(item),
        _("%(who)s办，%(day)s 前") % {"who": item.get_doer_display(), "day": item.due_on} if item.doer else "", item.text,
    ]  # fmt: skip
    acts = (
        [{"label": _("登记表决"), "url": reverse("association:vote", args=[item.pk])}]
        if votes and not item.outcome
        else []
    )
    tone = OUTCOMES[Outcome(item.outcome)]
    shown = Chip(str(Outcome(item.outcome).label), tone)
    return common.row(f"{item.place}. {item.title}", " · ".join(part for part in parts if part), chip=shown, acts=acts)


def _context(request: HttpRequest, case: Meeting) -> dict[str, Any]:
    actor = acting(request)
    votes = case.state == S.SITTING and rules.office.test(actor, case)
    items = list(
        case.items.select_related("meeting").prefetch_related(
            "concerns__organisation", "recusals__member__organisation"
        )
    )
    seats = list(case.seats.select_related("member__organisation"))
    follow = Resolution.objects.visible_to(actor).filter(item__meeting=case)
    sections = [
        {"title": _("议题"), "rows": [_item(item, votes) for item in items], "empty": _("还没有议题。点“加一个议题”。"),
         "note": _("按家数比较，不看四舍五入后的百分比")},
        {"title": _("决议落实"), "rows": [common.row(one.title, one.due_on, url=common.link(one), chip=progress(one)) for one in follow],
         "empty": _("出纪要以后，通过的决议在这里跟踪。")},
        {"title": _("应到会员"), "empty": _("发通知时定下名单。"),
         "rows": [common.row(seat.member, seat.member.number, chip=Chip(_("到会"), "green") if seat.present else None) for seat in seats]},
    ]  # fmt: skip
    return {
        "title": case.title, "crumbs": [(_("会议"), reverse("association:meetings")), (case.title, "")], "lead": case.get_body_display(),
        "chip_of_state": state(case), "pairs": _pairs(case), "texts": [case.minutes] if case.minutes else [], "sections": sections,
        **common.shown(MEETING, case),
    }  # fmt: skip


PAGES = CasePages(
    MEETING,
    template="association/case.html",
    context=_context,
    acts={
        "add_item": Act(meetings.add_item, forms.NewItem, wants_case=True),
        "drop_item": Act(meetings.drop_item, forms.DropItem, wants_case=True),
        "call": Act(meetings.call),
        "check_in": Act(meetings.check_in, forms.CheckIn, wants_case=True),
        "recuse": Act(meetings.recuse, forms.Recuse, wants_case=True),
        "open": Act(step(MEETING, "open")),
        "postpone": Act(meetings.postpone, forms.Postpone),
        "defer": Act(meetings.defer, forms.Defer, wants_case=True),
        "close": Act(step(MEETING, "close")),
        "record": Act(meetings.record, forms.Record),
        "cancel": Act(with_reason(MEETING, "cancel"), forms.Reason),
    },
)


@login_required
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the vote on one item: by name, or as counts where the slips bear none."""
    item = get_object_or_404(
        Item.objects.select_related("meeting").filter(meeting__in=Meeting.objects.visible_to(acting(request))), pk=pk
    )
    require(rules.office, request, item.meeting)
    if not any(offer.name == "vote" for offer in engine.offers(MEETING, item.meeting, acting(request))):
        raise Http404
    back, by = common.link(item.meeting), acting(request)
    secret = item.matter in SECRET
    form = (forms.Counted if secret else forms.OpenVote)(sent(request), item=item)
    verb = meetings.count if secret else meetings.vote
    here = queries.count_of(item, 0, 0, 0)
    return ask(
        request, form, lambda **known: verb(item, by=by, **known), then=back, said=_("已登记表决。"), title=_("登记表决：%(item)s") % {"item": item},
        lead=_("回避以后应到 %(all)s 家，到会 %(here)s 家；通过要 %(share)s。") % {
            "all": here.entitled, "here": here.present, "share": queries.share_words(queries.approval_name(item))},
        send=_("登记这次表决"), back=back, crumbs=[(item.meeting.title, back)],
        after=_("登记以后不能改。和到会人数对不上、把应当回避的计了票，系统不收。"),
    )  # fmt: skip


RESOLUTIONS = Table(
    "resolutions",
    gettext_lazy("决议落实"),
    columns=[
        Column("title", gettext_lazy("决议"), link=True, sort="title", kind="name"),
        Column("state", gettext_lazy("状态"), text=progress, kind="state", sort="state"),
        Column("due_on", gettext_lazy("办到哪天"), sort="due_on"),
        Column("doer", gettext_lazy("谁去办"), text=lambda row: words.choice(row, "doer"), sort="doer"),
        Column("item.meeting.title", gettext_lazy("哪次会议"), sort="item__meeting__held_at"),
        Column("outcome", gettext_lazy("办理结果"), shown=False),
    ],
    search=["title", "item__meeting__title"],
    search_label=gettext_lazy("决议、会议"),
    filters=[Filter("state", gettext_lazy("状态"), R.choices), Filter("doer", gettext_lazy("谁去办"), Doer.choices)],
    segments=[
        Segment("open", gettext_lazy("办理中"), Q(state=R.OPEN)), Segment("done", gettext_lazy("待核实"), Q(state=R.DONE)),
        Segment("closed", gettext_lazy("已落实"), Q(state=R.CLOSED)),
    ],
    order=["due_on", "pk"],
    related=["item__meeting"],
    export=True,
    empty=gettext_lazy("还没有要落实的决议。会上通过、写明谁去办的议题，出纪要以后到这里。"),
)  # fmt: skip


@login_required
def resolved(request: HttpRequest) -> HttpResponse:
    """What was resolved and is followed to its end."""
    return table_page(
        request, RESOLUTIONS, Resolution.objects.visible_to(acting(request)), template="association/list.html", tabs=tabs("resolutions"),
        tabs_label=_("会议"),
    )  # fmt: skip


def _resolution(request: HttpRequest, case: Resolution) -> dict[str, Any]:
    meeting = case.item.meeting
    seen = Meeting.objects.visible_to(acting(request)).filter(pk=meeting.pk).exists()
    return {
        "title": case.title, "crumbs": [(_("决议落实"), reverse("association:resolutions")), (case.title, "")], "lead": meeting.title,
        "chip_of_state": progress(case),
        "pairs": common.filled([
            (_("谁去办"), case.get_doer_display()), (_("办到哪天"), case.due_on), (_("表决"), _counts(case.item)),
            (_("办理结果"), case.outcome),
        ]),
        "sections": [{"title": _("哪次会议"), "rows": [common.row(meeting.title, words.moment(meeting.held_at), url=common.link(meeting) if seen else "")]}],
        "texts": [case.item.text] if case.item.text else [], **common.shown(RESOLUTION, case),
    }  # fmt: skip


FOLLOWED = CasePages(
    RESOLUTION,
    template="association/case.html",
    context=_resolution,
    select_related=("item__meeting",),
    acts={
        "report": Act(resolutions.report, forms.Report),
        "confirm": Act(step(RESOLUTION, "confirm")),
        "send_back": Act(with_reason(RESOLUTION, "send_back"), forms.Reason),
        "stop": Act(with_reason(RESOLUTION, "stop"), forms.Reason),
    },
)
