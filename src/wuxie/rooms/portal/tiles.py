"""Where a district's tile stands in the picture of a city: equal tiles, no borders implied."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.db.models.functions import Substr

from wuxie.kernel.places.models import Place
from wuxie.rooms.rating import public
from wuxie.rooms.register.models import Estate


@cache
def positions() -> dict[str, tuple[int, int]]:
    """District code → column and row, counted from one; cities that are not drawn are listed in order of their codes."""
    found = json.loads((Path(__file__).parent / "data" / "tiles.json").read_text("utf-8"))
    return {code: (column, row) for city in found.values() for code, (column, row) in city.items()}


def districts() -> dict[str, str]:
    """The districts of every city that has an estate on the register, code → name."""
    cities = Estate.objects.annotate(city=Substr("place_id", 1, 4)).order_by().values("city").distinct()
    rows = Place.objects.filter(level=Place.Level.DISTRICT, parent__in=cities).order_by("code")
    return dict(rows.values_list("code", "name"))


def level(tile: public.Tile) -> int:
    """The step of the colour ramp: under 35, 35–49, 50–59, 60 and more percent; 0 is not drawn."""
    if tile.percent is None:
        return 0
    return 1 + sum(tile.percent >= bound for bound in (35, 50, 60))
