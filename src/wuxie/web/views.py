"""How the reader wants to read, which part of their area they look at, and the pages of refusal."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from . import area
from .context import LARGE
from .forms import LookAt, Reading

YEAR = 365 * 24 * 3600


@csrf_exempt  # A preference of one browser: a forged request can only change the size of letters or the language.
@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    """Remember the size of letters or the language in a cookie and go back to the page."""
    form = Reading(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    asked = form.cleaned_data
    response = _back(request, asked["next"])
    secure = settings.SESSION_COOKIE_SECURE
    if asked["large"]:
        response.set_cookie(LARGE, asked["large"], max_age=YEAR, samesite="Lax", secure=secure, httponly=True)
    if asked["language"]:
        name = settings.LANGUAGE_COOKIE_NAME
        response.set_cookie(name, asked["language"], max_age=YEAR, samesite="Lax", secure=secure, httponly=True)
    return response


def _back(request: HttpRequest, wanted: str, other: str = "/") -> HttpResponseRedirect:
    """To a page of this site, else to the other one."""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(wanted if safe else other)


@require_POST
def look_at(request: HttpRequest) -> HttpResponse:
    """Look at one part of one's own area in every list, or at the whole again."""
    form = LookAt(request.POST)
    if area.area(request) is None:
        raise Http404
    if not form.is_valid() or not area.choose(request, form.cleaned_data["place"]):
        raise PermissionDenied
    return _back(request, form.cleaned_data["next"], reverse("desk"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or came from another site."""
    return render(request, "403_csrf.html", status=403)
