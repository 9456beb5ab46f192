"""The desk: rotas, one as a calendar and for print, shifts with swaps and sign-in, a feed for one's own calendar."""

from __future__ import annotations

import datetime
import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.labels import said
from wuxie.kernel.once.pages import go_once
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.web import words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Filter, Segment, Table, table_page

from .. import queries, rota_forms, rules
from ..actions import rota as actions
from ..models import Expert, Rota, Shift, Swap
from ..models.experts import MEDIATOR
from . import common

R, S = Rota.State, Shift.State


def rota_state(row: Rota) -> Chip:
    return Chip(str(R(row.state).label), {R.DRAFT: "", R.SOLVED: "blue", R.PUBLISHED: "green"}[R(row.state)])


def shift_state(row: Shift) -> Chip:
    return Chip(str(S(row.state).label), {S.PLANNED: "blue", S.SERVED: "green", S.MISSED: "red"}[S(row.state)])


def _rotas(request: HttpRequest) -> Any:
    """Published ones are for the association and the experts; those being made for the association alone."""
    actor = acting(request)
    if actor.holds(*ASSOCIATION):
        return Rota.objects.all()
    return Rota.objects.filter(state=R.PUBLISHED) if actor.holds(MEDIATOR) else Rota.objects.none()


ROTAS = Table(
    "rotas",
    gettext_lazy("值班表"),
    columns=[
        Column("name", gettext_lazy("名称"), link=True, sort="name", kind="name"),
        Column("state", gettext_lazy("状态"), text=rota_state, sort="state", kind="state"),
        Column("place", gettext_lazy("值班地点"), sort="place"),
        Column("starts_on", gettext_lazy("起"), sort="starts_on"),
        Column("ends_on", gettext_lazy("止"), sort="ends_on"),
        Column("spread", gettext_lazy("相差次数"), sort="spread", align="right"),
        Column("seed", gettext_lazy("种子"), sort="seed", align="right"),
    ],
    search=["name", "place"],
    search_label=gettext_lazy("名称、地点"),
    filters=[Filter("state", gettext_lazy("状态"), R.choices)],
    order=["-starts_on", "-pk"],
    export=True,
    empty=gettext_lazy("还没有值班表。先聘任专家，再排一段时间。"),
)  # fmt: skip


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    actor = acting(request)
    return table_page(
        request, ROTAS, _rotas(request), template="mediation/list.html", tabs=common.tabs("rotas", actor), title=_("专家排班"),
        act={"label": _("排一段时间"), "url": reverse("mediation:rota_new")} if rules.takes_in(actor) else None,
    )  # fmt: skip


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a rota; the solver works in the background."""
    require(rules.office, request)
    back = reverse("mediation:rotas")
    form = rota_forms.NewRota(sent(request), initial={"seed": secrets.randbelow(2**31)})
    return ask(
        request, form, lambda **known: actions.draft(by=acting(request), **known), then=lambda made: made.get_absolute_url(),
        said=_("正在排。排好后这里看得到。"), title=_("排一段时间的班"), send=_("开始排"), back=back, crumbs=[(_("专家排班"), back)],
        after=_("每天的人来自不同单位，不在的日子不排；先让次数相差最小，再让单位之间最均。"),
    )  # fmt: skip


def weeks(shifts: list[Shift]) -> list[dict[str, Any]]:
    """Weeks of seven days, each with who sits there: only weeks in which anybody does."""
    by_day: dict[datetime.date, list[Shift]] = {}
    for one in shifts:
        by_day.setdefault(one.day, []).append(one)
    mondays = sorted({day - datetime.timedelta(days=day.weekday()) for day in by_day})
    rows = []
    for monday in mondays:
        days = [monday + datetime.timedelta(days=n) for n in range(7)]
        rows.append(
            {
                "first": monday,
                "days": [
                    {"day": day, "weekday": said(words.WEEKDAYS[day.weekday()]), "shifts": by_day.get(day, [])}
                    for day in days
                ],
            }
        )
    return rows


def _months(found: Rota) -> list[datetime.date]:
    day, months = found.starts_on.replace(day=1), []
    while day <= found.ends_on:
        months.append(day)
        day = (day + datetime.timedelta(days=32)).replace(day=1)
    return months


def _shown(request: HttpRequest, pk: int) -> tuple[Rota, dict[str, Any]]:
    """A rota and one month of it: the one asked for, else today's, else its first."""
    found = get_object_or_404(_rotas(request), pk=pk)
    months = _months(found)
    asked = request.GET.get("month", "")
    month = next((one for one in months if f"{one:%Y-%m}" == asked), None)
    month = month or (today().replace(day=1) if today().replace(day=1) in months else months[0])
    rows = found.shifts.filter(day__year=month.year, day__month=month.month).select_related(
        "expert__person", "expert__organisation"
    )
    back = reverse("mediation:rotas")
    return found, {
        "rota": found, "title": found.name, "months": [{"label": f"{one:%Y-%m}", "url": f"?month={one:%Y-%m}", "current": one == month} for one in months],
        "month": month, "weeks": weeks(list(rows.order_by("day", "pk"))), "weekdays": [said(one) for one in words.WEEKDAYS],
        "crumbs": [(_("专家排班"), back), (found.name, "")], "chip_of_state": rota_state(found),
    }  # fmt: skip


@login_required
def rota(request: HttpRequest, pk: int) -> HttpResponse:
    """One rota as a calendar, a month at a time."""
    found, context = _shown(request, pk)
    mine = Expert.objects.filter(person=acting(request).person_id or 0).order_by("-ends_on").first()
    return render(request, "mediation/rota.html", context | {
        "keeps": rules.takes_in(acting(request)), "feed": request.build_absolute_uri(reverse("mediation:feed", args=[mine.feed])) if mine else "",
        "mine": mine, "loads": queries.loads(found), "job": queries.solving(found) if rules.takes_in(acting(request)) else None,
    })  # fmt: skip


@login_required
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """The same on paper."""
    return render(request, "mediation/rota_print.html", _shown(request, pk)[1])


@login_required
def as_json(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """What the solver was given, or what it drew, of a published rota: experts and units by number, nobody by name."""
    found = get_object_or_404(_rotas(request), pk=pk, state=R.PUBLISHED)
    shown = {"document": lambda: found.document, "plan": lambda: queries.drawn(found)}
    if part not in shown:
        raise Http404
    answer = JsonResponse(shown[part](), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Content-Disposition"] = f'attachment; filename="rota-{found.pk}-{part}.json"'
    return answer


@login_required
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the solver start again with the pool as it is now."""
    require(rules.office, request)
    found = get_object_or_404(_rotas(request), pk=pk)
    return _do(request, lambda: actions.begin(found, by=acting(request)), found.get_absolute_url(), _("正在重排。"))


@login_required
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """It binds from now on."""
    require(rules.office, request)
    found = get_object_or_404(_rotas(request), pk=pk)
    return _do(
        request,
        lambda: actions.publish(found, by=acting(request)),
        found.get_absolute_url(),
        _("已公布，每位专家都收到消息。"),
    )


def _do(request: HttpRequest, act: Any, then: str, done: str) -> HttpResponse:
    """One button, one verb: what it refuses is said on the next page."""
    try:
        return go_once(request, act, lambda _made: then, done)
    except (Refusal, Problem) as refused:
        messages.error(request, refused.message)
    return redirect(then)


SHIFTS = Table(
    "shifts",
    gettext_lazy("班次"),
    columns=[
        Column("day", gettext_lazy("日期"), text=lambda row: words.full_day(row.day), sort="day", kind="name", export=lambda row: str(row.day),
               link=lambda row: reverse("mediation:swap", args=[row.pk])),
        Column("state", gettext_lazy("状态"), text=shift_state, sort="state", kind="state"),
        Column("expert", gettext_lazy("专家"), text=lambda row: str(row.expert)),
        Column("unit", gettext_lazy("单位"), text=lambda row: row.expert.organisation.name, sort="expert__organisation__name"),
        Column("rota.place", gettext_lazy("值班地点"), sort="rota__place"),
        Column("moved", gettext_lazy("换过"), text=lambda row: _("换班") if row.expert_id != row.planned_id else None),
    ],
    search=["expert__organisation__search", "rota__place"],
    search_label=gettext_lazy("单位、地点"),
    filters=[Filter("state", gettext_lazy("状态"), S.choices)],
    segments=[Segment("missed", gettext_lazy("缺席"), Q(state=S.MISSED)), Segment("to_come", gettext_lazy("待值班"), Q(state=S.PLANNED))],
    order=["day", "pk"],
    related=["rota", "expert__person", "expert__organisation"],
    export=True,
    personal=True,
    empty=gettext_lazy("没有班次。值班表公布后，自己的班在这里，可以换班。"),
)  # fmt: skip


@login_required
def shifts(request: HttpRequest) -> HttpResponse:
    """The shifts this person may see: one's own, one's unit's, the association all."""
    actor = acting(request)
    open_swaps = Swap.objects.filter(agreed=None, shift__day__gte=today()).select_related(
        "shift__rota", "shift__expert__person", "to__person", "back"
    )
    asked = list(open_swaps.filter(to__person=actor.person_id or 0))
    asking = open_swaps if rules.takes_in(actor) else open_swaps.filter(giver__person=actor.person_id or 0)
    return table_page(
        request, SHIFTS, Shift.objects.visible_to(actor), template="mediation/shifts.html", tabs=common.tabs("shifts", actor), asked=asked,
        asking=list(asking.filter(giver__isnull=False).order_by("shift__day", "pk")),
    )  # fmt: skip


def _shift(request: HttpRequest, pk: int) -> Shift:
    rows = Shift.objects.visible_to(acting(request)).select_related("rota", "expert__person", "expert__organisation")
    return get_object_or_404(rows, pk=pk)


@login_required
def swap(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask another expert to take a shift."""
    shift = _shift(request, pk)
    if not (shift.expert.person_id == acting(request).person_id or rules.takes_in(acting(request))):
        raise Http404
    back = reverse("mediation:shifts")
    return ask(
        request, rota_forms.AskSwap(sent(request), shift=shift), lambda **asked: actions.ask_swap(shift, by=acting(request), **asked), then=back,
        said=_("已问。对方同意了才换。"), title=_("换班：%(day)s") % {"day": words.full_day(shift.day)}, send=_("问这位专家"), back=back,
        crumbs=[(_("班次"), back)], lead=f"{shift.expert} · {shift.rota.place}", template="mediation/swap.html", shift=shift,
        today=shift.day == today() and shift.state == S.PLANNED,
    )  # fmt: skip


@login_required
@require_POST
def serve(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign in at the desk."""
    shift = _shift(request, pk)
    return _do(request, lambda: actions.serve(shift, by=acting(request)), reverse("mediation:shifts"), _("已签到。"))


@login_required
@require_POST
def decide(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    """Yes or no to whoever asked."""
    rows = Swap.objects.filter(to__person=acting(request).person_id or 0).select_related(
        "shift__rota", "shift__expert", "to", "giver", "back__rota"
    )
    found = get_object_or_404(rows, pk=pk)
    if answer not in ("yes", "no"):
        raise Http404
    done = _("已答应，这一班换给你了。") if answer == "yes" else _("已回绝。")
    return _do(
        request,
        lambda: actions.decide_swap(found, by=acting(request), agree=answer == "yes"),
        reverse("mediation:shifts"),
        done,
    )


@login_required
@require_POST
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask no more."""
    rows = Swap.objects.select_related("shift__rota", "giver", "to")
    if not rules.takes_in(acting(request)):
        rows = rows.filter(giver__person=acting(request).person_id or 0)
    found = get_object_or_404(rows, pk=pk)
    return _do(
        request,
        lambda: actions.call_off(found, by=acting(request)),
        reverse("mediation:shifts"),
        _("已收回，可以问别人。"),
    )


@require_safe
@never_cache
def feed(request: HttpRequest, feed: str) -> HttpResponse:
    """The days of one expert for a calendar of their own: whoever holds the address reads days and places, no name."""
    expert = get_object_or_404(Expert, feed=feed)
    rows = Shift.objects.filter(
        expert=expert, rota__state=R.PUBLISHED, day__gte=today() - datetime.timedelta(days=30)
    ).select_related("rota")
    summary = _escaped(_("专家值班"))
    stamp = f"{now():%Y%m%dT%H%M%SZ}"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//wuxie//rota//ZH", "CALSCALE:GREGORIAN"]
    for one in rows.order_by("day"):
        lines += [
            "BEGIN:VEVENT", f"UID:shift-{one.pk}@wuxie", f"DTSTAMP:{stamp}", f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{one.day + datetime.timedelta(days=1):%Y%m%d}", f"SUMMARY:{summary}",
            f"LOCATION:{_escaped(one.rota.place)}", "END:VEVENT",
        ]  # fmt: skip
    body = "".join(f"{line}\r\n" for line in [*lines, "END:VCALENDAR"])
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _escaped(text: str) -> str:
    """Text as RFC 5545 section 3.3.11 wants it."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
