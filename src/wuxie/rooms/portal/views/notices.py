"""Notices: what is in publicity, for how long, and how to object; and the decisions that came of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.places.models import under
from wuxie.kernel.standards.models import Version
from wuxie.rooms.rating import public
from wuxie.rooms.rating.models import Application, Award
from wuxie.web import words
from wuxie.web.cells import Chip, Stars, Two
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import seals, tiles

State = Application.State
CHIPS = {
    State.PUBLICITY: ("blue", "speakerphone"),
    State.OBJECTION: ("amber", "message-2-exclamation"),
    State.AWARDED: ("green", "star"),
    State.UNDER_REVIEW: ("amber", "clock"),
    State.DOWNGRADED: ("amber", "arrow-down"),
    State.REVOKED: ("red", "ban"),
}
AWARD_CHIPS = {
    Award.State.VALID: ("green", "check"),
    Award.State.SUSPENDED: ("amber", "clock"),
    Award.State.REVOKED: ("red", "ban"),
}


def chip(application: Application) -> Chip:
    """The state of a notice; one whose days have run out but that is not decided yet says so."""
    if application.state in public.IN_PUBLICITY and not public.takes_objections(application):
        return Chip(_("公示期满，待决定"), "", "clock")
    state = State(application.state)
    return Chip(str(state.label), *CHIPS.get(state, ("", "")))


def _due(application: Application) -> object:
    return words.due(application.publicity_to) if public.takes_objections(application) else _("已期满")


NOTICES = Table(
    "notices",
    gettext_lazy("公示公告"),
    columns=[
        Column(
            "estate",
            gettext_lazy("公示"),
            text=lambda row: row.project.estate.name,
            link=lambda row: reverse("portal:notice", args=[row.number]),
            sort="project__estate__name",
        ),
        Column("proposed_stars", gettext_lazy("拟授"), text=lambda row: Stars(row.proposed_stars or 0)),
        Column("project.company.name", gettext_lazy("物业企业")),
        Column("publicity_from", gettext_lazy("公示起"), sort="publicity_from"),
        Column("publicity_to", gettext_lazy("期限"), text=_due, sort="publicity_to", export=lambda row: row.publicity_to),
        Column("state", gettext_lazy("状态"), text=chip, kind="state"),
        Column("number", gettext_lazy("编号")),
    ],
    search=["project__estate__name", "project__company__name", "number"],
    search_label=gettext_lazy("小区、企业或编号"),
    filters=[
        Filter(
            "district",
            gettext_lazy("区县"),
            lambda _request: tiles.districts().items(),
            where=lambda code: under("place_code", code),
        )
    ],
    segments=[Segment("open", gettext_lazy("正在公示"), Q(state__in=public.IN_PUBLICITY))],
    order=["-publicity_from", "number"],
    empty=gettext_lazy("还没有公示。有评定结果时，会在这里公示7日。"),
)  # fmt: skip

DECISIONS = Table(
    "decisions",
    gettext_lazy("决定与通报"),
    columns=[
        Column(
            "estate",
            gettext_lazy("小区"),
            text=lambda row: row.project.estate.name,
            link=lambda row: reverse("portal:estate", args=[row.project.estate.code]),
            sort="project__estate__name",
        ),
        Column("stars", gettext_lazy("星级"), text=lambda row: Stars(row.stars)),
        Column("state", gettext_lazy("现状"), text=lambda row: _award_chip(row), kind="state"),
        Column("decided_on", gettext_lazy("决定日"), sort="decided_on"),
        Column("decision", gettext_lazy("文号")),
        Column(
            "ending_reason",
            gettext_lazy("撤销或取代"),
            text=lambda row: Two(f"{row.ended_on:%Y-%m-%d}", row.ending_reason) if row.ended_on else "",
        ),
        Column("plaque", gettext_lazy("牌匾编号"), link=lambda row: f"{reverse('portal:verify')}?number={row.plaque}"),
        Column("project.company.name", gettext_lazy("物业企业")),
    ],
    search=["project__estate__name", "project__company__name", "plaque", "decision"],
    search_label=gettext_lazy("小区、企业、文号或牌匾编号"),
    segments=[
        Segment("revoked", gettext_lazy("撤销"), Q(ending=Award.Ending.REVOKED)),
        Segment("superseded", gettext_lazy("由新星级取代"), Q(ending=Award.Ending.SUPERSEDED)),
    ],
    order=["-decided_on", "-pk"],
    export=True,
    empty=gettext_lazy("还没有授星决定。公示期满、作出决定后会列在这里。"),
)  # fmt: skip


def _award_chip(award: Award) -> Chip:
    state = award.state
    return Chip(str(state.label), *AWARD_CHIPS.get(state, ("", "")))


def board(request: HttpRequest) -> HttpResponse:
    lead = _("公示期内谁都可以提异议，异议人身份不对企业显示。")
    return table_page(request, NOTICES, public.notices(), layout="portal/base.html", title=_("公示公告"), lead=lead)


def decisions(request: HttpRequest) -> HttpResponse:
    lead = _("星级由主管部门决定。授星、降星和撤销都长期公开，撤销的也不删除。")
    return table_page(request, DECISIONS, public.awards(), layout="portal/base.html", title=_("决定与通报"), lead=lead)


def _context(number: str) -> dict[str, Any]:
    found = get_object_or_404(public.notices().defer(None), number=number)
    standard = Version.objects.published().defer("document").keyed(found.cycle.standard)
    return {
        "standard_name": str(standard) if standard else found.cycle.standard,
        "standard_url": reverse("portal:standard", args=[standard.name, standard.version]) if standard else "",
        "notice": found,
        "chip": chip(found),
        "open": public.takes_objections(found),
        "groups": public.scores(found.snapshot),
        "vetoes": public.vetoes(found.snapshot),
        "objections": public.objection_counts([found]).get(found.pk, {"open": 0, "decided": 0}),
        "sealed": seals.of_snapshot(found.snapshot),
        "address": f"{settings.PUBLIC_URL}{reverse('portal:notice', args=[number])}",
    }


def notice(request: HttpRequest, number: str) -> HttpResponse:
    """One publicity: what is proposed, by which score, until when, how to object, which seal stands behind it."""
    context = _context(number)
    title = _("%s 拟授星级公示") % context["notice"].project.estate.name
    return render(request, "portal/notice.html", {"title": title} | context)


def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The same for the notice board, with everything that was put up with it: A4, QR, root."""
    context = _context(number)
    together = list(public.batch(context["notice"]))
    return render(request, "portal/notice_print.html", {"title": _("拟授星级公示"), "together": together} | context)
