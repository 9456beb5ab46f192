"""The page for an address that asks too often."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def too_often(request: HttpRequest, wait: int) -> HttpResponse:
    minutes = -(-wait // 60)
    response = render(
        request, "portal/too_often.html", {"title": _("请求太多"), "minutes": minutes, "seconds": wait}, status=429
    )
    response.headers["Retry-After"] = str(wait)
    return response
