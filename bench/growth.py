"""A list page as its table grows from ten thousand rows to a million: flat, or not.

In a home of its own. The page is the register of doors as the association sees it: the first fifty rows, then with a use and a
door's number asked for, each with its exact total.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .figures import Figure, timed
from .grown import at_home, grow, opened

SIZES = (10_000, 1_000_000)
ESTATES, TIMES = 100, 20
PAGES = {
    "first page": "/register/units/",
    "of one use, last page": "/register/units/?f_use=shop&page=9999",
    "use + door searched": "/register/units/?f_use=home&q=1204",
}


def figures(folder: Path) -> Iterator[Figure]:
    few, many = at_home(folder, "bench.growth")
    for what in PAGES:
        yield Figure(
            "growth", f"doors, {what}, {SIZES[1]:,} rows", tuple(many[what]), tuple(few[what]),
            f"the same page with {SIZES[0]:,} rows", factor=1.5,
        )  # fmt: skip


def _measured(browser: Any) -> dict[str, Any]:
    return {what: timed(lambda path=path: opened(browser, path), TIMES) for what, path in PAGES.items()}


def _fill(first: int, until: int) -> None:
    """Doors ``first`` to ``until``, spread over a hundred estates; 200 a building."""
    from django.db import transaction

    from wuxie.kernel.facts.rows import insert
    from wuxie.kernel.places.models import Place
    from wuxie.rooms.register.models import Building, Estate, Unit

    with transaction.atomic():
        if not first:
            place = Place.objects.filter(level=4).order_by("pk")[0]
            for number in range(ESTATES):
                Estate.objects.create(name=f"例园{number}", code=f"B{number:05d}", place=place)
        estates = list(Estate.objects.order_by("pk").values_list("pk", flat=True))
        houses = range(first // 200, until // 200)
        Building.objects.bulk_create(
            (Building(pk=house + 1, estate_id=estates[house % ESTATES], name=f"{house}栋") for house in houses),
            batch_size=5000,
        )
        names = [
            "estate_id", "building_id", "entrance", "number", "floor", "area", "area_source", "use", "status", "layout",
        ]  # fmt: skip
        insert(Unit, names, [
            (estates[door // 200 % ESTATES], door // 200 + 1, f"{door % 200 // 100 + 1}", f"{door % 100 // 4 + 1}{door % 4 + 1:02d}",
             door % 100 // 4 + 1, 9000 + door % 4000, "registered", "shop" if door % 50 == 0 else "home", "delivered", "")
            for door in range(first, until)
        ])  # fmt: skip


if __name__ == "__main__":
    grow(SIZES, _fill, _measured)
