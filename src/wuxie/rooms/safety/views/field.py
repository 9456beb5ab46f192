"""The phone's own pages under ``/field/``: one empty shell that works without a signal, the day's data, and the way in.

The shell holds nothing private, so that the phone may keep it; everything else is the account's own and never cached.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET, require_POST

from wuxie.kernel.calc.problems import Problem
from wuxie.web.asking import acting
from wuxie.web.templatetags.web import built

from ..actions import checks
from ..items import moment
from ..phone import bundle

STATUS = {"key_reused": 409, "other_account": 403}


def _refused(problem: Problem) -> JsonResponse:
    return JsonResponse(problem.as_dict(), status=STATUS.get(problem.code, 422))


def _stranger() -> JsonResponse:
    problem = Problem("signed_out", "$", _("登录已过期。请重新登录，存在本机的不会丢。"))
    return JsonResponse(problem.as_dict(), status=401)


@require_GET
def shell(request: HttpRequest, code: str = "") -> HttpResponse:
    """Today, one duty, or a place whose code was scanned: the same page, filled by the phone."""
    response = render(request, "safety/field.html", {"title": _("今天"), "entry": _entry()})
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_GET
def day(request: HttpRequest) -> JsonResponse:
    """What the signed-in person has to do, and the token with which it may be sent."""
    if not request.user.is_authenticated:
        return _stranger()
    return JsonResponse(bundle(acting(request)) | {"csrf": get_token(request)})


@csrf_protect
@require_POST
def receive(request: HttpRequest) -> JsonResponse:
    """One entry of the queue with its photos."""
    if not request.user.is_authenticated:
        return _stranger()
    try:
        sent_at = moment(request.POST.get("sent_at"), "$.sent_at")
        photos = [file.read() for file in request.FILES.getlist("photo")]
        return JsonResponse(
            checks.receive(request.POST.get("item", "").encode(), photos, sent_at=sent_at, by=acting(request))
        )
    except Problem as problem:
        return _refused(problem)


def _entry() -> dict[str, Any]:
    """The built script of these pages and the files that it needs without a signal."""
    found = built().get("src/field.js", {})
    main = built().get("src/main.js", {})
    icons = built().get("src/icons.svg", {})
    files = [found.get("file"), *main.get("css", []), *found.get("css", []), icons.get("file")]
    return {
        "script": static(found["file"]) if found else "",
        "files": [static(file) for file in dict.fromkeys(files) if file],
        "styles": [static(file) for file in dict.fromkeys([*main.get("css", []), *found.get("css", [])])],
        "icons": static(icons["file"]) if icons else "",
    }


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker under an address that never changes; its scope is these pages and no others."""
    entry = _entry()
    response = render(
        request, "safety/field_worker.js", {"files": entry["files"], "shell": reverse("field:today")},
        content_type="text/javascript; charset=utf-8",
    )  # fmt: skip
    response.headers["Service-Worker-Allowed"] = reverse("field:today")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """What makes the pages installable."""
    icon = {"src": reverse("field:icon"), "sizes": "any", "type": "image/svg+xml", "purpose": "any maskable"}
    return JsonResponse(
        {
            "name": _("岗位履职"), "short_name": _("履职"), "lang": "zh-CN", "start_url": reverse("field:today"),
            "scope": reverse("field:today"), "display": "standalone", "background_color": "#f5f6f8", "theme_color": "#0958d9",
            "icons": [icon],
        },
        content_type="application/manifest+json",
    )  # fmt: skip


@require_GET
def icon(request: HttpRequest) -> HttpResponse:
    """The icon on the home screen."""
    return render(request, "safety/field_icon.svg", content_type="image/svg+xml")
