"""Estates, their buildings and units."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor

from .. import queries
from ..models import Building, Estate, Unit
from .levels import estate_changed


@transaction.atomic
def add_estate(*, by: Actor, **known: Any) -> Estate:
    """Put an estate on the register; without a code it gets the next one of its district."""
    estate = Estate(**known)
    if not estate.code:
        estate.code = next_code(estate.place_id)
    return _keep(estate, by=by)


@transaction.atomic
def change_estate(estate: Estate, *, by: Actor, **changes: Any) -> Estate:
    """Correct an estate; a change of households or area is told to the ledger for whoever serves it."""
    for field, value in changes.items():
        setattr(estate, field, value)
    return _keep(estate, by=by)


def _keep(estate: Estate, *, by: Actor) -> Estate:
    twin = Estate.objects.filter(place_id=estate.place_id, name=estate.name).exclude(pk=estate.pk).first()
    if twin is not None:
        raise ValidationError(
            {
                "name": _("这个社区已有“%(name)s”（编码 %(code)s）。请直接改那一个。")
                % {"name": twin.name, "code": twin.code}
            }
        )
    if Estate.objects.filter(code=estate.code).exclude(pk=estate.pk).exists():
        raise ValidationError(
            {"code": _("编码 %(code)s 已有小区在用。换一个，或留空由系统编。") % {"code": estate.code}}
        )
    estate.save()
    estate_changed(estate, by=by)
    return estate


def next_code(place_code: str, taken: Collection[str] = ()) -> str:
    """The next free code of a district: ``510402-0012``. ``taken``: codes given out in the same act."""
    district = place_code[:6]
    used = set(Estate.objects.filter(code__startswith=f"{district}-").values_list("code", flat=True)) | set(taken)
    numbers = [
        int(rest)
        for first, _dash, rest in (code.partition("-") for code in used)
        if first == district and rest.isdigit()
    ]
    return f"{district}-{max(numbers, default=0) + 1:04d}"


@transaction.atomic
def take_totals(estate: Estate, *, by: Actor) -> Estate:
    """Let households and area be what the list of units adds up to."""
    estate.households, estate.area = queries.totals(estate)
    if not estate.households and not estate.area:
        raise ValidationError(_("这个小区还没有户室，没有数可取。请先导入户室清册。"))
    return _keep(estate, by=by)


@transaction.atomic
def add_building(estate: Estate, *, by: Actor, name: str, **known: Any) -> Building:
    name = name.strip()
    if estate.buildings.filter(name=name).exists():
        raise ValidationError({"name": _("已有“%(name)s”这一栋。") % {"name": name}})
    return Building.objects.create(estate=estate, name=name, **known)


@transaction.atomic
def change_building(building: Building, *, by: Actor, **changes: Any) -> Building:
    for field, value in changes.items():
        setattr(building, field, value)
    if building.estate.buildings.filter(name=building.name).exclude(pk=building.pk).exists():
        raise ValidationError({"name": _("已有“%(name)s”这一栋。") % {"name": building.name}})
    building.save()
    return building


@transaction.atomic
def add_unit(building: Building, *, by: Actor, **known: Any) -> Unit:
    return _keep_unit(Unit(estate_id=building.estate_id, building=building, **known))


@transaction.atomic
def change_unit(unit: Unit, *, by: Actor, **changes: Any) -> Unit:
    for field, value in changes.items():
        setattr(unit, field, value)
    unit.estate_id = unit.building.estate_id
    return _keep_unit(unit)


def _keep_unit(unit: Unit) -> Unit:
    same = Unit.objects.filter(building=unit.building_id, entrance=unit.entrance, number=unit.number)
    if same.exclude(pk=unit.pk).exists():
        raise ValidationError({"number": _("%(door)s 已经登记过。") % {"door": str(unit)}})
    unit.save()
    return unit
