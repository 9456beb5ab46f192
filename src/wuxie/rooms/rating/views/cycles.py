"""A year's rating: founding it, opening and closing it, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY, GOVERNMENT
from wuxie.kernel.standards.models import Version
from wuxie.web import area
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Table, table_page

from .. import figures
from ..actions import cycle as actions
from ..forms import cycle as forms
from ..models import Application, Cycle
from ..rules import city_reader
from .common import said_state

TONES = {Cycle.State.DRAFT: "", Cycle.State.OPEN: "blue", Cycle.State.CLOSED: "green"}
READERS = (*ASSOCIATION, *GOVERNMENT, *AT_COMPANY, "reviewer")


def _name_standards(cycles: Sequence[Cycle]) -> None:
    """Say each cycle's standard by its name; by its key where there is none."""
    known = {f"{one.name}@{one.version}": str(one) for one in Version.objects.published().defer("document")}
    for cycle in cycles:
        cycle.standard_said = known.get(cycle.standard, cycle.standard)


TABLE = Table(
    "cycles", gettext_lazy("评定周期"),
    columns=[
        Column("name", gettext_lazy("周期"), link=lambda row: reverse("rating_cycle", args=[row.pk]), sort="name"),
        Column("year", gettext_lazy("年度"), text=lambda row: str(row.year), sort="year"),
        Column("document_number", gettext_lazy("设立文号")),
        Column("standard", gettext_lazy("评定标准"), text=lambda row: row.standard_said),
        Column("apply", gettext_lazy("申报期"), text=lambda row: f"{row.apply_from} — {row.apply_to}", sort="apply_from"),
        Column("cutoff", gettext_lazy("截止收录日"), sort="cutoff"),
        Column("cases", gettext_lazy("申报"), align="right", sort="cases"),
        Column("state", gettext_lazy("状态"), kind="state", sort="state",
               text=lambda row: Chip(said_state(row), TONES[Cycle.State(row.state)])),
    ],
    search=["name", "document_number"], search_label=gettext_lazy("名称、文号"), order=["-year", "-pk"],
    empty=gettext_lazy("还没有评定周期。有权机关发文后在这里筹备。"), prepare=_name_standards,
)  # fmt: skip


def _office(request: HttpRequest) -> bool:
    return acting(request).holds("association_secretariat")


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The cycles of the city."""
    actor = acting(request)
    if not actor.holds(*READERS):
        raise Http404
    seen = Application.objects.visible_to(actor).values("pk")
    rows = Cycle.objects.visible_to(actor).annotate(
        cases=Count("applications", filter=Q(applications__in=seen), distinct=True)
    )
    act = {"label": _("筹备新周期"), "url": reverse("rating_cycle_new"), "icon": "plus"} if _office(request) else None
    return table_page(
        request, TABLE, rows, act=act, lead=_("每个周期由有权机关发文设立，用一个已发布的标准，日历启动前定好。"),
        crumbs=[(_("星级评定"), reverse("rating_applications")), (_("评定周期"), "")],
    )  # fmt: skip


def _fetch(request: HttpRequest, pk: int) -> Cycle:
    if not acting(request).holds(*READERS):
        raise Http404
    return get_object_or_404(Cycle.objects.visible_to(acting(request)), pk=pk)


def _crumbs(cycle: Cycle | None, last: str) -> list[tuple[str, str]]:
    rows = [(_("星级评定"), reverse("rating_applications")), (_("评定周期"), reverse("rating_cycles"))]
    if cycle is not None:
        rows.append((cycle.name, reverse("rating_cycle", args=[cycle.pk]) if last else ""))
    return [*rows, (last, "")] if last else rows


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One cycle: its paper and calendar for everyone, the city's figures for who runs it."""
    cycle = _fetch(request, pk)
    context: dict[str, Any] = {
        "cycle": cycle, "title": cycle.name, "crumbs": _crumbs(cycle, ""), "office": _office(request),
        "chip": Chip(cycle.get_state_display(), TONES[Cycle.State(cycle.state)]), "pairs": _pairs(cycle),
        "waiting": cycle.state == Cycle.State.OPEN and cycle.quota_settled_on is None,
    }  # fmt: skip
    if city_reader.test(acting(request), cycle):
        losses, stars = figures.losses(cycle), figures.stars(cycle)
        context |= {
            "figures": True, "states": figures.states(cycle), "losses": losses[:15], "reached": figures.reached(losses),
            "gaps": figures.panel_gaps(cycle), "benefits": figures.fulfilment(cycle), "stars": stars,
            "scored": sum(n for _word, n in stars), "option": _chart(stars), "says": _says(stars),
            "headers": [_("星级"), _("项目")], "reviewers": figures.reviewer_deviation(cycle),
            "satisfaction": figures.satisfaction(cycle),
        }  # fmt: skip
    return render(request, "rating/cycle.html", context)


def _pairs(cycle: Cycle) -> list[tuple[str, object]]:
    return [
        (_("设立文件"), f"{cycle.document_authority} {cycle.document_title} {cycle.document_number}".strip()),
        (_("评定标准"), _standard(cycle)), (_("取数"), f"{cycle.window_from} — {cycle.window_to}"),
        (_("截止收录日"), cycle.cutoff), (_("申报期"), f"{cycle.apply_from} — {cycle.apply_to}"),
        (_("五星比例上限"), f"{cycle.quota_percent}%"), (_("公示"), _("%(n)s 日") % {"n": cycle.publicity_days}),
        (_("星级有效"), _("%(n)s 个月") % {"n": cycle.valid_months}),
        (_("最少服务"), _("%(n)s 个月") % {"n": cycle.min_service_months}),
        (_("每项评审"), _("%(n)s 人") % {"n": cycle.reviewers}), (_("奖励预算文号"), cycle.budget_number),
        (_("五星名额算定"), cycle.quota_settled_on),
    ]  # fmt: skip


def _standard(cycle: Cycle) -> str:
    """The standard by its name; the key of one that is not there."""
    return str(Version.objects.published().defer("document").keyed(cycle.standard) or cycle.standard)


def _chart(stars: list[tuple[str, int]]) -> dict[str, Any]:
    return {
        "xAxis": {"type": "category", "data": [word for word, _n in stars]}, "yAxis": {"type": "value", "minInterval": 1},
        "series": [{"type": "bar", "data": [n for _word, n in stars], "label": {"show": True, "position": "top"}}],
    }  # fmt: skip


def _says(stars: list[tuple[str, int]]) -> str:
    every = sum(n for _word, n in stars)
    high = sum(n for _word, n in stars[3:])
    return _("已算分 %(n)s 个项目，三星及以上 %(high)s 个。") % {"n": every, "high": high}


def create(request: HttpRequest) -> HttpResponse:
    """Prepare a cycle; nothing opens by it."""
    require(actions.secretariat, request)
    form = forms.CycleForm(sent(request), home=area.home(request))
    return ask(
        request, form, lambda **data: actions.draft_cycle(by=acting(request), **data),
        then=lambda made: reverse("rating_cycle", args=[made.pk]), said=_("周期已筹备，还没有启动。"), title=_("筹备评定周期"),
        send=_("存为筹备"), back=reverse("rating_cycles"), groups=form.sections(), crumbs=_crumbs(None, _("筹备评定周期")),
        after=_("存为筹备后只有秘书处和市级看得见，可以再改；启动后日期、标准和口径不再改动。"),
    )  # fmt: skip


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a cycle that is not open; of an open one the budget paper."""
    cycle = _fetch(request, pk)
    require(actions.secretariat, request)
    data = sent(request)
    back = reverse("rating_cycle", args=[pk])
    shared: dict[str, Any] = {"then": back, "said": _("已保存。"), "back": back, "crumbs": _crumbs(cycle, _("修改"))}
    if cycle.state != Cycle.State.DRAFT:
        budget = forms.Budget(data, initial={"budget_number": cycle.budget_number, "budget_text": cycle.budget_text})
        return ask(
            request, budget, lambda **known: actions.amend_cycle(cycle, by=acting(request), **known),
            title=_("补预算文件"), send=_("保存预算文件"), lead=_("周期已启动，只能补预算文件。"), **shared,
        )  # fmt: skip
    form = forms.CycleForm(data, cycle=cycle)
    return ask(
        request, form, lambda **known: actions.amend_cycle(cycle, by=acting(request), **known),
        title=_("修改评定周期"), send=_("保存修改"), groups=form.sections(), **shared,
    )  # fmt: skip


def _confirm(request: HttpRequest, pk: int, act: Any, form: Any = None, **context: Any) -> HttpResponse:
    cycle = _fetch(request, pk)
    require(actions.secretariat, request)
    back = reverse("rating_cycle", args=[pk])
    form = form or forms.Sure(sent(request))
    return ask(
        request, form, lambda **data: act(cycle, by=acting(request), **data), then=back, back=back,
        crumbs=_crumbs(cycle, context["title"]), **context,
    )  # fmt: skip


def open_(request: HttpRequest, pk: int) -> HttpResponse:
    return _confirm(
        request, pk, actions.open_cycle, title=_("启动评定周期"), send=_("启动周期"), said=_("周期已启动。"),
        lead=_("启动要有设立文号和已发布的标准。"), after=_("启动后企业可以申报；标准、日期和口径不再改动。"),
    )  # fmt: skip


def close(request: HttpRequest, pk: int) -> HttpResponse:
    return _confirm(
        request, pk, actions.close_cycle, title=_("结束评定周期"), send=_("结束周期"), said=_("周期已结束。"),
        lead=_("所有申报办完才能结束。"), after=_("结束后不再办理本周期的申报，授出的星级照常有效。"),
    )  # fmt: skip


def quota(request: HttpRequest, pk: int) -> HttpResponse:
    return _confirm(
        request, pk, actions.settle_quota, forms.Quota(sent(request)), title=_("算定五星名额"), send=_("算定名额"),
        said=_("五星名额已算定。"), lead=_("按未取整的总分排序，同分比安全生产组，再比矛盾化解组；名额边缘并列的都不进。"),
        after=_("超出名额或资格不够的封顶四星，写入账本并重新算分；算定后不能再算。"),
    )  # fmt: skip
