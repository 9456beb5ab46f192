"""Hazards reported by anyone who scanned the code on the wall: no sign-in, followed by a receipt number."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from wuxie.rooms.register.models import Estate
from wuxie.rooms.safety import public
from wuxie.web.throttle import Limit

from .. import forms
from .limits import too_often
from .receipts import found_by, hidden, sent, sought

LOOKING = Limit("hazard_receipt", 60, 60)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(request: HttpRequest, code: str) -> HttpResponse:
    """The form behind the code of an estate."""
    estate = get_object_or_404(Estate, code=code)
    form = forms.Hazard(request.POST or None, request.FILES or None, hazards=public.choices())
    if done := sent(
        request, form, public.REPORTING, lambda: public.report(estate, **form.told()), "portal:hazard_receipt"
    ):
        return done
    context = {"title": _("报告隐患"), "estate": estate, "served": public.served(estate), "form": form}
    return render(request, "portal/hazard.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def look_up(request: HttpRequest) -> HttpResponse:
    """The way back to a reported hazard by its receipt number (sent by POST: it is nobody else's)."""
    form = forms.Receipt(request.POST or None)
    if found := sought(request, form, LOOKING, public.standing, "portal:hazard_receipt"):
        return found
    context = {"title": _("查隐患办到哪一步"), "form": form}
    return render(request, "portal/hazards.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """How far it is: for whoever holds the number, out of every index and cache."""
    if wait := LOOKING.wait(request):
        return too_often(request, wait)
    context = {"title": _("隐患回执"), "found": found_by(receipt, public.standing)}
    return hidden(render(request, "portal/hazard_receipt.html", context), "no-referrer")
