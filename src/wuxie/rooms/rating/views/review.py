"""The reviewer's side: what was drawn, blind marks, the unannounced visit, the session, late facts, keeping away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_POST, require_safe

from wuxie.kernel import labels
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.once.pages import go_once
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.web.answers import refusals_on
from wuxie.web.asking import acting, ask, sent
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Table, table_page

from .. import evidence, law
from ..actions import review
from ..forms import review as forms
from ..models import Application, Assignment, LateFact, Mark, Recusal, Session, Visit
from ..workflow import STAR_APPLICATION
from .common import anonymous, where_of

S = Application.State


def _round_chip(row: Assignment) -> Chip:
    rounds = row.application.review_round
    if row.application.state != S.REVIEW or rounds == 3:
        return Chip(_("已评完"), "green")
    if row.handed_in(rounds or 1):
        return Chip(_("已交分，等其他评审"), "", "hourglass")
    return Chip(_("第二轮待打分"), "amber") if rounds == 2 else Chip(_("待打分"), "blue")


TABLE = Table(
    "reviews", gettext_lazy("待评项目（盲评）"),
    columns=[
        Column("name", gettext_lazy("小区"), text=lambda row: row.application.project.estate.name,
               link=lambda row: reverse("rating_task", args=[row.application_id]),
               sort="application__project__estate__name"),
        Column("number", gettext_lazy("申报编号"), text=lambda row: row.application.number),
        Column("place", gettext_lazy("所在地"), text=lambda row: where_of(row.application.project.estate.place)),
        Column("asked", gettext_lazy("评审指标"), text=lambda row: "、".join(row.indicators)),
        Column("visits", gettext_lazy("暗访"), text=lambda row: _("由你暗访") if row.visits else ""),
        Column("state", gettext_lazy("状态"), text=_round_chip, kind="state"),
    ],
    search=["application__project__estate__name", "application__number"],
    search_label=gettext_lazy("小区、申报编号"), order=["application__state", "-pk"],
    related=["application__project__estate__place__parent__parent", "application__cycle"],
    empty=gettext_lazy("还没有抽中你的项目。抽中后在这里打分，互相看不到分数。"),
)  # fmt: skip


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The applications that were drawn for the reviewer who asks."""
    actor = acting(request)
    if not actor.holds("reviewer"):
        raise Http404
    rows = Assignment.objects.current().filter(reviewer=actor.person_id or 0)
    return table_page(
        request, TABLE, rows, lead=_("由种子随机抽取；各自打分、各写理由，本轮收齐前谁也看不到别人的分。"),
        template="rating/applications.html",
        links=[(_("回避登记"), reverse("rating_recusals"))],
    )  # fmt: skip


def _task(request: HttpRequest, pk: int) -> Assignment:
    """The reviewer's own task in this application; for anyone else there is none."""
    rows = Assignment.objects.current().filter(reviewer=acting(request).person_id or 0, application=pk)
    related = ("application__project__estate__place__parent__parent", "application__project__company",
               "application__cycle", "application__snapshot")  # fmt: skip
    return get_object_or_404(rows.select_related(*related))


def _indicators(task: Assignment, asked: list[str]) -> list[dict[str, Any]]:
    """The indicators to judge, in words, with the marks of the one who asks."""
    document = task.application.snapshot.document if task.application.snapshot else {"groups": []}
    full = evidence.judged_indicators(document)
    given = {(mark.indicator, mark.round): mark for mark in task.marks.all()}
    rows = []
    for group in document["groups"]:
        for one in group["indicators"]:
            if one["id"] in asked:
                now_given = given.get((one["id"], max(task.application.review_round, 1)))
                before = given.get((one["id"], 1)) if task.application.review_round == 2 else None
                rows.append({
                    "id": one["id"], "label": labels.said(one.get("label", one["id"])), "text": labels.said(one.get("text", "")),
                    "evidence": labels.said(one.get("evidence", "")), "full": forms.decimal(full[one["id"]]),
                    "mark": now_given, "before": before, "given": forms.decimal(now_given.points) if now_given else "",
                    "first": forms.decimal(before.points) if before else "",
                })  # fmt: skip
    return rows


def _asked(task: Assignment, met: Session | None) -> list[str]:
    return met.indicators if task.application.review_round == 2 and met else task.indicators


@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """What this reviewer has to do for one application."""
    mine = _task(request, pk)
    case = mine.application
    met = Session.objects.visible_to(acting(request)).filter(application=case).first()
    rounds = case.review_round
    rows = _indicators(mine, _asked(mine, met))
    closed = Mark.objects.visible_to(acting(request)).filter(assignment__application=case, round__lt=rounds)
    context = {
        "task": mine, "case": case, "rows": rows, "round": rounds, "met": met, "title": labels.said(STAR_APPLICATION.title(case)),
        "lead": f"{where_of(case.project.estate.place)} · {case.number}", "handed": rounds in (1, 2) and mine.handed_in(rounds),
        "open": case.state == S.REVIEW and rounds in (1, 2) and not mine.handed_in(rounds) and (rounds == 1 or bool(met and met.held_on)),
        "ready": all(row["mark"] for row in rows), "visits": list(case.visits.visible_to(acting(request))),
        "late": list(case.late_facts.filter(decision=LateFact.Decision.PENDING)), "closed": anonymous(closed),
        "crumbs": [(_("待评项目"), reverse("rating_reviews")), (case.number or _("未编号"), "")],
    }  # fmt: skip
    return render(request, "rating/task.html", context)


def mark(request: HttpRequest, pk: int, indicator: str) -> HttpResponse:
    """Mark one indicator."""
    mine = _task(request, pk)
    met = Session.objects.filter(application=mine.application).first()
    row = next((one for one in _indicators(mine, _asked(mine, met)) if one["id"] == indicator), None)
    if row is None:
        raise Http404
    full = evidence.judged_indicators(mine.application.snapshot.document)[indicator]
    given = row["mark"]
    initial = {"points": given.points, "reason": given.reason} if given else None
    form = forms.Mark(sent(request), full=full, initial=initial)
    back = reverse("rating_task", args=[pk])

    def act(points: int, reason: str) -> Any:
        return review.give_mark(
            mine.application, by=acting(request), indicator=indicator, points=forms.decimal(points), reason=reason
        )

    return ask(
        request, form, act, then=back, said=_("%(id)s 的分已记下，交分前可以改。") % {"id": indicator},
        title=f"{indicator} {row['label']}", lead=row["text"], send=_("记下这个分"), back=back,
        crumbs=[(labels.said(STAR_APPLICATION.title(mine.application)), back), (indicator, "")],
        after=_("其他评审和申报企业都看不到；本轮收齐后公布分数和理由，不公布姓名。"),
    )  # fmt: skip


@require_POST
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the marks of the round."""
    mine, back = _task(request, pk), reverse("rating_task", args=[pk])
    said = _("已交分，不能再改。收齐后进入下一步。")
    try:
        return go_once(request, lambda: review.hand_in(mine.application, by=acting(request)), lambda _made: back, said)
    except (Refusal, Problem) as refusal:
        messages.error(request, refusal.message)
    return redirect(back)


def session(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was said in the joint session."""
    mine = _task(request, pk)
    met = get_object_or_404(Session, application=mine.application)
    back = reverse("rating_task", args=[pk])
    spread = "、".join(
        _("%(id)s 相差 %(points)s") % {"id": one, "points": forms.decimal(points)}
        for one, points in met.spreads.items()
    )
    return ask(
        request, forms.Session(sent(request)),
        lambda minutes: review.hold_session(mine.application, by=acting(request), minutes=minutes), then=back,
        said=_("合议已记录，现在打第二轮。"), title=_("合议记录"), send=_("记录合议"), back=back,
        lead=_("最高与最低相差超过满分的 %(percent)s%%，须先合议：%(spread)s。") % {"percent": law.SPREAD_PERCENT, "spread": spread},
        crumbs=[(labels.said(STAR_APPLICATION.title(mine.application)), back), (_("合议"), "")],
        after=_("记录后，每位评审对这些指标各自重新打分，仍然互相看不到。"),
    )  # fmt: skip


# The visit


def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Five spots, one at a time; what was answered is kept until all is handed in."""
    mine = _task(request, pk)
    if mine.application.state != S.REVIEW:
        raise Http404
    key = f"visit:{pk}"
    kept: dict[str, dict[str, str]] = request.session.get(key, {})
    spot = request.GET.get("spot", "") or _next(kept)
    if spot and spot in Visit.Spot.values:
        return _one_spot(request, mine, spot, kept, key)
    return _whole_visit(request, mine, kept, key)


def _next(kept: dict[str, Any]) -> str:
    return next((spot for spot in Visit.Spot.values if spot not in kept), "")


def _one_spot(request: HttpRequest, mine: Assignment, spot: str, kept: dict[str, Any], key: str) -> HttpResponse:
    """One question on the screen, one tap to answer it."""
    form = forms.Spot(sent(request), request.FILES or None, initial=kept.get(spot))
    if request.method == "POST" and form.is_valid():
        try:
            photo = _photo(request, mine, form.cleaned_data["photo"]) or kept.get(spot, {}).get("photo", "")
        except Problem as problem:
            form.add_error("photo", problem.message)
        else:
            answer = {"verdict": form.cleaned_data["verdict"], "note": form.cleaned_data["note"], "photo": photo}
            request.session[key] = {**kept, spot: answer}
            return redirect("rating_visit", pk=mine.application_id)
    values = Visit.Spot.values
    context = {
        "case": mine.application, "form": form, "spot": spot, "label": Visit.Spot(spot).label, "number": values.index(spot) + 1,
        "count": len(values), "verdicts": Visit.Verdict.choices, "given": kept.get(spot), "title": _("暗访"),
    }  # fmt: skip
    return render(request, "rating/visit_spot.html", context, status=422 if form.errors else 200)


def _photo(request: HttpRequest, mine: Assignment, file: Any) -> str:
    """Keep a photo where the company does not see it; its reference."""
    if not file:
        return ""
    file.seek(0)
    found = filing.attach(
        f"star_visit:{mine.application_id}",
        file.read(),
        file.name,
        kind=gettext_noop("暗访照片"),
        by=acting(request).key,
    )
    return f"attachment:{found.pk}"


def _whole_visit(request: HttpRequest, mine: Assignment, kept: dict[str, Any], key: str) -> HttpResponse:
    """All five answered: look once more and hand in."""
    form = forms.Impression(sent(request))
    if request.method == "POST" and form.is_valid():
        back, note = reverse("rating_task", args=[mine.application_id]), form.cleaned_data["note"]
        with refusals_on(form):
            gone = go_once(
                request,
                lambda: review.record_visit(mine.application, by=acting(request), spots=kept, note=note),
                lambda _made: back,
                _("暗访记录已交。"),
            )
            request.session.pop(key, None)
            return gone
    rows = [
        {"spot": spot.value, "label": spot.label, "verdict": Visit.Verdict(kept[spot]["verdict"]).label,
         "note": kept[spot]["note"], "photo": kept[spot]["photo"].partition(":")[2]}
        for spot in Visit.Spot if spot in kept
    ]  # fmt: skip
    context = {"case": mine.application, "form": form, "rows": rows, "title": _("暗访")}
    return render(request, "rating/visit_done.html", context, status=422 if form.errors else 200)


# Late facts and keeping away


def late(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide in writing whether a late fact counts."""
    found = get_object_or_404(LateFact.objects.select_related("application"), pk=pk)
    mine = _task(request, found.application_id)
    back = reverse("rating_task", args=[mine.application_id])
    return ask(
        request, forms.Late(sent(request)),
        lambda admit, reason: review.decide_late(found, by=acting(request), admit=admit == "yes", reason=reason),
        then=back, said=_("决定已记下。"), title=_("补录事实"), send=_("作出决定"), back=back,
        lead=_("%(fact)s 的申请理由：%(plea)s") % {"fact": found.fact_id, "plea": found.plea},
        crumbs=[(labels.said(STAR_APPLICATION.title(mine.application)), back), (_("补录事实"), "")],
        after=_("决定和理由公开；同意计入的，评审结束复算时计入。"),
    )  # fmt: skip


def recusals(request: HttpRequest) -> HttpResponse:
    """From whom a reviewer keeps away, and one more."""
    actor = acting(request)
    if not actor.holds("reviewer"):
        raise Http404
    rows = Recusal.objects.visible_to(actor).filter(person=actor.person_id or 0).select_related("organisation")
    return ask(
        request, forms.Recuse(sent(request)), lambda **data: review.recuse(by=actor, **data),
        then=reverse("rating_recusals"), said=_("已登记，抽取评审时会避开。"), template="rating/recusals.html",
        title=_("回避登记"), send=_("登记回避"), rows=list(rows),
        lead=_("与哪家企业有利害关系，先在这里登记；抽取评审时不会抽到它的项目。"), after=_("登记自今天起生效，并留在抽取记录里。"),
    )  # fmt: skip
