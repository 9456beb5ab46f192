"""Who gains and who loses under another version: asked for, looked at as a whole, opened down to one project's facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Abs
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from wuxie.kernel import labels
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.jobs.models import Job
from wuxie.kernel.standards.models import Version
from wuxie.rooms.register.models import Estate
from wuxie.web import words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cells import Two
from wuxie.web.districts import district_filter
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import evidence, figures, scorecard, whatif
from ..actions import whatif as actions
from ..decimals import decimal, hundredths, signed
from ..forms import whatif as forms
from ..models import WhatIf, WhatIfRow
from ..reading import Now
from ..rules import city_reader
from .score import facts_for

MOST_STARS = 5


@dataclass(frozen=True)
class Moved:
    """A change in points with its direction; blue and orange with a sign, because neither is good or bad."""

    value: Fraction

    def __str__(self) -> str:
        return signed(self.value)

    def __html__(self) -> SafeString:
        kind = "is-up" if self.value > 0 else "is-down" if self.value < 0 else "is-same"
        sign = {"is-up": "▲", "is-down": "▼"}.get(kind, "")
        return format_html('<span class="wx-moved {}"><i aria-hidden="true">{}</i>{}</span>', kind, sign, str(self))


LIST = Table(
    "whatifs", gettext_lazy("标准推演"),
    columns=[
        Column("draft", gettext_lazy("推演版本"), text=lambda row: f"{labels.said(row.draft.label)} {row.draft_version}", link=True),
        Column("base", gettext_lazy("对照版本"), text=lambda row: row.base_version),
        Column("cycle.name", gettext_lazy("周期"), sort="cycle__year"),
        Column("projects", gettext_lazy("项目"), align="right", sort="projects"),
        Column("up", gettext_lazy("升星"), align="right", sort="up", text=lambda row: row.up if row.finished_at else ""),
        Column("down", gettext_lazy("降星"), align="right", sort="down", text=lambda row: row.down if row.finished_at else ""),
        Column("made_at", gettext_lazy("推演"), sort="made_at", text=lambda row: f"{row.made_at:%Y-%m-%d} {row.made_name}".strip()),
    ],
    search=["draft__label", "draft__version", "cycle__name"], search_label=gettext_lazy("版本、周期"), order=["-made_at", "-pk"],
    related=["cycle", "draft"], empty=gettext_lazy("还没有推演。选一份草稿和一个周期，看谁升谁降。"),
)  # fmt: skip


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Every comparison that was kept."""
    if not city_reader.test(acting(request), None):
        raise Http404
    return table_page(
        request, LIST, WhatIf.objects.visible_to(acting(request)), everywhere=True,
        act={"label": _("推演一版标准"), "url": reverse("rating_whatif_new"), "icon": "flask"},
        lead=_("用往年的事实试算另一版标准，比出谁升谁降。只算不记：不写账本，不动任何申报和星级。"),
        crumbs=[(_("评定标准"), reverse("rating_standards")), (_("标准推演"), "")],
    )  # fmt: skip


def new(request: HttpRequest) -> HttpResponse:
    """Choose two versions and a cycle."""
    require(city_reader, request)
    actor = acting(request)
    initial = {"draft": request.GET.get("draft", "")}
    past = forms.cycles(actor).exclude(standard="").filter(cutoff__lt=today())
    newest = past.order_by("-year", "place_code").first()  # of one year the whole city before a part of it
    if newest is not None:
        initial["cycle"] = newest.pk
    form = forms.Compare(sent(request), actor=actor, initial=initial)
    back = reverse("rating_whatifs")
    return ask(
        request, form, lambda cycle, base, draft: actions.begin(cycle, base=base, draft=draft, by=actor),
        then=lambda made: made.get_absolute_url(), title=_("推演一版标准"), send=_("开始推演"), back=back,
        crumbs=[(_("标准推演"), back), (_("推演一版标准"), "")],
        after=_("几秒到几分钟，看项目多少；结果留着以后对照。评审打过的分沿用，不重新评审。"),
    )  # fmt: skip


def _fetch(request: HttpRequest, pk: int) -> WhatIf:
    rows = WhatIf.objects.visible_to(acting(request)).select_related("cycle", "base", "draft")
    return get_object_or_404(rows, pk=pk)


def _side(stars: int, hundredths: int) -> Two:
    """With both kept decimals: a second rounding could lift a total over the line that it stays under."""
    return Two(words.stars(stars), decimal(Fraction(hundredths, 100), 2))


def _places(request: HttpRequest) -> Iterable[str]:
    made = request.resolver_match.kwargs["pk"] if request.resolver_match else 0
    return WhatIfRow.objects.filter(whatif=made).order_by().values_list("district", flat=True).distinct()


TABLE = Table(
    "whatif", gettext_lazy("推演结果"),
    columns=[
        Column("name", gettext_lazy("项目"), text=lambda row: row.project.estate.name, sort="project__estate__name",
               link=lambda row: reverse("rating_whatif_project", args=[row.whatif_id, row.project_id])),
        Column("company", gettext_lazy("企业"), text=lambda row: row.project.company.name, sort="project__company__name"),
        Column("klass", gettext_lazy("类别"), text=lambda row: words.choice(row, "klass"), sort="klass"),
        Column("base", gettext_lazy("对照"), text=lambda row: _side(row.base_stars, row.base_hundredths), sort=("base_stars", "base_hundredths")),
        Column("draft", gettext_lazy("推演"), text=lambda row: _side(row.draft_stars, row.draft_hundredths), sort=("draft_stars", "draft_hundredths")),
        Column("change", gettext_lazy("变动"), align="right", sort="change_hundredths", kind="state",
               text=lambda row: Moved(Fraction(row.change_hundredths, 100))),
        Column("reason", gettext_lazy("主要原因（得分变化）")),
        Column("households", gettext_lazy("户数"), text=lambda row: row.project.estate.households or "", shown=False),
        Column("size", gettext_lazy("企业规模"), text=lambda row: words.choice(row, "size"), shown=False),
        Column("vetoes", gettext_lazy("否决项（对照 → 推演）"), shown=False,
               text=lambda row: f"{'、'.join(row.base_vetoes) or '—'} → {'、'.join(row.draft_vetoes) or '—'}"),
    ],
    search=["project__estate__name", "project__company__name"], search_label=gettext_lazy("小区、企业"),
    filters=[
        district_filter("district", _places),
        Filter("klass", gettext_lazy("类别"), Estate.Klass.choices),
        Filter("size", gettext_lazy("企业规模"), WhatIfRow.Size.choices),
    ],
    segments=[
        Segment("down", gettext_lazy("降星"), Q(change_stars__lt=0)), Segment("up", gettext_lazy("升星"), Q(change_stars__gt=0)),
        Segment("less", gettext_lazy("分数降"), Q(change_hundredths__lt=0)), Segment("more", gettext_lazy("分数升"), Q(change_hundredths__gt=0)),
    ],
    order=["-moved", "project__estate__name", "pk"], related=["project__estate", "project__company", "whatif"], export=True,
    empty=gettext_lazy("没有项目。"),
)  # fmt: skip


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole city under both versions, then every project by its change."""
    made = _fetch(request, pk)
    crumbs = [(_("标准推演"), reverse("rating_whatifs")), (made.draft_version, "")]
    title = _("如果换成 %(version)s") % {"version": made.draft_version}
    if not made.finished_at:
        job = Job.objects.filter(pk=made.job).first()
        own = job is not None and Job.objects.visible_to(acting(request)).filter(pk=job.pk).exists()
        context = {
            "title": title,
            "crumbs": crumbs,
            "made": made,
            "job": job if own else None,
            "failed": job is not None and not job.is_open,
        }
        return render(request, "rating/whatif_waiting.html", context)
    return table_page(
        request, TABLE, made.rows.annotate(moved=Abs("change_hundredths")), template="rating/whatif.html", everywhere=True, title=title, crumbs=crumbs,
        lead=_lead(made), made=made, **_whole(made, request),
    )  # fmt: skip


def _lead(made: WhatIf) -> str:
    return _("与 %(base)s 比 · 用同一批事实（%(first)s 至 %(last)s）重算 %(n)s 个项目 · 用时 %(seconds)s 秒") % {
        "base": made.base_version, "first": made.cycle.window_from, "last": made.cycle.window_to, "n": f"{made.projects:,}",
        "seconds": decimal(Fraction(made.milliseconds, 1000)),
    }  # fmt: skip


GROUP_LABELS = {
    "klass": gettext_lazy("项目类别"), "district": gettext_lazy("区县"), "size": gettext_lazy("企业规模"),
}  # fmt: skip


def _whole(made: WhatIf, request: HttpRequest) -> dict[str, Any]:
    by = request.GET.get("by", "klass")
    by = by if by in GROUP_LABELS else "klass"
    found = made.summary
    groups = whatif.in_words(by, found[by])
    shown = [one for one in groups if one["n"] >= figures.FEWEST]
    changed = Version.objects.filter(pk=made.draft_id).exclude(document=made.draft_document).exists()
    return {
        "means": found["all"], "same": made.projects - made.up - made.down, "groups": groups, "by": by, "by_label": GROUP_LABELS[by],
        "lines": _dumbbells(shown), "few": len(groups) - len(shown),
        "ways": [{"label": label, "url": f"?by={name}#groups", "current": name == by, "count": None} for name, label in GROUP_LABELS.items()],
        "matrix": _matrix(found["matrix"]), "stars": range(MOST_STARS + 1), "spread": _spread(found["matrix"]),
        "worst": _worst(whatif.in_words("klass", found["klass"])), "judged": found["judged"], "unjudged": made.projects - found["judged"],
        "changes": whatif.changes(made.base_document, made.draft_document), "changed_since": changed,
        "has_judged": any(map(evidence.judged_indicators, (made.base_document, made.draft_document))),
    }  # fmt: skip


def _worst(groups: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The class that loses most on average, if it loses and is no single estate."""
    found = next((one for one in groups if one["n"] >= figures.FEWEST), None)
    return found if found and found["change"].startswith("−") else None


def _matrix(cells: list[list[int]]) -> list[dict[str, Any]]:
    """Stars under the first version (rows, five first) → under the second."""
    counts = {(before, after): n for before, after, n in cells}
    return [
        {"stars": before, "total": sum(n for (one, _after), n in counts.items() if one == before),
         "cells": [{"n": counts.get((before, after), 0), "way": (after > before) - (after < before)} for after in range(MOST_STARS + 1)]}
        for before in range(MOST_STARS, -1, -1)
    ]  # fmt: skip


def _spread(cells: list[list[int]]) -> list[tuple[str, int, int, str]]:
    """Stars in words → projects under the first and the second version, and the difference."""
    rows = []
    for stars in range(MOST_STARS, -1, -1):
        before = sum(n for one, _after, n in cells if one == stars)
        after = sum(n for _before, one, n in cells if one == stars)
        rows.append(
            (words.stars(stars), before, after, f"{after - before:+d}".replace("-", "−") if after != before else "0")
        )
    return rows


def _dumbbells(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where the two dots of each group stand on a scale of whole points around all of them, per cent of its width."""
    if not groups:
        return []
    values = [Fraction(one[side]) for one in groups for side in ("base", "draft")]
    low, high = int(min(values)) - 1, int(max(values)) + 2

    def place(value: Fraction | str) -> str:
        return decimal(100 * (Fraction(value) - low) / (high - low))

    return [
        {**one, "from": place(min(Fraction(one["base"]), Fraction(one["draft"]))), "at_base": place(one["base"]), "at_draft": place(one["draft"]),
         "width": place(low + abs(Fraction(one["draft"]) - Fraction(one["base"]))), "moved": Moved(Fraction(one["draft"]) - Fraction(one["base"])),
         "low": low, "high": high}
        for one in groups
    ]  # fmt: skip


# One project


def _row(request: HttpRequest, pk: int, project: int) -> WhatIfRow:
    made = _fetch(request, pk)
    rows: QuerySet[WhatIfRow] = made.rows.select_related("project__estate__place__parent__parent", "project__company")
    row = get_object_or_404(rows, project=project)
    row.whatif = made
    return row


def _readings(row: WhatIfRow) -> tuple[Now, Now]:
    """The project under both versions by what the ledger holds of that window today."""
    made = row.whatif
    versions = whatif.Versions(made.cycle, made.base_document, made.draft_document)
    base, draft = (
        Now(standard, row.project, made.cycle.window_to, cutoff=made.cycle.cutoff, as_of=today())
        for standard in versions.of(row.klass)
    )
    return base, draft


@require_safe
def project(request: HttpRequest, pk: int, project: int) -> HttpResponse:
    """Both explanations side by side, indicator by indicator."""
    row = _row(request, pk, project)
    made = row.whatif
    readings = _readings(row)
    base, draft = (scorecard.card(one) for one in readings)
    now = tuple((hundredths(Fraction(*one.result.total)), one.result.stars) for one in readings)
    kept = ((row.base_hundredths, row.base_stars), (row.draft_hundredths, row.draft_stars))
    back = reverse("rating_whatif", args=[pk])
    context = {
        "title": _("%(estate)s · 两版对照") % {"estate": row.project.estate.name}, "row": row, "made": made, "base": base, "draft": draft,
        "moved": Moved(Fraction(now[1][0] - now[0][0], 100)), "rows": _side_by_side(base, draft), "drifted": now != kept,
        "lead": " · ".join([str(row.project.company.name), words.choice(row, "klass"), _("取数 %(first)s 至 %(last)s") % {
            "first": made.cycle.window_from, "last": made.cycle.window_to}]),
        "crumbs": [(_("标准推演"), reverse("rating_whatifs")), (made.draft_version, back), (row.project.estate.name, "")],
    }  # fmt: skip
    return render(request, "rating/whatif_project.html", context)


def _side_by_side(base: scorecard.Card, draft: scorecard.Card) -> list[dict[str, Any]]:
    """The indicators of both versions by id, in the order of the second; what was dropped comes last."""
    before, after = ({line.id: line for section in card.sections for line in section.lines} for card in (base, draft))
    rows = []
    for one in {**after, **before}:
        old, new = before.get(one), after.get(one)
        moved = sum(
            (sign * Fraction(line.value) for sign, line in ((-1, old), (1, new)) if line and line.value), Fraction()
        )
        line = new or old
        assert line is not None
        rows.append({
            "id": one, "label": line.label, "judged": line.judged, "old": old, "new": new, "moved": Moved(moved) if moved else "",
            "same_rule": bool(old and new and old.sentence == new.sentence),
        })  # fmt: skip
    return rows


@require_safe
def facts_behind(request: HttpRequest, pk: int, project: int, side: str, indicator: str) -> HttpResponse:
    """Every fact that one indicator of one version counts."""
    row = _row(request, pk, project)
    reading = dict(zip(("base", "draft"), _readings(row), strict=True)).get(side)
    if reading is None or indicator not in {one.id for one in reading.standard.indicators}:
        raise Http404
    rows = Fact.objects.filter(pk__in=reading.ids(indicator))
    back = reverse("rating_whatif_project", args=[pk, project])
    return table_page(
        request, facts_for(request), rows, everywhere=True, title=_("%(id)s 计入的事实") % {"id": indicator},
        lead=_("按 %(version)s，取数止 %(day)s") % {"version": reading.standard.version, "day": reading.standard.end},
        crumbs=[(_("标准推演"), reverse("rating_whatifs")), (row.project.estate.name, back), (indicator, "")],
    )  # fmt: skip
