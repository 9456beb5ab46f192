"""The two numbers of every company, side by side and never added; one number down to its facts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.labels import said
from wuxie.web import words
from wuxie.web.asking import acting, ask
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import credit, forms, rules
from ..actions import scores
from ..models import Dimension, Score
from . import common

TONES = {"A": "green", "B": "blue", "C": "amber", "D": "red"}


def grade(row: Score) -> Any:
    """The letter of the authority's number; the association's number has none."""
    if row.dimension != Dimension.STATUTORY:
        return None
    stars = next(star for star, letter in credit.GRADES.items() if letter == row.grade)
    meaning = f"{row.grade} {said(credit.MEANING[stars])}"
    if credit.FIRST_YEAR in row.vetoes:
        meaning = _("%(grade)s，新入市") % {"grade": meaning}
    return Chip(meaning, TONES[row.grade])


SCORES = Table(
    "company_scores",
    gettext_lazy("企业得分"),
    columns=[
        Column("company.name", gettext_lazy("企业"), link=True, sort="company__name", kind="name"),
        Column("dimension", gettext_lazy("哪一种"), text=lambda row: words.choice(row, "dimension"), sort="dimension"),
        Column("total", gettext_lazy("得分"), sort="sort", align="right"),
        Column("grade", gettext_lazy("等级"), text=grade, kind="state", sort="grade"),
        Column("on", gettext_lazy("日期"), sort="on"),
        Column("standard", gettext_lazy("标准"), shown=False),
    ],
    search=["company__search"],
    search_label=gettext_lazy("企业"),
    filters=[
        Filter("dimension", gettext_lazy("哪一种"), Dimension.choices),
        Filter("grade", gettext_lazy("等级"), [(one, one) for one in credit.GRADES.values()]),
    ],
    segments=[Segment("low", gettext_lazy("C 级和 D 级"), Q(dimension=Dimension.STATUTORY, grade__in=("C", "D")))],
    order=["company__name", "-dimension"],
    related=["company"],
    defer=["lines"],
    export=True,
    empty=gettext_lazy("还没有得分。标准发布以后，系统每天按账本里的事实算一次。"),
)  # fmt: skip


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The newest numbers this person may see."""
    return table_page(
        request, SCORES, Score.objects.visible_to(acting(request)).newest(), template="conduct/list.html", tabs=common.tabs("scores"),
        lead=_("两个分各算各的：信用分只凭主管部门文书，自律分只看协会核实的事。"),
    )  # fmt: skip


def _fetch(request: HttpRequest, pk: int) -> Score:
    return get_object_or_404(Score.objects.visible_to(acting(request)).select_related("company"), pk=pk)


def _lines(score: Score) -> list[dict[str, Any]]:
    """The lines with their facts, asked for together."""
    ids = {fact for one in score.lines for fact in one["facts"][:6]}
    found = {fact.pk: fact for fact in Fact.objects.filter(pk__in=ids)}
    return [
        {
            "id": one["id"], "label": said(one["label"]), "points": one["points"], "count": len(one["facts"]),
            "facts": [
                {"label": kinds.label_of(found[fact].kind), "note": said(found[fact].note), "on": found[fact].occurred_on}
                for fact in one["facts"][:6] if fact in found
            ],
        }
        for one in score.lines
    ]  # fmt: skip


@login_required
def shown(request: HttpRequest, pk: int) -> HttpResponse:
    """One number down to its facts."""
    score = _fetch(request, pk)
    name, _at, version = score.standard.partition("@")
    declares = (
        rules.may_record(acting(request))
        and score.dimension == Dimension.STATUTORY
        and score.is_newest
        and score.on == today()
    )
    return render(request, "conduct/score.html", {
        "title": f"{score.company} · {words.choice(score, 'dimension')}", "score": score, "grade": grade(score), "lines": _lines(score),
        "crumbs": [(_("企业得分"), reverse("conduct:scores")), (str(score.company), "")], "standard": reverse("portal:standard", args=[name, version]),
        "declares": declares, "lead": _("%(day)s，按 %(standard)s") % {"day": score.on, "standard": score.standard},
        "rows": Score.objects.filter(company=score.company, dimension=score.dimension).order_by("-on")[:12],
    })  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    """The authority declares the grade."""
    score = _fetch(request, pk)
    if not rules.may_record(acting(request), score.company):
        raise Http404
    form = forms.Declare(request.POST if request.method == "POST" else None)
    return ask(
        request, form, lambda paper_number: scores.declare(score, by=acting(request), paper_number=paper_number), then=score.get_absolute_url(),
        said=_("等级已认定。"), title=_("认定 %(company)s 为 %(grade)s 级") % {"company": score.company, "grade": score.grade}, send=_("认定这个等级"),
        back=score.get_absolute_url(), crumbs=[(_("企业得分"), reverse("conduct:scores"))], after=_("星级评定会读到这个等级；D 级不予评星。"),
    )  # fmt: skip
