"""After the close: the list of ballots, and one with its history, read twice and settled."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.now import local
from wuxie.kernel.labels import said
from wuxie.kernel.papers.models import Attachment
from wuxie.web import words
from wuxie.web.asking import acting, ask, sent
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import forms, queries, rules
from ..actions import counting
from ..models import Ballot, Decision
from ..words import Choice
from .doors import within

S, B = Decision.State, Ballot.State
TONES = {B.COLLECTED: "blue", B.VALID: "green", B.VOID: "", B.DOUBTFUL: "amber", B.REPLACED: ""}


def state(ballot: Ballot) -> Chip:
    return Chip(str(B(ballot.state).label), TONES[B(ballot.state)])


BALLOTS = Table(
    "assembly_ballots",
    gettext_lazy("表决票"),
    columns=[
        Column("entry.paper", gettext_lazy("票号"), link=lambda row: row.get_absolute_url(), sort="entry__paper", kind="name"),
        Column("state", gettext_lazy("状态"), text=state, kind="state", sort="state"),
        Column("entry.label", gettext_lazy("户室"), sort=("entry__building", "entry__entrance", "entry__floor", "entry__number")),
        Column("capacity", gettext_lazy("签名人"), text=lambda row: words.choice(row, "capacity"), sort="capacity"),
        Column("collected_at", gettext_lazy("收票时间"), text=lambda row: f"{local(row.collected_at):%Y-%m-%d %H:%M}", sort="collected_at"),
        Column("collector", gettext_lazy("收票人"), text=lambda row: row.collector and row.collector.masked_name),
        Column("second", gettext_lazy("同行收票人"), text=lambda row: row.second and row.second.masked_name),
        Column("envelope_sha256", gettext_lazy("封口照片摘要"), shown=False),
    ],
    search=["entry__paper", "entry__label"],
    search_label=gettext_lazy("票号、户室"),
    filters=[Filter("state", gettext_lazy("状态"), B.choices)],
    segments=[
        Segment("waiting", gettext_lazy("没录完"), Q(state=B.COLLECTED)),
        Segment("doubtful", gettext_lazy("待核"), Q(state=B.DOUBTFUL)),
        Segment("done", gettext_lazy("已定"), Q(state__in=[B.VALID, B.VOID])),
    ],
    order=["entry__paper", "pk"],
    related=["entry", "collector", "second"],
    export=True,
    personal=True,
    empty=gettext_lazy("一张票也没有收到。"),
)  # fmt: skip


@login_required
def listed(request: HttpRequest, pk: int) -> HttpResponse:
    case = within(request, pk)
    if case.state in (S.PROPOSED, S.DRAFT, S.ANNOUNCED, S.FROZEN, S.COLLECTING):
        raise Http404
    lead = _("每张票由两名计票人各录一遍。先录的要拍下票面；两遍不一致的由监票人核定。")
    if case.seed:
        lead = _("按抽查种子“%(seed)s”要复核的票：%(papers)s") % {
            "seed": case.seed,
            "papers": "、".join(counting.sampled(case)) or "—",
        }
    return table_page(
        request,
        BALLOTS,
        case.ballots.all(),
        everywhere=True,
        title=_("表决票"),
        lead=lead,
        crumbs=[(str(case), case.get_absolute_url())],
    )


def _fetch(request: HttpRequest, pk: int) -> Ballot:
    """A ballot after the close, for those who may read the roll; before it nobody has anything to look at."""
    rows = Ballot.objects.visible_to(acting(request)).exclude(decision__state__in=[S.FROZEN, S.COLLECTING])
    return get_object_or_404(rows.select_related("decision__estate", "entry", "collector", "second"), pk=pk)


@login_required
def ballot(request: HttpRequest, pk: int) -> HttpResponse:
    """One ballot: what happened to it, and what this person may do about it now."""
    found, actor = _fetch(request, pk), acting(request)
    case = found.decision
    open_now = case.state == S.CLOSED and found.stands
    typed = list(found.typings.filter(set_aside=False))
    names = {str(item.number): str(item) for item in case.items.all()}
    shown = case.state not in (S.CLOSED,) or rules.supervisor.test(actor, case)
    acts = []
    if open_now and rules.counter.test(actor, case):
        if len(typed) < 2 and all(one.person_id != actor.person_id for one in typed):
            acts.append({"label": _("录票"), "url": reverse("assembly:read", args=[pk]), "primary": True})
        acts.append({"label": _("标为待核"), "url": reverse("assembly:doubt", args=[pk]), "primary": False})
    if open_now and rules.supervisor.test(actor, case) and found.state == B.DOUBTFUL:
        acts.append({"label": _("核定"), "url": reverse("assembly:settle", args=[pk]), "primary": True})
    acts += _next(found, actor, fresh=not any(one["primary"] for one in acts))
    pictures = [one for one in (found.envelope, found.scan) if one]
    return render(request, "assembly/ballot.html", {
        "ballot": found, "case": case, "title": _("票 %(paper)s · %(unit)s") % {"paper": found.entry.paper, "unit": found.entry.label},
        "chip": state(found), "acts": acts, "crumbs": [(str(case), case.get_absolute_url()), (_("表决票"), reverse("assembly:ballots", args=[case.pk]))],
        "pairs": [(_("签名人"), found.get_capacity_display()),
                  (_("收票人"), "、".join(one.masked_name for one in (found.collector, found.second) if one) or "—"),
                  (_("收票时间"), f"{local(found.collected_at):%Y-%m-%d %H:%M}"), (_("封口照片摘要"), found.envelope_sha256),
                  (_("录入"), _("%(n)s 遍") % {"n": len(typed)})],
        "choices": [(names.get(number, number), Choice(side).label) for number, side in found.choices.items()] if shown else [],
        "marks": [{"state": B(one.state).label, "reason": said(one.reason), "at": one.at} for one in found.marks.all()],
        "pictures": list(Attachment.objects.filter(pk__in=[one.partition(":")[2] for one in pictures])),
    })  # fmt: skip


def _next(ballot: Ballot, actor: Any, *, fresh: bool) -> list[dict[str, Any]]:
    """Where this person goes on: the next ballot to read, or the next in doubt; the main act where this one needs nothing more."""
    case, found = ballot.decision, []
    if case.state != S.CLOSED:
        return []
    if rules.counter.test(actor, case):
        found.append((_("录下一张（还有 %(n)s 张）"), "assembly:read", queries.unread(case, actor.person_id)))
    if rules.supervisor.test(actor, case):
        doubtful = case.ballots.standing().filter(state=B.DOUBTFUL).order_by("entry__paper", "pk")
        found.append((_("核定下一张（还有 %(n)s 张）"), "assembly:settle", doubtful))
    acts = []
    for label, page, rows in found:
        others = list(rows.exclude(pk=ballot.pk).values_list("pk", flat=True))
        if others:
            acts.append({"label": label % {"n": len(others)}, "url": reverse(page, args=[others[0]]), "primary": fresh})
    return acts


def _asked(request: HttpRequest, pk: int, who: Any) -> tuple[Ballot, dict[str, Any]]:
    found = _fetch(request, pk)
    if not who.test(acting(request), found.decision):
        raise Http404
    back = found.get_absolute_url()
    name = _("票 %(paper)s · %(unit)s") % {"paper": found.entry.paper, "unit": found.entry.label}
    return found, {"then": back, "back": back, "crumbs": [(name, back)], "lead": name}


@login_required
def read(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _asked(request, pk, rules.counter)
    form = forms.Read(sent(request), request.FILES or None, case=found.decision, needs_scan=not found.scan)
    return ask(
        request, form, lambda **_known: counting.read(found, by=acting(request), choices=form.sides, scan=form.cleaned_data.get("scan")),
        said=_("已录。"), title=_("录票"), send=_("录好了"), **rest,
    )  # fmt: skip


@login_required
def doubt(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _asked(request, pk, rules.counter)
    return ask(
        request, forms.Doubt(sent(request)), lambda **known: counting.doubt(found, by=acting(request), **known), said=_("已标为待核。"),
        title=_("标为待核"), send=_("标为待核"), **rest,
    )  # fmt: skip


@login_required
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _asked(request, pk, rules.supervisor)
    form = forms.Settle(sent(request), case=found.decision)

    def act(**known: Any) -> Ballot:
        return counting.settle(
            found, by=acting(request), choices=None if known["void"] else form.sides, reason=known["reason"]
        )

    return ask(request, form, act, said=_("已核定。"), title=_("核定"), send=_("核定这张票"), **rest)
