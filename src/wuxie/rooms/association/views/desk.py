"""The members' desk and the letters between the levels."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.places.names import full_name
from wuxie.web import words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cases import Act, CasePages
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import rules
from ..actions import desk, forwarding
from ..actions.common import step, with_reason
from ..forms import matters as forms
from ..models import Hop, Inquiry, Letter, Level, Member
from ..workflow import INQUIRY, LETTER
from . import common
from .joining import own_members

I, L = Inquiry.State, Letter.State
answered = common.chip({I.ASKED: "amber", I.ANSWERED: "blue", I.CLOSED: "green"})
lies = common.chip({L.SENT: "amber", L.HELD: "blue", L.ANSWERED: "amber", L.CLOSED: "green"})

INQUIRIES = Table(
    "inquiries",
    gettext_lazy("会员诉求"),
    columns=[
        Column("title", gettext_lazy("诉求"), link=True, sort="title", kind="name"),
        Column("member", gettext_lazy("会员"), text=lambda row: str(row.member), sort="member__number"),
        Column("state", gettext_lazy("状态"), text=answered, kind="state", sort="state"),
        Column("subject", gettext_lazy("类别"), text=lambda row: words.choice(row, "subject"), sort="subject"),
        Column("opened_at", gettext_lazy("提出时间"), text=lambda row: words.moment(row.opened_at), sort="opened_at"),
        Column("answered_on", gettext_lazy("答复日"), sort="answered_on"),
        Column("mark", gettext_lazy("满意"), sort="mark", align="right"),
        Column("group", gettext_lazy("转给哪个组"), text=lambda row: str(row.group) if row.group else None, shown=False),
    ],
    search=["title", "member__organisation__search"],
    search_label=gettext_lazy("诉求、会员"),
    filters=[Filter("state", gettext_lazy("状态"), I.choices), Filter("subject", gettext_lazy("类别"), Inquiry.Subject.choices)],
    segments=[Segment("open", gettext_lazy("待答复"), Q(state=I.ASKED)), Segment("answered", gettext_lazy("已答复"), Q(state=I.ANSWERED))],
    order=["-opened_at", "-pk"],
    related=["member__organisation", "group"],
    export=True,
    empty=gettext_lazy("还没有诉求。会员提出以后，五个工作日内答复。"),
)  # fmt: skip


@login_required
def inquiries(request: HttpRequest) -> HttpResponse:
    """What members asked: all for the office, their own for a member."""
    actor = acting(request)
    act = (
        {"label": _("提诉求"), "url": reverse("association:inquiry_new")} if Member.objects.of(actor).exists() else None
    )
    return table_page(request, INQUIRIES, Inquiry.objects.visible_to(actor), act=act)


@login_required
def inquire(request: HttpRequest) -> HttpResponse:
    """A member asks."""
    require(rules.companies, request)
    back = reverse("association:inquiries")
    return ask(
        request, forms.Ask(sent(request), members=own_members(request)), lambda **known: desk.ask(by=acting(request), **known), then=common.link,
        said=_("已提诉求。"), title=_("提诉求"), send=_("提这个诉求"), back=back, crumbs=[(_("会员诉求"), back)],
        after=_("五个工作日内答复；逾期会告诉会长。只有协会和你的单位看得到。"),
    )  # fmt: skip


def _inquiry(request: HttpRequest, case: Inquiry) -> dict[str, Any]:
    return {
        "title": case.title, "crumbs": [(_("会员诉求"), reverse("association:inquiries")), (case.title, "")], "lead": str(case.member),
        "chip_of_state": answered(case),
        "pairs": common.filled([
            (_("会员"), case.member.organisation.name), (_("类别"), case.get_subject_display()), (_("内容"), case.text),
            (_("转给哪个组"), case.group or ""), (_("答复"), case.answer), (_("答复日"), case.answered_on), (_("满意"), case.mark),
        ]),
        **common.shown(INQUIRY, case),
    }  # fmt: skip


ASKED = CasePages(
    INQUIRY,
    template="association/case.html",
    context=_inquiry,
    select_related=("member__organisation", "group"),
    acts={
        "hand_on": Act(desk.hand_on, forms.HandOn),
        "answer": Act(desk.answer, forms.Answer),
        "ask_again": Act(with_reason(INQUIRY, "ask_again"), forms.Reason),
        "rate": Act(desk.rate, forms.Rate),
    },
)


def _where(level: str, place: str) -> str:
    """``街道 东区大渡口街道`` in the reader's language."""
    return f"{Level(level).label} {full_name(place)}" if place else str(Level(level).label)


LETTERS = Table(
    "letters",
    gettext_lazy("转办件"),
    columns=[
        Column("title", gettext_lazy("事项"), link=True, sort="title", kind="name"),
        Column("state", gettext_lazy("状态"), text=lies, kind="state", sort="state"),
        Column("level", gettext_lazy("现在在哪级"), text=lambda row: words.choice(row, "level"), sort="level"),
        Column("origin", gettext_lazy("发起"), text=lambda row: words.choice(row, "origin"), sort="origin"),
        Column("opened_at", gettext_lazy("发出时间"), text=lambda row: words.moment(row.opened_at), sort="opened_at"),
        Column("reply", gettext_lazy("办理结果"), shown=False),
    ],
    search=["title"],
    search_label=gettext_lazy("事项"),
    filters=[Filter("state", gettext_lazy("状态"), L.choices), Filter("level", gettext_lazy("现在在哪级"), Level.choices)],
    segments=[
        Segment("open", gettext_lazy("没办完"), ~Q(state=L.CLOSED)), Segment("sent", gettext_lazy("待签收"), Q(state=L.SENT)),
        Segment("answered", gettext_lazy("已办复"), Q(state=L.ANSWERED)),
    ],
    order=["-opened_at", "-pk"],
    export=True,
    empty=gettext_lazy("还没有转办件。要别的一级办的事从这里发，每一级签收都有回执。"),
)  # fmt: skip


@login_required
def letters(request: HttpRequest) -> HttpResponse:
    """Letters that passed through this person's level and place."""
    actor = acting(request)
    act = {"label": _("发转办件"), "url": reverse("association:letter_new")} if rules.writes.test(actor, None) else None
    return table_page(request, LETTERS, Letter.objects.visible_to(actor), act=act)


@login_required
def write(request: HttpRequest) -> HttpResponse:
    """A letter to another level."""
    require(rules.writes, request)
    back = reverse("association:letters")
    return ask(
        request, forms.Send(sent(request)), lambda **known: forwarding.send(by=acting(request), **known), then=common.link, said=_("已发出，等签收。"),
        title=_("发转办件"), send=_("发出这件"), back=back, crumbs=[(_("转办件"), back)], after=_("两个工作日内签收，签收以后十个工作日内办复；逾期会告诉你。"),
    )  # fmt: skip


def _hop(one: Hop) -> dict[str, Any]:
    got = _("%(who)s %(when)s 签收，回执 %(number)s") % {
        "who": one.received_by, "when": words.moment(one.received_at), "number": one.receipt} if one.received_at else _("还没有签收")  # fmt: skip
    note = " · ".join(part for part in (f"{words.moment(one.sent_at)} {one.sent_by}", got, one.note) if part)
    chip = Chip(_("已签收"), "green") if one.received_at else Chip(_("没签收"), "amber")
    return common.row(
        f"{_where(one.from_level, one.from_place)} → {_where(one.to_level, one.to_place)}", note, chip=chip
    )


def _letter(request: HttpRequest, case: Letter) -> dict[str, Any]:
    return {
        "title": case.title, "crumbs": [(_("转办件"), reverse("association:letters")), (case.title, "")],
        "lead": _("%(who)s发起") % {"who": _where(case.origin, case.origin_place)}, "chip_of_state": lies(case),
        "pairs": common.filled([
            (_("内容"), case.text), (_("现在在哪级"), _where(case.level, case.place_code)), (_("办理结果"), case.reply),
        ]),
        "sections": [{"title": _("经过的各级"), "rows": [_hop(one) for one in case.hops.all()]}],
        **common.shown(LETTER, case),
    }  # fmt: skip


PASSED = CasePages(
    LETTER,
    template="association/case.html",
    context=_letter,
    acts={
        "receive": Act(forwarding.receive),
        "send_back": Act(forwarding.send_back, forms.Reason),
        "forward": Act(forwarding.forward, forms.Forward),
        "answer": Act(forwarding.answer, forms.Reply),
        "reopen": Act(with_reason(LETTER, "reopen"), forms.Reason),
        "close": Act(step(LETTER, "close")),
    },
)
