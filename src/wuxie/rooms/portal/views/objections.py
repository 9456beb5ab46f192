"""Objections by anyone: sent with a way to be reached that nobody at the company sees, followed by a receipt number."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from wuxie.rooms.rating import public
from wuxie.rooms.rating.models import Application
from wuxie.web.throttle import Limit

from .. import forms
from .limits import too_often
from .receipts import found_by, hidden, sent, sought

LOOKING = Limit("receipt", 60, 60)


def _indicators(application: Application) -> list[tuple[str, str]]:
    groups = public.scores(application.snapshot)
    return [(one.id, f"{one.id} {one.label}") for group in groups for one in group.indicators]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def object_to(request: HttpRequest, number: str) -> HttpResponse:
    """The form; what it makes is a case of the rating room, known from here on by its receipt."""
    notice = get_object_or_404(public.notices().defer(None), number=number)
    context = {"title": _("提异议"), "notice": notice, "open": public.takes_objections(notice)}
    form = forms.Objection(request.POST or None, request.FILES or None, indicators=_indicators(notice))
    if done := sent(request, form, public.OBJECTING, lambda: public.object_to(notice, **form.told()), "portal:receipt"):
        return done
    return render(request, "portal/objection.html", context | {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def look_up(request: HttpRequest) -> HttpResponse:
    """How to object, and the way back to an objection by its receipt number (sent by POST: it is nobody else's)."""
    form = forms.Receipt(request.POST or None)
    if found := sought(request, form, LOOKING, public.objection, "portal:receipt"):
        return found
    context = {"title": _("异议"), "form": form, "running": list(public.running())}
    return render(request, "portal/objections.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """State and decision of one objection: for whoever holds the number, out of every index and cache."""
    if wait := LOOKING.wait(request):
        return too_often(request, wait)
    found = found_by(receipt, public.objection)
    context = {"title": _("异议回执"), "objection": found, "state": found.State(found.state).label}
    context["indicator"] = public.indicator_words(found.application, found.indicator)
    return hidden(render(request, "portal/receipt.html", context), "no-referrer")
