"""Verification of a plaque: never kept by a cache, says the second it looked; and reports of plaques in the wrong place."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from wuxie.kernel.once.pages import go_once
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.web import words
from wuxie.web.answers import refusals_on
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Segment, Table, table_page
from wuxie.web.throttle import Limit

from .. import actions, plaques, seals
from ..forms import Answer, Lookup, Report
from ..models import PlaqueReport
from .limits import too_often
from .receipts import found_by, sent

LOOKING = Limit("verify", 60, 60)
REPORTING = Limit("report", 10, 3600)


@require_safe
@never_cache
def by_code(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR of a plaque leads to."""
    if wait := LOOKING.wait(request):
        return too_often(request, wait)
    return _show(request, plaques.scanned(code))


@require_safe
@never_cache
def by_number(request: HttpRequest) -> HttpResponse:
    """The number typed in; without one, how to verify. A whole address or code pasted here is read as such."""
    form = Lookup(request.GET)
    number = form.cleaned_data["number"].strip() if form.is_valid() else ""
    if not number:
        return render(request, "portal/verify.html", {"title": _("验一块牌匾")})
    if wait := LOOKING.wait(request):
        return too_often(request, wait)
    code = number.rstrip("/").rsplit("/", 1)[-1]
    return _show(request, plaques.scanned(code) if "." in code else plaques.typed(code))


def _show(request: HttpRequest, verdict: plaques.Verdict) -> HttpResponse:
    status = 200 if verdict.award else 404
    sealed = seals.of_snapshot(verdict.award.application.snapshot) if verdict.award else None
    context = {"title": _("牌匾核验"), "verdict": verdict, "sealed": sealed}
    return render(request, "portal/plaque.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(request: HttpRequest) -> HttpResponse:
    """“不是这个小区”: anyone tells where a plaque hangs that should not."""
    lookup = Lookup(request.GET)
    number = lookup.cleaned_data["number"][:40] if lookup.is_valid() else ""
    form = Report(request.POST or None)
    if done := sent(
        request, form, REPORTING, lambda: actions.report_plaque(plaque=number, **form.told()), "portal:report_receipt"
    ):
        return done
    context = {
        "title": _("反映牌匾情况"),
        "form": form,
        "number": number,
        "send": _("发出反映"),
        "after": _("发出后给你一个回执号。协会会去现场看，处理结果凭回执号可查。"),
    }
    return render(request, "portal/report.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def report_receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """What came of a report, for whoever holds its receipt."""
    if wait := LOOKING.wait(request):
        return too_often(request, wait)
    rows = PlaqueReport.objects.defer("contact", "answered_by")
    found = found_by(receipt, lambda number: rows.filter(receipt=number).first())
    return render(request, "portal/report_receipt.html", {"title": _("牌匾反映"), "report": found})


REPORTS = Table(
    "reports",
    gettext_lazy("牌匾反映"),
    columns=[
        Column("receipt", gettext_lazy("回执号"), link=lambda row: f"/reports/{row.pk}/"),
        Column("made_at", gettext_lazy("收到"), text=lambda row: words.day(row.made_at), sort="made_at"),
        Column("plaque", gettext_lazy("牌匾编号")),
        Column("matter", gettext_lazy("情况"), text=lambda row: words.choice(row, "matter")),
        Column("seen_at", gettext_lazy("所见位置")),
        Column(
            "state", gettext_lazy("状态"), kind="state",
            text=lambda row: Chip(_("已答复"), "green") if row.answered_at else Chip(_("待核实"), "amber"),
        ),
    ],
    segments=[Segment("open", gettext_lazy("待核实"), PlaqueReport.waiting())],
    order=["-made_at"],
    empty=gettext_lazy("还没有人反映牌匾挂错了地方。"),
)  # fmt: skip


def _visible(request: HttpRequest) -> object:
    return PlaqueReport.objects.visible_to(request.actor)  # type: ignore[attr-defined]


def reports(request: HttpRequest) -> HttpResponse:
    """The secretariat's list."""
    if not request.actor.holds(*ASSOCIATION):  # type: ignore[attr-defined]
        raise Http404
    return table_page(request, REPORTS, _visible(request))  # type: ignore[arg-type]


def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a report and say what came of it."""
    found = get_object_or_404(_visible(request), pk=pk)  # type: ignore[arg-type]
    form = Answer(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, words = request.actor, form.cleaned_data["answer"]  # type: ignore[attr-defined]
        with refusals_on(form):
            return go_once(
                request,
                lambda: actions.answer_report(found, by=by, answer=words),
                lambda _made: reverse("portal:reports"),
                _("已答复，反映人凭回执号能看到。"),
            )
    return render(
        request, "portal/report_answer.html", {"title": _("牌匾反映 %s") % found.receipt, "report": found, "form": form}
    )
