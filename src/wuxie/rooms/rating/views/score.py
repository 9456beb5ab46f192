"""The live score of a project, open to its last fact; and the projects of a company with theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from wuxie.kernel import labels
from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.queries import state_of
from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY, GOVERNMENT
from wuxie.rooms.register.models import Project
from wuxie.web.asking import acting
from wuxie.web.cells import Chip, Stars
from wuxie.web.origins import origins
from wuxie.web.tables import Column, Table, table_page

from .. import queries, scorecard
from ..forms.application import projects_of
from ..live import live_score
from ..models import Application, FactDispute
from ..reading import Frozen, Now, Reading
from ..rules import company_side
from .common import where_of

READERS = (*ASSOCIATION, *AT_COMPANY, *GOVERNMENT)
RELATED = ("estate__place__parent__parent", "company")


def fetch(request: HttpRequest, pk: int) -> Project:
    """The project if this person may read its score, else "not found"."""
    return get_object_or_404(readable(acting(request)).select_related(*RELATED), pk=pk)


def readable(actor: Actor) -> QuerySet[Project]:
    """The projects whose score this person may read. A reviewer sees none, so as to judge by the papers."""
    return Project.objects.visible_to(actor) if actor.holds(*READERS) else Project.objects.none()


def _reading(project: Project, application: Application | None) -> Reading | None:
    """Today's score, or the frozen one of an application; ``None`` where no cycle was ever opened."""
    if application is None:
        return live_score(project)
    assert application.snapshot is not None
    return Frozen(queries.compiled(application.snapshot.document), application.snapshot.rows, project.key)


def _frozen(request: HttpRequest, project: Project) -> list[Application]:
    """Applications of the project that have a snapshot this person may see."""
    rows = Application.objects.visible_to(acting(request)).filter(project=project).exclude(snapshot=None)
    return list(rows.select_related("cycle", "snapshot").order_by("-cycle__year", "-pk"))


def _chosen(request: HttpRequest, frozen: list[Application]) -> Application | None:
    asked = request.GET.get("application", "")
    if not asked:
        return None
    found = next((one for one in frozen if str(one.pk) == asked), None)
    if found is None:
        raise Http404
    return found


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The score by today's facts, or the frozen one of an application."""
    project = fetch(request, pk)
    frozen = _frozen(request, project)
    application = _chosen(request, frozen)
    reading = _reading(project, application)
    base = reverse("rating_score", args=[pk])
    context: dict[str, Any] = {
        "project": project, "title": _("%(estate)s · 实时得分") % {"estate": project.estate.name},
        "crumbs": [(_("实时得分"), reverse("rating_scores")), (project.estate.name, "")],
        "views": [
            {"label": _("实时"), "url": base, "current": application is None, "count": None},
            *({"label": _("%(year)s 评定（冻结）") % {"year": one.cycle.year}, "url": f"{base}?application={one.pk}",
               "current": application == one, "count": None} for one in frozen),
        ],
        "known": reading is not None, "application": application,
    }  # fmt: skip
    if reading is not None:
        card = scorecard.card(reading)
        if isinstance(reading, Now):
            disputes = FactDispute.objects.visible_to(acting(request)).filter(project=project, state="opened")
            card.contested = scorecard.contested(reading, list(disputes.select_related("project")[:5]))
        context |= {
            "card": card, "lead": _lead(project, reading, card), "query": f"?application={application.pk}" if application else "",
        }  # fmt: skip
    return render(request, "rating/score.html", context)


def _lead(project: Project, reading: Reading, card: scorecard.Card) -> str:
    window = _("取数 %(first)s 至 %(last)s") % {"first": reading.standard.start, "last": reading.standard.end}
    return " · ".join([
        where_of(project.estate.place), str(project.company.name), _("标准 %(v)s") % {"v": reading.standard.version}, window,
        _("%(n)s 条事实") % {"n": f"{card.facts:,}"},
    ])  # fmt: skip


@require_safe
def newest(request: HttpRequest, pk: int, indicator: str) -> HttpResponse:
    """The newest facts of one indicator, for its place on the score's page when it is opened."""
    project = fetch(request, pk)
    application = _chosen(request, _frozen(request, project))
    reading = _of(project, application, indicator)
    shown = scorecard.newest(reading, indicator)
    came = origins([one.fact.source for one in shown], acting(request))
    return render(request, "rating/score_facts.html", {
        "project": project, "facts": [replace(one, origin=came[one.fact.source]) for one in shown],
        "may_dispute": application is None and company_side.test(acting(request), FactDispute(project=project)),
    })  # fmt: skip


def _of(project: Project, application: Application | None, indicator: str) -> Reading:
    """The reading if it knows this indicator, else "not found"."""
    reading = _reading(project, application)
    if reading is None or indicator not in {one.id for one in reading.standard.indicators}:
        raise Http404
    return reading


def _state(fact: Fact) -> Chip:
    state = state_of(fact)
    if state.superseded_by:
        return Chip(_("已被更正"), "", "arrows-shuffle")
    return Chip(_("有争议，暂不计"), "amber") if state.disputed else Chip(_("计入"), "green")


FACTS = Table(
    "facts", gettext_lazy("计入的事实"),
    columns=[
        Column("label", gettext_lazy("事实"), link=lambda row: reverse("pages:fact", args=[row.pk])),
        Column("amount", gettext_lazy("数量"), align="right", sort="quantity"),
        Column("unit", gettext_lazy("单位"), text=lambda row: labels.said(row.unit)),
        Column("occurred_on", gettext_lazy("发生日"), sort="occurred_on"),
        Column("recorded_on", gettext_lazy("入账日"), sort="recorded_on"),
        Column("valid_until", gettext_lazy("有效至")),
        Column("trust", gettext_lazy("可信等级"), text=lambda row: state_of(row).trust.label),
        Column("source", gettext_lazy("来源"), text=lambda row: row.origin, link=lambda row: row.origin.url, export=lambda row: row.source),
        Column("state", gettext_lazy("状态"), text=_state, kind="state"),
        Column("pk", gettext_lazy("编号"), shown=False),
    ],
    search=["pk", "source"], search_label=gettext_lazy("编号、来源"), order=["-occurred_on", "pk"],
    related=["standing", "unsealed"], export=True, empty=gettext_lazy("这个指标还没有事实。没有事实按 0 计，不按满分计。"),
)  # fmt: skip


def facts_for(request: HttpRequest) -> Table:
    """The list of facts that a score counts, each with where it came from as this reader may see it."""
    return replace(FACTS, prepare=lambda found: _say_where_from(found, acting(request)))


def _say_where_from(rows: Sequence[Fact], actor: Actor) -> None:
    came = origins([row.source for row in rows], actor)
    for row in rows:
        row.origin = came[row.source]  # type: ignore[attr-defined]


@require_safe
def facts_behind(request: HttpRequest, pk: int, indicator: str) -> HttpResponse:
    """Every fact that one indicator counts."""
    project = fetch(request, pk)
    reading = _of(project, _chosen(request, _frozen(request, project)), indicator)
    rows: QuerySet[Fact] = Fact.objects.filter(pk__in=reading.ids(indicator))
    back = reverse("rating_score", args=[pk])
    return table_page(
        request, facts_for(request), rows, title=_("%(id)s 计入的事实") % {"id": indicator},
        crumbs=[(_("%(estate)s · 实时得分") % {"estate": project.estate.name}, back), (indicator, "")],
    )  # fmt: skip


def _complete(rows: Any) -> None:
    """Put today's score beside each project of a page."""
    found = scorecard.totals(rows)
    for row in rows:
        score = found.get(row.pk)
        row.total, row.stars, row.missing = (score.total, score.stars, score.missing) if score else (None, None, None)


PROJECTS = Table(
    "scores", gettext_lazy("实时得分"),
    columns=[
        Column("name", gettext_lazy("项目"), text=lambda row: row.estate.name, sort="estate__name",
               link=lambda row: reverse("rating_score", args=[row.pk])),
        Column("company.name", gettext_lazy("企业"), sort="company__name"),
        Column("place", gettext_lazy("所在地"), text=lambda row: where_of(row.estate.place)),
        Column("total", gettext_lazy("今天的总分"), align="right"),
        Column("stars", gettext_lazy("对应星级"), text=lambda row: Stars(row.stars) if row.stars else "", kind="state"),
        Column("missing", gettext_lazy("还没有事实的指标"), align="right"),
    ],
    search=["estate__name", "company__name"], search_label=gettext_lazy("小区、企业"),
    order=["estate__name", "pk"], related=list(RELATED), prepare=_complete, export=False,
    empty=gettext_lazy("还没有在服务的项目。先在“项目与合同”里登记合同。"),
)  # fmt: skip


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The projects of a company with today's totals; for the association and the government those they see."""
    actor = acting(request)
    if not actor.holds(*READERS):
        raise Http404
    if actor.holds(*AT_COMPANY):
        rows = projects_of(actor)
    else:
        rows = Project.objects.on(today()).visible_to(actor)
    return table_page(
        request, PROJECTS, rows, lead=_("按最近一个周期的标准和今天为止的事实算出；没有事实按 0 计，不按满分计。"),
    )  # fmt: skip
