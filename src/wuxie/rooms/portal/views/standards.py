"""Published standards, read by anyone; and the figures of law that the computations use."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def index(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/standards.html", {"title": _("标准与法规"), "standards": []})


def standard(request: HttpRequest, name: str, version: str) -> HttpResponse:
    return index(request)
