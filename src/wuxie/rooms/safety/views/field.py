"""The phone's own pages under ``/field/``: one empty shell that works without a signal, the day's data, and the way in.

The shell holds nothing private, so that the phone may keep it; everything else is the account's own and never cached.
"""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Callable
from itertools import islice
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET, require_POST
from PIL import Image, ImageDraw

from wuxie.kernel.calc.problems import Problem
from wuxie.web.asking import acting
from wuxie.web.templatetags.web import built

from .. import field_parts
from ..actions import checks
from ..fieldwords import words
from ..items import MOST_PHOTOS, moment
from ..phone import bundle

ICONS = (192, 512)
#: So many entries a phone sends in one go, and what may stand there as the number of an entry's photos.
MOST_ENTRIES, HOW_MANY = 20, {str(n) for n in range(MOST_PHOTOS + 1)}
#: A process takes what one phone sends at a time and asks the others to come again: after an outage all phones send at once, and whoever
#: reads a page meanwhile must find a free hand.
_door = threading.BoundedSemaphore(1)
STATUS = {"key_reused": 409, "other_account": 403}


def _refused(problem: Problem) -> JsonResponse:
    return JsonResponse(problem.as_dict(), status=STATUS.get(problem.code, 422))


def _stranger() -> JsonResponse:
    problem = Problem("signed_out", "$", _("登录已过期。请重新登录，存在本机的不会丢。"))
    return JsonResponse(problem.as_dict(), status=401)


def _busy() -> JsonResponse:
    problem = Problem("busy", "$", _("发送的人多，稍后自动再发。"))
    return JsonResponse(problem.as_dict(), status=503, headers={"Retry-After": "10"})


@require_GET
def shell(request: HttpRequest, code: str = "") -> HttpResponse:
    """Today, one duty, or a place whose code was scanned: the same page, filled by the phone."""
    response = render(request, "safety/field.html", _shell())
    response.headers["Cache-Control"] = "no-cache"
    return response


def _shell() -> dict[str, Any]:
    said = words()
    for part in field_parts.parts():
        said |= part.words()
    return {
        "title": _("今天"),
        "entry": _entry(),
        "words": said,
        "parts": [part.template for part in field_parts.parts()],
    }


@require_GET
def day(request: HttpRequest) -> JsonResponse:
    """What the signed-in person has to do, and the token with which it may be sent."""
    if not request.user.is_authenticated:
        return _stranger()
    actor = acting(request)
    others = {part.name: part.day(actor) for part in field_parts.parts()}
    return JsonResponse(bundle(actor) | others | {"csrf": get_token(request)})


@csrf_protect
@require_POST
def receive(request: HttpRequest) -> JsonResponse:
    """One entry of the queue with its photos."""
    if not request.user.is_authenticated:
        return _stranger()
    return _one_at_a_time(_received, request)


@csrf_protect
@require_POST
def receive_all(request: HttpRequest) -> JsonResponse:
    """Several checks of one phone, the oldest first: ``item`` as often, ``photos`` how many belong to each, and all of those in order."""
    if not request.user.is_authenticated:
        return _stranger()
    return _one_at_a_time(_received_all, request)


def _one_at_a_time(take: Callable[[HttpRequest], JsonResponse], request: HttpRequest) -> JsonResponse:
    if not _door.acquire(blocking=False):
        return _busy()
    try:
        return take(request)
    except Problem as problem:
        return _refused(problem)
    finally:
        _door.release()


def _received(request: HttpRequest) -> JsonResponse:
    sent_at = moment(request.POST.get("sent_at"), "$.sent_at")
    photos = [file.read() for file in request.FILES.getlist("photo")[: MOST_PHOTOS + 1]]
    body, kind = request.POST.get("item", "").encode(), request.POST.get("kind", "")
    if not kind:
        return JsonResponse(checks.receive(body, photos, sent_at=sent_at, by=acting(request)))
    part = field_parts.part(kind)
    if part is None:
        raise Problem("reference", "$.kind", _("这一种现在收不了，请更新页面再发。"))
    return JsonResponse(part.receive(body, photos, sent_at, acting(request)))


def _received_all(request: HttpRequest) -> JsonResponse:
    sent_at = moment(request.POST.get("sent_at"), "$.sent_at")
    answers = checks.receive_all(_entries(request), sent_at=sent_at, by=acting(request))
    return JsonResponse({"answers": [one.as_dict() if isinstance(one, Problem) else one for one in answers]})


def _entries(request: HttpRequest) -> list[tuple[bytes, list[bytes]]]:
    """Each entry with the photos that belong to it."""
    items, counts, photos = request.POST.getlist("item"), request.POST.getlist("photos"), request.FILES.getlist("photo")
    if not 0 < len(items) <= MOST_ENTRIES or len(counts) != len(items):
        raise Problem("range", "$.item", _("一次发送 1 到 %(n)s 件，每件写明照片张数。") % {"n": MOST_ENTRIES})
    if not all(count in HOW_MANY for count in counts) or sum(map(int, counts)) != len(photos):
        raise Problem("missing", "$.photos", _("照片没有传完，请再发送一次。"))
    left = iter(photos)
    return [
        (item.encode(), [file.read() for file in islice(left, int(count))])
        for item, count in zip(items, counts, strict=True)
    ]


def _entry() -> dict[str, Any]:
    """The built scripts and styles of these pages: everything they need without a signal."""
    known = built()
    field, main = _whole("src/field.js"), _whole("src/main.js")
    styles = [css for name in field for css in known[name].get("css", ())]
    icons = known.get("src/icons.svg", {}).get("file")
    scripts = [known[name]["file"] for name in dict.fromkeys([*main, *field])]
    sheets = [css for name in main for css in known[name].get("css", ())]
    return {
        "script": static(known["src/field.js"]["file"]) if field else "",
        "styles": [static(css) for css in styles if css not in sheets],
        "icons": static(icons) if icons else "",
        "files": [static(file) for file in dict.fromkeys([*scripts, *sheets, *styles, icons]) if file],
    }


def _whole(name: str) -> list[str]:
    """A built script with those that it imports."""
    known = built()
    if name not in known:
        return []
    return [name, *(more for one in known[name].get("imports", ()) for more in _whole(one))]


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker under an address that never changes; its scope is these pages and no others."""
    page = render_to_string("safety/field.html", _shell(), request)
    context = {
        "files": [*_entry()["files"], reverse("field:manifest")], "shell": reverse("field:today"),
        "version": hashlib.sha256(page.encode()).hexdigest()[:16],
    }  # fmt: skip
    response = render(request, "safety/field_worker.js", context, content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = reverse("field:today")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """What makes the pages installable."""
    icons = [
        {"src": reverse("field:icon", args=[size]), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any maskable"}
        for size in ICONS
    ]  # fmt: skip
    return JsonResponse(
        {
            "name": _("岗位履职"), "short_name": _("履职"), "lang": "zh-CN", "start_url": reverse("field:today"),
            "scope": reverse("field:today"), "display": "standalone", "background_color": "#f5f6f8", "theme_color": "#111827",
            "icons": icons,
        },
        content_type="application/manifest+json",
    )  # fmt: skip


@require_GET
def icon(request: HttpRequest, size: int) -> HttpResponse:
    """The sign on the home screen: a tick on blue."""
    if size not in ICONS:
        raise Http404
    picture = Image.new("RGB", (size, size), "#0958d9")
    tick = [(round(x * size), round(y * size)) for x, y in ((0.27, 0.52), (0.44, 0.68), (0.74, 0.34))]
    ImageDraw.Draw(picture).line(tick, fill="#fff", width=size // 11, joint="curve")
    made = io.BytesIO()
    picture.save(made, "PNG")
    return HttpResponse(made.getvalue(), content_type="image/png")
