"""Estates, companies, contracts, units and people for tests; every name is invented."""

from __future__ import annotations

import datetime
from typing import Any

from stdnum.cn import uscc

from wuxie.kernel.access.actor import THE_CLOCK
from wuxie.kernel.parties.models import Organisation
from wuxie.rooms.register.actions import contracts, estates, owners, posts
from wuxie.rooms.register.models import Estate, Holding, Post, Project, Unit

DAY = datetime.date


def company(name: str = "甲物业", number: int = 1) -> Organisation:
    body = f"91510400MADEMX{number:03d}"
    code = body + uscc.calc_check_digit(body)
    made, _new = Organisation.objects.get_or_create(
        name=f"{name}服务有限公司", defaults={"kind": "company", "short_name": name, "uscc": code}
    )
    return made


def estate(name: str = "立春里", place: str = "510402001001", **known: Any) -> Estate:
    return estates.add_estate(
        by=THE_CLOCK, name=name, place_id=place, **({"households": 300, "area": 3_000_000} | known)
    )


def project(home: Estate | None = None, serving: Organisation | None = None, **known: Any) -> Project:
    days = {"starts_on": DAY(2024, 1, 1), "ends_on": DAY(2028, 12, 31)}
    return contracts.begin_service(home or estate(), serving or company(), by=THE_CLOCK, **(days | known))


def unit(home: Estate, number: str = "101", building: str = "1", **known: Any) -> Unit:
    block = home.buildings.filter(name=building).first() or estates.add_building(
        home, by=THE_CLOCK, name=building, floors=18
    )
    return estates.add_unit(block, by=THE_CLOCK, number=number, **({"entrance": "1", "area": 8950} | known))


def owner(door: Unit, name: str = "王样一", phone: str = "13900000001") -> Any:
    return owners.add_owner(door, by=THE_CLOCK, name=name, phone=phone)


def post(of: Project, name: str = "消控室", **known: Any) -> Post:
    return posts.open_post(of, by=THE_CLOCK, name=name, **({"kind": "fire_control"} | known))


def holding(at: Post, name: str = "李样二", phone: str = "13900000002", **known: Any) -> Holding:
    return posts.assign(at, by=THE_CLOCK, name=name, phone=phone, **({"starts_on": DAY(2026, 1, 1)} | known))


def whole(answer: Any) -> bytes:
    """A file that was sent, closed without ending the test's own connection to the database."""
    content = b"".join(answer)
    for close in answer._resource_closers:
        close()
    return content
