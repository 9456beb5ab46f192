"""Figures of law: which ones still need a person's word before anybody relies on them, and where they are used.

Whoever found the paper proposes; another person confirms; only then computations use the value, and only for events from
its day in force on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.calc.registry import offered
from wuxie.kernel.papers.actions import attach
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.places.models import Place
from wuxie.kernel.statutes import actions
from wuxie.kernel.statutes.figures import READ, regions
from wuxie.kernel.statutes.models import LocalFigure
from wuxie.kernel.statutes.queries import LEVELS, Line, history, overview, unconfirmed_count
from wuxie.kernel.tabular.export import rows_response
from wuxie.web import words
from wuxie.web.answers import refusals_on
from wuxie.web.cells import Chip

from . import holidays
from .statutes_forms import Proposal, View

KEEPERS = ASSOCIATION
READERS = (*KEEPERS, "gov_city")
PROVINCES = {"51": gettext_lazy("四川省")}
CHIPS = {
    "confirmed": (gettext_lazy("已核定"), "green", "check"),
    "second": (gettext_lazy("等第二人"), "blue", "user-check"),
    "pending": (gettext_lazy("待核定"), "amber", "clock"),
    "conflict": (gettext_lazy("两处不一"), "red", "alert-triangle"),
}
READ_ICONS = {"text": "book", "secondhand": "file-text", "memory": "exclamation-circle"}
VIEWS = ("first", "pending", "conflict", "all")


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def _region() -> str:
    """The city that the figures are confirmed for: that of the association."""
    office = Organisation.objects.filter(kind=Organisation.Kind.ASSOCIATION).exclude(place=None).order_by("pk").first()
    return f"{office.place_id[:4]}00" if office and office.place_id else "510400"


def _region_names(region: str) -> list[tuple[str, str]]:
    """The nation, the province and the city with their names, in this order."""
    city = Place.objects.filter(pk=region[:4]).first()
    names = [_("国家"), str(PROVINCES.get(region[:2], _("本省"))), city.name if city else _("本市")]
    return list(zip(reversed(regions(region)), names, strict=True))


@dataclass(frozen=True)
class Row:
    """One line of the table: the three levels as they are shown, the strong one being what counts."""

    line: Line
    cells: tuple[tuple[str, bool], ...]
    chip: Chip
    read: str
    read_icon: str
    first: bool


def _row(line: Line, running: set[str]) -> Row:
    cells = []
    above = False
    for level in LEVELS:
        value = line.values.get(level, "")
        if value:
            cells.append((words.figure(value, line.unit), level == line.in_force))
        else:
            cells.append((_("同上") if above else "—" if level == LEVELS[0] else _("未查到"), False))
        above = above or bool(value)
    word, tone, icon = CHIPS[line.status]
    first = line.status != "confirmed" and bool(running.intersection(line.used_by))
    return Row(line, tuple(cells), Chip(str(word), tone, icon), _(READ[line.read]), READ_ICONS[line.read], first)


def _running() -> set[str]:
    """Names of what is switched on here, as the shipped lists write them under "used by"."""
    rooms = {str(config.verbose_name) for config in apps.get_app_configs() if config.name.startswith("wuxie.rooms.")}
    return rooms | {calculator.label for calculator in offered().values()}


def _wanted(rows: Iterable[Row], view: str, text: str) -> list[Row]:
    kept = {
        "first": lambda row: row.first,
        "pending": lambda row: row.line.status in ("pending", "second"),
        "conflict": lambda row: row.line.status == "conflict",
    }.get(view, lambda row: True)
    return [row for row in rows if kept(row) and (text in row.line.label or text in row.line.article)]


@require_safe
def figures_page(request: HttpRequest) -> HttpResponse:
    """The list by groups; the chosen line stands in the rail with what may be done about it."""
    if not _actor(request).holds(*READERS):
        raise Http404
    asked = View(request.GET)
    asked.is_valid()
    return _page(request, asked.cleaned_data.get("key", ""), None)


def _page(request: HttpRequest, key: str, form: Proposal | None) -> HttpResponse:
    asked = View(request.GET)
    asked.is_valid()
    view, text = asked.cleaned_data.get("view") or "all", asked.cleaned_data.get("q", "")
    region, running = _region(), _running()
    every = [_row(line, running) for line in overview(region)]
    names = _region_names(region)
    if asked.cleaned_data.get("format"):
        return _sheet(every, names, asked.cleaned_data["format"])
    rows = _wanted(every, view, text)
    chosen = next((row for row in every if row.line.key == key), None)
    counts = {status: sum(row.line.status == status for row in every) for status in CHIPS}
    tallies = {
        "first": sum(row.first for row in every), "pending": counts["pending"] + counts["second"],
        "conflict": counts["conflict"], "all": len(every),
    }  # fmt: skip
    labels = {"first": _("先核"), "pending": _("待核定"), "conflict": _("不一致"), "all": _("全部")}
    context = {
        "title": _("法定数值核定"),
        "holiday_warning": holidays.warning(request),
        "segments": [
            {"label": labels[one], "count": tallies[one], "url": _url(view=one, q=text, key=key), "current": one == view}
            for one in VIEWS
        ],
        "groups": _grouped(rows, lambda row: _url(view=view, q=text, key=row.line.key)),
        "counts": counts,
        "legend": [(str(CHIPS[status][0]), CHIPS[status][1], counts[status]) for status in CHIPS],
        "total": len(every),
        "first": tallies["first"],
        "names": [name for _code, name in names],
        "view": view,
        "q": text,
        "chosen": chosen,
        "may_act": _actor(request).holds(*KEEPERS),
        "sheet": f"{reverse('pages:statutes')}?format=xlsx",
    }  # fmt: skip
    if chosen:
        context |= _rail(request, chosen, names, form)
    return render(request, "web/pages/statutes.html", context, status=422 if form and form.errors else 200)


def _url(**wanted: str) -> str:
    kept = {name: value for name, value in wanted.items() if value and (name, value) != ("view", "all")}
    return (
        f"{reverse('pages:statutes')}?{urlencode(kept)}#f-{wanted['key']}" if "key" in kept else f"?{urlencode(kept)}"
    )


def _grouped(rows: Iterable[Row], address: Callable[[Row], str]) -> list[tuple[str, list[tuple[Row, str]]]]:
    groups: dict[str, list[tuple[Row, str]]] = {}
    for row in rows:
        groups.setdefault(row.line.group, []).append((row, address(row)))
    return list(groups.items())


def _rail(request: HttpRequest, row: Row, names: list[tuple[str, str]], form: Proposal | None) -> dict[str, Any]:
    actor, known = _actor(request), dict(names)
    proposals = [
        {
            "row": one, "where": known.get(one.region, one.region), "value": words.figure(one.value, one.unit),
            "mine": one.proposed_by == actor.key,
        }
        for one in row.line.proposals
    ]  # fmt: skip
    return {
        "proposals": proposals,
        "history": history(row.line.key)[:20],
        "form": form or Proposal(regions=names, initial={"value": _value(row.line)}),
        "unit_word": words.UNITS.get(row.line.unit, row.line.unit),
    }


def _value(line: Line) -> str:
    return line.values.get(line.in_force, "")


def _sheet(rows: Iterable[Row], names: list[tuple[str, str]], wanted: str) -> HttpResponse:
    if wanted not in ("xlsx", "csv"):
        raise Http404
    headers = [
        _("类别"),
        _("数值"),
        *(name for _code, name in names),
        _("条文"),
        _("施行日"),
        _("依据读到"),
        _("状态"),
        _("用在"),
    ]
    lines = (
        [row.line.group, row.line.label, *(text for text, _strong in row.cells), row.line.article, row.line.since, row.read,
         str(row.chip), "、".join(row.line.used_by)]
        for row in rows
    )  # fmt: skip
    return rows_response(_("法定数值核定表"), headers, lines, wanted)


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Who proposed and who confirmed what, newest first."""
    if not _actor(request).holds(*READERS):
        raise Http404
    labels = {line.key: line.label for line in overview(_region())}
    rows = [(one, labels.get(one.key, one.key)) for one in LocalFigure.objects.order_by("-proposed_at", "-pk")[:200]]
    return render(request, "web/pages/statutes_changes.html", {"title": _("法定数值变更记录"), "rows": rows})


def _keeper(request: HttpRequest) -> Actor:
    actor = _actor(request)
    if not actor.holds(*KEEPERS):
        raise Http404
    return actor


@require_POST
def propose(request: HttpRequest, key: str) -> HttpResponse:
    """Say what a paper says, or that the figure has no meaning here; it waits for a second person."""
    actor = _keeper(request)
    form = Proposal(request.POST, request.FILES, regions=_region_names(_region()))
    if form.is_valid():
        with refusals_on(form):
            _propose(key, form.cleaned_data, actor)
    if not form.is_valid():
        return _page(request, key, form)
    messages.success(request, _("已记下。由另一人核对原件后确认，确认前不参与计算。"))
    return redirect(_url(key=key))


@transaction.atomic
def _propose(key: str, said: dict[str, Any], actor: Actor) -> None:
    who = {"by": actor.key, "by_name": actor.name}
    if said["not_applicable"]:
        actions.set_not_applicable(key, region=said["region"], article=said["article"], **who)
        return
    paper = ""
    if said["paper"]:
        kept = attach(f"statute:{key}", said["paper"].read(), said["paper"].name, kind=_("法定数值原件"), by=actor.key)
        paper = f"attachment:{kept.pk}"
    actions.propose(
        key,
        region=said["region"],
        value=said["value"],
        article=said["article"],
        since=said["since"],
        paper=paper,
        **who,
    )


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person has seen the paper."""
    actor = _keeper(request)
    proposal = get_object_or_404(LocalFigure, pk=pk)
    return _decide(
        request, proposal, lambda: actions.confirm(proposal, by=actor.key, by_name=actor.name), _("已核定。")
    )


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    actor = _keeper(request)
    proposal = get_object_or_404(LocalFigure, pk=pk)
    return _decide(request, proposal, lambda: actions.withdraw(proposal, by=actor.key), _("已撤回这一条。"))


def _decide(request: HttpRequest, proposal: LocalFigure, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except ValidationError as refused:
        for sentence in refused.messages:
            messages.error(request, sentence)
    else:
        messages.success(request, said)
    return redirect(_url(key=proposal.key))


def may_see_papers(actor: Actor, key: str) -> bool:
    """Scans of the originals: whoever may read the page."""
    return actor.holds(*READERS)


def open_count(request: HttpRequest) -> int:
    """How many figures still wait for somebody's word."""
    return unconfirmed_count(_region())
