"""Places with a code: which there are, put one up, print it, take it down."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cells import Chip

from .. import queries, rules
from ..actions import spots as actions
from ..forms import SpotForm, TakeDownForm
from ..models import Spot
from .lists import fetch


@login_required
def spots(request: HttpRequest, pk: int) -> HttpResponse:
    """The places of a project and what is done at each; the codes themselves are its keepers' own."""
    found = fetch(request, pk)
    keeps = rules.keeper.test(acting(request), found)
    named = queries.duty_names(found)
    rows = [_row(spot, named, keeps) for spot in found.spots.filter(closed_at=None)]
    context: dict[str, Any] = {
        "title": _("地点码"), "lead": found.estate.name, "crumbs": [(found.estate.name, reverse("safety:project", args=[found.pk]))],
        "sections": [{"title": _("贴了码的地点"), "rows": rows, "empty": _("还没有地点码。贴上码，履职就要扫码证明人在现场。")}],
    }  # fmt: skip
    if keeps:
        context["acts"] = [
            {"label": _("添一处地点"), "primary": True, "url": reverse("safety:spot_new", args=[found.pk])}
        ]
    return render(request, "web/record.html", context)


def _row(spot: Spot, named: dict[str, str], keeps: bool) -> dict[str, Any]:
    duties = "、".join(named.get(code, code) for code in spot.duties)
    acts = [(_("打印"), "safety:spot_print"), (_("作废"), "safety:spot_close")] if keeps else []
    return {
        "text": spot.label, "note": duties or _("没有绑定职责"), "chip": Chip(str(spot.get_kind_display())),
        "acts": [{"label": label, "url": reverse(name, args=[spot.pk])} for label, name in acts],
    }  # fmt: skip


@login_required
def new(request: HttpRequest, pk: int) -> HttpResponse:
    found = fetch(request, pk)
    require(rules.keeper, request, found)
    here = reverse("safety:spots", args=[found.pk])
    return ask(
        request, SpotForm(sent(request), duties=queries.duty_names(found)),
        lambda **known: actions.put_up(found, by=acting(request), **known),
        then=lambda made: reverse("safety:spot_print", args=[made.pk]), said=_("地点码已生成。请打印后贴到现场。"),
        title=_("添一处地点：%(name)s") % {"name": found.estate.name}, send=_("生成地点码"), back=here, crumbs=[(_("地点码"), here)],
        after=_("勾选的职责必须在这里扫码才算在现场。"),
    )  # fmt: skip


def _kept(request: HttpRequest, pk: int) -> Spot:
    rows = Spot.objects.visible_to(acting(request)).select_related("project__estate")
    found = get_object_or_404(rows, pk=pk)
    require(rules.keeper, request, found)
    return found


@login_required
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet that is put on the wall: the code, and the same in letters for whoever cannot scan it."""
    found = _kept(request, pk)
    address = settings.PUBLIC_URL + reverse("field:at", args=[found.code])
    return render(request, "safety/spot.html", {"title": found.label, "spot": found, "address": address})


@login_required
def close(request: HttpRequest, pk: int) -> HttpResponse:
    found = _kept(request, pk)
    here = reverse("safety:spots", args=[found.project_id])
    return ask(
        request, TakeDownForm(sent(request)), lambda: actions.take_down(found, by=acting(request)), then=here,
        said=_("这张码已作废。"), title=_("作废地点码：%(name)s") % {"name": found.label}, send=_("作废这张码"), back=here,
        crumbs=[(_("地点码"), here)], after=_("作废后扫这张码会被拒绝；以前扫过的记录不变。要继续用就另生成一张。"),
    )  # fmt: skip
