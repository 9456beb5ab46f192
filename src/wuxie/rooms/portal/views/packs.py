"""Checking a star without the association: the newest roots, the verifier, the pack of each published result."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wuxie.kernel.facts.refusal import Refused
from wuxie.rooms.rating import public
from wuxie.rooms.rating.packs import VERIFIER
from wuxie.web.throttle import Limit

from .. import seals
from .limits import too_often

#: A pack is made anew for each visitor, with the newest roots in it.
TAKING = Limit("pack", 20, 3600)
SEALS, PACKS = 5, 12


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The newest seals, what to download, how to check, what is not proved."""
    return render(
        request,
        "portal/ledger.html",
        {
            "title": _("核验封存与得分"), "seals": seals.latest(SEALS), "packs": public.with_packs()[:PACKS],
            "verifier": seals.spaced(seals.verifier_sha256()),
        },
    )  # fmt: skip


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The very file that lies in every pack."""
    return _file(VERIFIER.read_bytes(), "verify.py", "text/x-python; charset=utf-8")


@require_safe
@never_cache
def pack(request: HttpRequest, number: str) -> HttpResponse:
    """The pack of a published result; what is not public is not found."""
    notice = get_object_or_404(public.notices().defer(None), number=number)
    if wait := TAKING.wait(request):
        return too_often(request, wait)
    try:
        content = public.pack(notice)
    except Refused as refused:
        context = {"title": _("还没有证据包"), "notice": notice, "reason": refused.message}
        return render(request, "portal/no_pack.html", context, status=422)
    return _file(content, f"pack-{notice.pk}.zip", "application/zip")


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
