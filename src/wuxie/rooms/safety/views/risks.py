"""The four-colour map of an estate as a board and as a table: every colour with its word and its shape."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.web import districts, words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Filter, Table, table_page

from .. import queries, risk, rules
from ..actions import risks as actions
from ..forms import EndRiskForm, RiskForm
from ..models import RiskPoint
from ..words import Area
from .lists import fetch

C = RiskPoint.Colour
#: Tone and shape of each; orange and yellow share a tone and differ in word and shape.
LOOKS = {
    C.RED: ("red", "filled/alert-triangle"), C.ORANGE: ("amber", "alert-triangle"), C.YELLOW: ("amber", "circle-dashed"),
    C.BLUE: ("blue", "circle-check"),
}  # fmt: skip


def colour(row: RiskPoint) -> Chip:
    tone, shape = LOOKS[C(row.colour)]
    return Chip(str(C(row.colour).label), tone, shape)


RISKS = Table(
    "risk_points",
    gettext_lazy("风险点"),
    columns=[
        Column("place", gettext_lazy("位置"), link=lambda row: reverse("safety:risk_map", args=[row.project_id]), sort="place", kind="name"),
        Column("project.estate.name", gettext_lazy("小区"), sort="project__estate__name"),
        Column("colour", gettext_lazy("颜色"), text=colour, kind="state", sort="score"),
        Column("score", gettext_lazy("风险值"), text=lambda row: risk.said(row.score), sort="score", align="right"),
        Column("danger", gettext_lazy("可能出什么事")),
        Column("control", gettext_lazy("怎样管控")),
        Column("post", gettext_lazy("责任岗位"), text=lambda row: str(row.post) if row.post else ""),
        Column("area", gettext_lazy("类别"), text=lambda row: words.choice(row, "area"), shown=False),
    ],
    search=["place", "danger", "project__estate__search"],
    search_label=gettext_lazy("位置、风险、小区"),
    filters=[
        districts.district_of(lambda actor: RiskPoint.objects.visible_to(actor).current(), "project__estate__place_id"),
        Filter("colour", gettext_lazy("颜色"), C.choices),
        Filter("area", gettext_lazy("类别"), Area.choices),
    ],
    order=["-score", "pk"],
    related=["project__estate", "post"],
    export=True,
    empty=gettext_lazy("还没有风险点。在项目的四色风险图里添。"),
)  # fmt: skip


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """Every point this person may see, as a table."""
    return table_page(request, RISKS, RiskPoint.objects.visible_to(acting(request)).current(), template="web/list.html")


@login_required
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """The points of one project by colour; fit to be printed and put on the wall."""
    found = fetch(request, pk)
    keeps = rules.keeper.test(acting(request), found)
    points = list(found.risk_points.current().select_related("post"))
    sections = [
        {
            "title": str(one.label), "empty": _("没有这一级的风险点。"),
            "rows": [_row(point, keeps) for point in points if point.colour == one],
        }
        for one in C
    ]  # fmt: skip
    red, orange, yellow = queries.risk_lines()
    basis = _("风险值不低于 %(red)s 红，%(orange)s 橙，%(yellow)s 黄，其余蓝。") % {
        "red": red,
        "orange": orange,
        "yellow": yellow,
    }
    context = {
        "title": _("四色风险图：%(name)s") % {"name": found.estate.name}, "sections": sections,
        "lead": basis if queries.risk_lines_vouched() else basis + _("按未核定数值。"),
        "crumbs": [(found.estate.name, reverse("safety:project", args=[found.pk]))],
        "acts": [{"label": _("添一个风险点"), "primary": True, "url": reverse("safety:risk_new", args=[pk])}] if keeps else [],
    }  # fmt: skip
    return render(request, "web/record.html", context)


def _row(point: RiskPoint, keeps: bool) -> dict[str, Any]:
    """A point as a line."""
    notes = [str(Area(point.area).label), point.control, str(point.post) if point.post else _("责任岗位没有定")]
    acts = [
        {"label": _("改定级"), "url": reverse("safety:risk_edit", args=[point.pk])},
        {"label": _("撤销"), "url": reverse("safety:risk_end", args=[point.pk])},
    ]
    return {
        "text": str(point), "note": " · ".join(notes), "acts": acts if keeps else [],
        "chip": Chip(f"{C(point.colour).label} {risk.said(point.score)}", *LOOKS[C(point.colour)]),
    }  # fmt: skip


@login_required
def new(request: HttpRequest, pk: int) -> HttpResponse:
    found = fetch(request, pk)
    require(rules.keeper, request, found)
    here = reverse("safety:risk_map", args=[pk])
    return ask(
        request, RiskForm(sent(request), project=found), lambda **known: actions.grade(found, by=acting(request), **known),
        then=here, said=_("已放上风险图。"), title=_("添一个风险点"), send=_("放上风险图"), back=here, crumbs=[(found.estate.name, here)],
        after=_("颜色由可能性、接触频度、后果三项相乘得出。"),
    )  # fmt: skip


def _kept(request: HttpRequest, pk: int) -> tuple[RiskPoint, dict[str, Any]]:
    rows = RiskPoint.objects.visible_to(acting(request)).select_related("project__estate", "project__company", "post")
    point = get_object_or_404(rows, pk=pk)
    require(rules.keeper, request, point.project)
    here = reverse("safety:risk_map", args=[point.project_id])
    return point, {"then": here, "back": here, "crumbs": [(point.project.estate.name, here)]}


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Grade a point anew; the old grades stay on record."""
    point, rest = _kept(request, pk)
    names = ("place", "area", "danger", "likelihood", "exposure", "consequence", "control", "post")
    form = RiskForm(sent(request), project=point.project, initial={name: getattr(point, name) for name in names})
    return ask(
        request, form, lambda **known: actions.grade(point.project, by=acting(request), point=point, **known),
        said=_("已改定级。"), title=_("改定级：%(what)s") % {"what": point}, send=_("保存定级"), **rest,
    )  # fmt: skip


@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a point off the map."""
    point, rest = _kept(request, pk)
    return ask(
        request, EndRiskForm(sent(request)), lambda: actions.end(point, by=acting(request)), said=_("已撤销，记录留着。"),
        title=_("撤销风险点：%(what)s") % {"what": point}, send=_("撤销这个风险点"), lead=point.control, **rest,
    )  # fmt: skip
