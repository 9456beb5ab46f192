"""What happens to every request of a signed-in person."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from wuxie.kernel.parties.roles import ROLES

from .actor import NOBODY, Actor, actor_of

Answer = Callable[[HttpRequest], HttpResponse]

SEEN = "seen"
#: Seconds between two writes of the idle clock: reading a page must not take the write lock each time.
GRAIN = 60


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    return actor_of(user.person) if user.is_authenticated and user.person_id else NOBODY  # type: ignore[arg-type]


def acting(get_response: Answer) -> Answer:
    """Put ``request.actor`` there; ask for appointments anew at each request, so that a right ends with its day."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        response = get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def idle(get_response: Answer) -> Answer:
    """Sign out who was away too long (minutes in ``WUXIE_IDLE_MINUTES``)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            seen, moment = request.session.get(SEEN, 0), int(time.time())
            if seen and moment - seen > settings.IDLE_SECONDS:
                logout(request)
            elif moment - seen >= GRAIN:
                request.session[SEEN] = moment
        return get_response(request)

    return middleware


def second_factor(get_response: Answer) -> Answer:
    """Staff without a second factor are led to set one up before anything else (``WUXIE_REQUIRE_TOTP``)."""
    open_paths = ("/accounts/", "/static/", "/i18n/", "/healthz", "/readyz")

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.REQUIRE_TOTP and request.user.is_authenticated and not request.path.startswith(open_paths):
            staff = any(ROLES[role].staff for role in request.actor.roles if role in ROLES)  # type: ignore[attr-defined]
            if staff and not Authenticator.objects.filter(user=request.user, type="totp").exists():
                return redirect(reverse("mfa_activate_totp"))
        return get_response(request)

    return middleware
