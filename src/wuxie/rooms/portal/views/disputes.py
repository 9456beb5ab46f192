"""Disputes told of by anyone: no sign-in, followed by a receipt number, asked and answered there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.mediation import public
from wuxie.rooms.register.models import Estate
from wuxie.web.throttle import Limit

from .. import forms
from .limits import too_often
from .receipts import found_by, hidden, sent, sought

LOOKING = Limit("dispute_receipt", 60, 60)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def tell(request: HttpRequest, code: str) -> HttpResponse:
    """The form for one estate."""
    estate = get_object_or_404(Estate, code=code)
    form = forms.Dispute(request.POST or None)
    if done := sent(
        request, form, public.TELLING, lambda: public.tell(estate, **form.told()), "portal:dispute_receipt"
    ):
        return done
    context = {"title": _("反映物业纠纷"), "estate": estate, "form": form}
    return render(request, "portal/dispute.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def look_up(request: HttpRequest) -> HttpResponse:
    """The way back by the receipt number (sent by POST: it is nobody else's)."""
    form = forms.Receipt(request.POST or None)
    if found := sought(request, form, LOOKING, public.standing, "portal:dispute_receipt"):
        return found
    context = {"title": _("查反映办到哪一步"), "form": form}
    return render(request, "portal/disputes.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """How far it is, and what is asked: for whoever holds the number, out of every index and cache."""
    if wait := LOOKING.wait(request):
        return too_often(request, wait)
    context = {
        "title": _("反映回执"),
        "found": found_by(receipt, public.standing),
        "form": forms.DisputeAnswer(),
    }
    return hidden(render(request, "portal/dispute_receipt.html", context))


@require_POST
@never_cache
def answer(request: HttpRequest, receipt: str) -> HttpResponse:
    """What the holder says to the question."""
    if wait := LOOKING.wait(request):
        return too_often(request, wait)
    number = found_by(receipt, public.standing).receipt
    try:
        public.answer(number, words=request.POST.get("words", ""))
        messages.success(request, _("已收到你的回话。"))
    except Refusal as refused:
        messages.error(request, refused.message)
    return redirect("portal:dispute_receipt", receipt=number)
