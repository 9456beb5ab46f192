"""Bring the divisions of the packaged file into the database; again and again without harm."""

from __future__ import annotations

import csv
from pathlib import Path

from django.db import transaction

from wuxie.kernel.search import search_text

from .models import LENGTHS, Place, parent_code

DATA = Path(__file__).parent / "data" / "places.csv"


def read_places(path: Path = DATA) -> list[tuple[str, str]]:
    """(code, name) of every division in the file, a division always after the one above it."""
    with path.open(encoding="utf-8", newline="") as file:
        return sorted((row["code"], row["name"]) for row in csv.DictReader(file))


@transaction.atomic
def load_places(path: Path = DATA) -> int:
    """Add what is missing and rename what was renamed; the number of rows touched. Nothing is ever removed."""
    wanted = read_places(path)
    known = dict(Place.objects.values_list("code", "name"))
    made = [_place(code, name) for code, name in wanted if code not in known]
    renamed = [_place(code, name) for code, name in wanted if known.get(code, name) != name]
    Place.objects.bulk_create(sorted(made, key=lambda place: (place.level, place.code)), batch_size=500)
    Place.objects.bulk_update(renamed, ["name", "search"], batch_size=200)
    return len(made) + len(renamed)


def _place(code: str, name: str) -> Place:
    level = LENGTHS.index(len(code)) + 1
    return Place(code=code, name=name, level=level, parent_id=parent_code(code), search=search_text(name))
