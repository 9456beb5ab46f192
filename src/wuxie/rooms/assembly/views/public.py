"""What everybody may check: one's own ballot by the receipt, the public pack, the program that verifies it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wuxie.kernel.clock.now import local
from wuxie.kernel.labels import said
from wuxie.web.asking import acting, sent

from .. import commitments, forms, packs, tallying
from ..models import Decision, Entry
from ..workflow import DECISION
from .cases import PAGES, _audits

S = Decision.State


def check(request: HttpRequest) -> HttpResponse:
    """Type the number of a receipt."""
    form = forms.Check(sent(request))
    if request.method == "POST" and form.is_valid():
        code = "".join(form.cleaned_data["code"].upper().replace("-", "").split())
        if _found(code) is not None:
            return redirect("assembly:receipt", code=code)
        form.add_error("code", _("没有这个号码。请照回执再抄一遍：没有 0、O、1、I；换发过的看新的回执。"))
    return render(
        request, "assembly/check.html", {"form": form, "title": _("核对我的票")}, status=422 if form.errors else 200
    )


def _found(code: str) -> Entry | None:
    rows = Entry.objects.select_related("decision__estate")
    return rows.filter(receipt_index=commitments.index_of(code)).first() if code else None


@never_cache
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """What became of one ballot, for whoever holds its receipt; nothing of anybody else's."""
    entry = _found(code)
    if entry is None:
        raise Http404
    case = entry.decision
    ballot = entry.ballots.filter(stands=True).first()
    counted = case.state in (S.PUBLISHED, S.CONCLUDED, S.ANNULLED)
    context: dict[str, Any] = {
        "case": case, "title": _("我的票"), "paper": entry.paper, "ballot": ballot, "counted": counted,
        "at": f"{local(ballot.collected_at):%Y-%m-%d %H:%M}" if ballot else "",
        "marks": [said(one.reason) for one in ballot.marks.all() if one.reason] if ballot and counted else [],
    }  # fmt: skip
    if counted:
        state = tallying.NONE if ballot is None else tallying.VOID if ballot.state == "void" else tallying.VALID
        choices = ballot.choices if ballot else {}
        key = DECISION.key(case)
        names = {str(item.number): str(item) for item in case.items.all()}
        context |= {
            "state": state, "choices": [(names.get(number, number), tallying.Choice(side).label) for number, side in choices.items()],
            "commitment": commitments.commit(code, commitments.ballot_document(key, entry.paper, state, choices)),
        }  # fmt: skip
    return render(request, "assembly/receipt.html", context)


def pack(request: HttpRequest, pk: int) -> HttpResponse:
    """The public pack: totals and salted commitments, no row of anybody."""
    case = (
        Decision.objects.select_related("estate", "rules").filter(pk=pk, state__in=[S.PUBLISHED, S.CONCLUDED]).first()
    )
    if case is None:
        raise Http404
    try:
        content = packs.build(case)
    except packs.Refused as refused:
        return render(request, "assembly/no_pack.html", {"title": _("现在还下载不了"), "words": refused.message})
    return _zip(content, f"{case.number}.zip")


def _zip(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def verifier(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(packs.VERIFIER.read_bytes(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{packs.VERIFIER.name}"'
    return answer


@login_required
def audit(request: HttpRequest, pk: int) -> HttpResponse:
    """The auditor's pack, with rows, for street and committee; who took it and why stands in the journal."""
    case: Decision = PAGES.fetch(request, pk)
    if case.state not in (S.PUBLISHED, S.CONCLUDED) or not _audits(acting(request), case):
        raise Http404
    form, back = forms.Audit(sent(request)), case.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            return _zip(
                packs.audit(case, by=acting(request), reason=form.cleaned_data["reason"]), f"{case.number}-audit.zip"
            )
        except packs.Refused as refused:
            form.add_error(None, refused.message)
    return ask_page(request, form, case, back)


def ask_page(request: HttpRequest, form: forms.Audit, case: Decision, back: str) -> HttpResponse:
    context = {"form": form, "title": _("下载复核包"), "send": _("下载复核包"), "back": back, "crumbs": [(str(case), back)],
               "lead": _("含每户的面积和选择，只供复核，不得外传。")}  # fmt: skip
    return render(request, "web/form.html", context, status=422 if form.errors else 200)
