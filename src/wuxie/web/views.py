"""How the reader wants to read, and the pages of refusal."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .context import LARGE
from .forms import Reading

YEAR = 365 * 24 * 3600


@csrf_exempt  # A preference of one browser: a forged request can only change the size of letters or the language.
@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    """Remember the size of letters or the language in a cookie and go back to the page."""
    form = Reading(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    asked = form.cleaned_data
    safe = url_has_allowed_host_and_scheme(asked["next"], {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(asked["next"] if safe else "/")
    secure = settings.SESSION_COOKIE_SECURE
    if asked["large"]:
        response.set_cookie(LARGE, asked["large"], max_age=YEAR, samesite="Lax", secure=secure, httponly=True)
    if asked["language"]:
        name = settings.LANGUAGE_COOKIE_NAME
        response.set_cookie(name, asked["language"], max_age=YEAR, samesite="Lax", secure=secure, httponly=True)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or came from another site."""
    return render(request, "403_csrf.html", status=403)
