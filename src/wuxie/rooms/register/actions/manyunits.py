"""A hundred thousand units with their owners, by few statements: read what is known, write what differs."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.access.history import note_many
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Person
from wuxie.kernel.parties.secrets import BLIND, numbers

from ..models import Building, Estate, Ownership, Unit
from ..rules import may_keep_units_of
from .bulk import insert_new
from .many import REASON, Rows, changed, given

FIELDS = ("floor", "area", "inner_area", "area_source", "use", "status", "delivered_on", "layout")
_AND = re.compile(r"[、，,;；/]+")


@transaction.atomic
def write_units(rows: Rows, *, by: Actor, use: str | None = None) -> int:
    """Write units, buildings and owners of the estates named; the number of rows.

    ``use``: what all of them are, whatever the sheet says (parking spaces). A unit is known by building, entrance and
    number; what an empty cell does not say stays. A named owner who is not the owner yet becomes it, and whoever the
    sheet no longer names ends the day before; rows that name nobody leave the owners alone. Refuses estates that this
    person does not keep.
    """
    _not_while_rotating()
    estates = _lock(rows, by)
    buildings = _buildings(rows, estates, by)
    known = {(unit.building_id, unit.entrance, unit.number): unit for unit in Unit.objects.filter(estate__in=estates)}
    made: list[Unit] = []
    updated: list[Unit] = []
    owned: list[tuple[Unit, dict[str, Any]]] = []
    for row in rows:
        values = given(row, [name for name in FIELDS if name in row])
        if use is not None:
            values["use"] = use
        building = buildings[row["estate"], row["building"]]
        unit = known.get((building, row.get("entrance") or "", row["number"]))
        if unit is None:
            unit = Unit(
                estate_id=row["estate"], building_id=building, entrance=row.get("entrance") or "", number=row["number"],
                **values,
            )  # fmt: skip
            made.append(unit)
        elif changed(unit, values):
            updated.append(unit)
        if row["owner"] and row["owner_kind"] == "owner":
            owned.append((unit, row))
    new = len(made)
    insert_new(made)
    Unit.objects.bulk_update(updated, list(FIELDS), batch_size=200)
    note_many(Unit, [unit.pk for unit in made], "+", by=by, reason=REASON)
    note_many(Unit, [unit.pk for unit in updated], "~", by=by, reason=REASON)
    _own(owned, estates if new < len(rows) else {})
    _not_while_rotating()
    return len(rows)


def _not_while_rotating() -> None:
    """Owners are matched by blind indexes; under two keys at once somebody on record would be taken for a new person."""
    if len(numbers(BLIND)) > 1:
        raise Problem("range", "$", _("正在更换数据密钥，暂时不能导入业主。请过几分钟再试。"))


def _lock(rows: Rows, by: Actor) -> dict[int, Estate]:
    """The estates, locked in the order of their numbers: two files for one estate follow one another."""
    wanted = sorted({row["estate"] for row in rows})
    found = {estate.pk: estate for estate in Estate.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    for estate in found.values():
        if not may_keep_units_of(by, estate):
            raise Problem("reference", "$.estate", _("“%(name)s”不是你在管的小区，这些户室不能写。")
                          % {"name": estate.name})  # fmt: skip
    return found


def _buildings(rows: Rows, estates: dict[int, Estate], by: Actor) -> dict[tuple[int, str], int]:
    """(estate, name) → building id; missing ones are made, floors and lifts taken from the sheet."""
    known = {(b.estate_id, b.name): b for b in Building.objects.filter(estate__in=estates)}
    said: dict[tuple[int, str], dict[str, Any]] = {}
    for row in rows:
        values = given(row, [name for name in ("floors", "has_lift") if name in row])
        said.setdefault((row["estate"], row["building"]), {}).update(values)
    made = [Building(estate_id=e, name=name, **values) for (e, name), values in said.items() if (e, name) not in known]
    updated = [known[key] for key, values in said.items() if key in known and changed(known[key], values)]
    insert_new(made)
    Building.objects.bulk_update(updated, ["floors", "has_lift"], batch_size=200)
    note_many(Building, [b.pk for b in made], "+", by=by, reason=REASON)
    note_many(Building, [b.pk for b in updated], "~", by=by, reason=REASON)
    return {(b.estate_id, b.name): b.pk for b in (*known.values(), *made)}


@dataclass(frozen=True)
class _Owner:
    """Who somebody is in a sheet: by ID number, else by name and phone, else by name at this one door."""

    id_index: str
    name_index: str
    phone_index: str
    door: int

    @classmethod
    def of(cls, person: Person, unit: Unit) -> _Owner:
        if person.id_index:
            return cls(person.id_index, "", "", 0)
        return cls("", person.name_index, person.phone_index, 0 if person.phone_index else unit.pk)


def _people(row: dict[str, Any]) -> list[Person]:
    """The owners that a row names; ``王一、李二`` are two, phone and ID number are then the first one's."""
    names = [name.strip() for name in _AND.split(row["owner"]) if name.strip()]
    return [
        Person(
            name=name,
            phone=(row["phone"] or "") if at == 0 else "",
            id_number=(row["id_number"] or "") if at == 0 else "",
        ).index()
        for at, name in enumerate(names)
    ]


def _own(owned: list[tuple[Unit, dict[str, Any]]], estates: dict[int, Estate]) -> None:
    """Make the named people the owners of their units. ``estates``: where there were owners before."""
    current = _current(estates)
    wanted = [(unit, [(_Owner.of(person, unit), person) for person in _people(row)]) for unit, row in owned]
    people = _find(wanted, current)
    new = {who: person for _unit, listed in wanted for who, person in listed if who not in people}
    insert_new(list(new.values()))
    people |= {who: person.pk for who, person in new.items()}
    made: list[Ownership] = []
    gone: list[int] = []
    for unit, listed in wanted:
        before = current.get(unit.pk, {})
        now_owning = list(dict.fromkeys(people[who] for who, _person in listed))
        gone += [pk for person, (pk, _who) in before.items() if person not in now_owning]
        stays = any(person in before for person in now_owning)
        made += [
            Ownership(
                unit_id=unit.pk,
                person_id=person,
                designated=at == 0 and not stays,
                starts_on=today() if before else None,
            )
            for at, person in enumerate(now_owning)
            if person not in before
        ]
    last = today() - datetime.timedelta(days=1)
    for start in range(0, len(gone), 500):
        Ownership.objects.filter(pk__in=gone[start : start + 500]).update(ends_on=last, designated=False)
    insert_new(made)


def _current(estates: dict[int, Estate]) -> dict[int, dict[int, tuple[int, _Owner]]]:
    """unit → owner → (ownership, who they are), for people who own today."""
    found: dict[int, dict[int, tuple[int, _Owner]]] = {}
    rows = Ownership.objects.filter(unit__estate__in=estates, ends_on=None, person__isnull=False)
    for pk, unit, person, *indexes in rows.values_list(
        "pk", "unit", "person", "person__id_index", "person__name_index", "person__phone_index"
    ):
        id_index, name_index, phone_index = indexes
        who = (
            _Owner(id_index, "", "", 0) if id_index else _Owner("", name_index, phone_index, 0 if phone_index else unit)
        )
        found.setdefault(unit, {})[person] = (pk, who)
    return found


def _find(wanted: Any, current: dict[int, dict[int, tuple[int, _Owner]]]) -> dict[_Owner, int]:
    """The people of the sheet who are on record already."""
    found = {who: person for owners in current.values() for person, (_pk, who) in owners.items()}
    ids = {who.id_index for _unit, listed in wanted for who, _person in listed if who.id_index and who not in found}
    phones = {
        who.phone_index for _unit, listed in wanted for who, _person in listed if who.phone_index and who not in found
    }
    for field, indexes in (("id_index", sorted(ids)), ("phone_index", sorted(phones))):
        for start in range(0, len(indexes), 5_000):
            rows = Person.objects.filter(**{f"{field}__in": indexes[start : start + 5_000]})
            for pk, id_index, name_index, phone_index in rows.values_list(
                "pk", "id_index", "name_index", "phone_index"
            ):
                if id_index:
                    found.setdefault(_Owner(id_index, "", "", 0), pk)
                found.setdefault(_Owner("", name_index, phone_index, 0), pk) if phone_index else None
    return found
