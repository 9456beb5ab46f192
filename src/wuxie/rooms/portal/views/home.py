"""The front page, the search, and the pages that explain."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from wuxie.rooms.rating import public

from .. import calculators, tiles
from .. import search as searching
from ..forms import Lookup

NOTICES = 6
DECISIONS = 5


def home(request: HttpRequest) -> HttpResponse:
    """Look up an estate, see notices, verify a plaque, calculate."""
    drawn = public.tiles(tiles.districts())
    places = tiles.positions()
    on_map = bool(drawn) and all(tile.code in places for tile in drawn)
    columns = max((places[tile.code][0] for tile in drawn), default=0) if on_map else 0
    running = public.running()
    return render(
        request,
        "portal/home.html",
        {
            "title": _("首页"),
            "tiles": [(tile, tiles.level(tile), places.get(tile.code) if on_map else None) for tile in drawn],
            "columns": columns,
            "as_table": request.GET.get("tiles") == "table",
            "starred": sum(tile.starred for tile in drawn),
            "estates": sum(tile.estates for tile in drawn),
            "notices": running[:NOTICES],
            "notice_count": running.count(),
            "decisions": public.decisions(DECISIONS),
            "calculators": calculators.all_of_them(),
        },
    )


def search(request: HttpRequest) -> HttpResponse:
    """Everything public that answers to a word; an exact plaque number goes straight to its verification."""
    form = Lookup(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = searching.find(text)
    if found.plaque and not (found.estates or found.companies or found.notices):
        return redirect(f"{reverse('portal:verify')}?number={found.plaque}")
    return render(request, "portal/search.html", {"title": _("查询结果"), "q": text, "found": found})


def proof(request: HttpRequest) -> HttpResponse:
    """What anyone can check for themselves, and what no seal proves."""
    return render(request, "portal/proof.html", {"title": _("怎样自己核验")})


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html", {"title": _("无障碍说明")})
