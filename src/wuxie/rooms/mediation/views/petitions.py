"""Petitions before government offices: the list, registering one, the page of one with its steps."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.papers.models import Document
from wuxie.kernel.workflow import engine
from wuxie.web import districts, words
from wuxie.web.asking import acting, ask, sent
from wuxie.web.cases import Act, CasePages
from wuxie.web.cells import Chip
from wuxie.web.sealed import numbers_of
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import petition_forms as forms
from .. import rules
from ..actions import petitions as actions
from ..models import Petition
from ..petition_workflow import PETITION
from . import common

S = Petition.State
TONES = {
    S.RECEIVED: "amber", S.OBJECTED: "amber", S.ACCEPTED: "blue", S.ANSWERED: "green", S.REVIEWING: "blue", S.REVIEWED: "green", S.FINAL: "blue",
    S.CONCLUDED: "",
}  # fmt: skip


def state(case: Petition) -> Chip:
    return Chip(str(S(case.state).label), TONES[S(case.state)])


def _places(request: HttpRequest) -> Any:
    return Petition.objects.visible_to(acting(request)).order_by().values_list("place_code", flat=True).distinct()


PETITIONS = Table(
    "petitions",
    gettext_lazy("信访事项"),
    columns=[
        Column("title", gettext_lazy("事项"), link=True, sort="title", kind="name"),
        Column("project.estate.name", gettext_lazy("小区"), sort="project__estate__name"),
        Column("state", gettext_lazy("状态"), text=state, kind="state", sort="state"),
        Column("level", gettext_lazy("办理单位"), text=lambda row: words.choice(row, "level"), sort="level"),
        Column("received_on", gettext_lazy("收到日"), sort="received_on"),
        Column("number", gettext_lazy("编号"), sort="number", shown=False),
        Column("company", gettext_lazy("企业"), text=lambda row: row.project.company.name, shown=False),
    ],
    search=["search", "number"],
    search_label=gettext_lazy("事项、小区、编号"),
    filters=[
        districts.district_filter("place_code", _places),
        Filter("state", gettext_lazy("状态"), S.choices),
        Filter("level", gettext_lazy("办理单位"), Petition.Level.choices),
    ],
    segments=[Segment("open", gettext_lazy("没办结"), Q(state__in=[S.RECEIVED, S.OBJECTED, S.ACCEPTED, S.REVIEWING, S.FINAL]))],
    order=["-opened_at", "-pk"],
    related=["project__estate", "project__company"],
    export=True,
    empty=gettext_lazy("还没有信访事项。收到信访的，由办理单位登记；协会收到要政府办的，从案件交过来。"),
)  # fmt: skip


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The petitions of the area, and those that the association handed over."""
    actor = acting(request)
    return table_page(
        request, PETITIONS, Petition.objects.visible_to(actor), template="mediation/list.html", tabs=common.tabs("petitions", actor),
        act={"label": _("登记信访事项"), "url": reverse("mediation:petition_new")} if rules.receives(actor) else None,
    )  # fmt: skip


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A petition reached this office."""
    if not rules.receives(acting(request)):
        raise Http404
    back = reverse("mediation:petitions")
    form = forms.Receive(sent(request), actor=acting(request))
    return ask(
        request, form, lambda estate, **known: actions.receive(estate, by=acting(request), **known), then=lambda made: made.get_absolute_url(),
        said=_("已登记。十五日内书面告知是否受理。"), title=_("登记信访事项"), send=_("登记这件信访"), back=back, crumbs=[(_("信访事项"), back)],
        after=_("只算信访条例的期限，和协会调解的期限各算各的。"),
    )  # fmt: skip


def _context(request: HttpRequest, case: Petition) -> dict[str, Any]:
    events = list(engine.history(PETITION, case)[:200])
    pairs = [
        (_("编号"), case.number), (_("办理单位"), words.choice(case, "level")), (_("诉求摘要"), case.summary),
        (_("信访人"), _("不公开身份") if case.hidden else case.shown), (_("收到日"), words.full_date(case.received_on)),
        (_("处理意见"), case.opinion), (_("复查意见"), case.review), (_("复核意见"), case.final),
    ]  # fmt: skip
    steps = (one for _name, one in PETITION.open_steps(case.state) if not one.quiet and one.by is not rules.the_clock)
    return {
        "title": f"{case.title} · {case.project.estate.name}", "chip_of_state": state(case), "lead": case.project.estate.name,
        "crumbs": [(_("信访事项"), reverse("mediation:petitions")), (case.title, "")], "pairs": [(a, b) for a, b in pairs if b], "numbers": numbers_of(events),
        "documents": list(Document.objects.on(PETITION.key(case)).select_related("void")), "papers": [],
        "turn": "、".join(dict.fromkeys(str(one.by.label) for one in steps)),
    }  # fmt: skip


PAGES = CasePages(
    PETITION,
    template="mediation/petition.html",
    context=_context,
    select_related=("project__estate", "project__company", "dispute"),
    acts={
        "accept": Act(actions.accept),
        "object": Act(actions.object_to, forms.Reason),
        "reassign": Act(actions.reassign, forms.Reassign),
        "extend": Act(actions.extend, forms.Reason),
        "answer": Act(actions.answer, forms.Opinion),
        "ask_review": Act(actions.asked("ask_review"), forms.Reason),
        "review": Act(actions.review, forms.Opinion),
        "ask_final": Act(actions.asked("ask_final"), forms.Reason),
        "conclude": Act(actions.conclude, forms.Opinion),
    },
)
