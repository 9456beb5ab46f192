"""A project with the people whom an inspection concerns, and assets; every name is invented."""

from __future__ import annotations

import datetime
from typing import Any

from wuxie.kernel.access.actor import NOBODY, Actor, Seat, actor_of
from wuxie.kernel.clock.now import today
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.rooms.inspections.actions import assets, cases, night, pools
from wuxie.rooms.inspections.models import Asset, Inspection, Obligation, Pool, Share
from wuxie.rooms.register.models import Project
from wuxie.rooms.register.tests import factories as register

DAY = datetime.date
PLACE = "510402001001"
PDF = ("报告.pdf", b"%PDF-1.4\n%%EOF\n")
AGENCY = {"agency": "川检电梯检验中心", "licence": "TS7110001-2027"}


def keeper(project: Project) -> Actor:
    """Whoever administers the company that serves the project."""
    return Actor("person:0", "企业管理员", seats=(Seat("company_admin", project.company_id),))


def asset(project: Project, **known: Any) -> Asset:
    given = {
        "kind": "lift",
        "code": f"梯{Asset.objects.count() + 1:04d}",
        "place": "3栋1单元",
        "base_on": DAY(2020, 6, 18),
    } | known
    return assets.register(project, by=keeper(project), **given)


def duty(of: Asset, item: str = "IN-01") -> Obligation:
    return of.obligations.select_related("project__estate", "project__company", "asset").get(item=item)


def case(project: Project) -> Inspection:
    """A lift of the project with an inspection that somebody began early."""
    return cases.open_now(duty(asset(project)), by=keeper(project))


def office() -> Actor:
    """The association's office."""
    return Actor("person:0", "office", seats=(Seat("association_secretariat", 1),))


def pool(title: str = "全市 2027 年电梯检验", place: str = "5104", **known: Any) -> Pool:
    """A request that companies of the whole city may join for ten days from today."""
    given = {"item": "IN-01", "closes_on": today() + datetime.timedelta(days=10)} | known
    return pools.begin(by=office(), title=title, place_code=place, **given)


def pool_with(project: Project) -> tuple[Pool, Share]:
    """The first request that there is, with a share of this project."""
    found = Pool.objects.first() or pool()
    return found, pools.join(found, project, by=keeper(project), quantity=4, before=90000)


class World:
    """The project, its people by what they are, and one lift whose next inspection is due at the end of June 2027."""

    def __init__(self, place: str = PLACE) -> None:
        self.project: Project = register.project(register.estate(place=place))
        company = self.project.company
        self.people: dict[str, Person] = {}
        for name, role, seat in (
            ("admin", "company_admin", {"organisation": company}), ("contact", "company_contact", {"organisation": company}),
            ("manager", "project_manager", {"subject": self.project.key}),
            ("director", "safety_director", {"organisation": company}),
            ("principal", "company_principal", {"organisation": company}),
            ("community", "gov_community", {"place_code": place}), ("street", "gov_street", {"place_code": place[:9]}),
            ("district", "gov_district", {"place_code": place[:6]}), ("city", "gov_city", {"place_code": place[:4]}),
            ("office", "association_secretariat", {"organisation": Organisation.objects.create(kind="association", name="市物业协会")}),
            ("owner", "owner", {"subject": self.project.estate.key}),
        ):  # fmt: skip
            self.people[name] = Person.objects.create(name=f"{name}某")
            appoint(self.people[name], role, by="test", starts_on=DAY(2020, 1, 1), **seat)

    def __getitem__(self, name: str) -> Actor:
        return NOBODY if name == "visitor" else actor_of(self.people[name])

    def lift(self, **known: Any) -> Asset:
        """Base June 2020: inspected in 2021, 2024, 2027 …, tested between; seen last in June 2026."""
        given = {"kind": "lift", "code": f"梯{Asset.objects.count() + 1:04d}", "base_on": DAY(2020, 6, 18), "last_on": DAY(2026, 6, 10),
                 "place": "3栋1单元"} | known  # fmt: skip
        return assets.register(self.project, by=self["manager"], **given)

    def opened(self, on: Asset, item: str = "IN-01") -> Inspection:
        """The case that the night opens for an item."""
        night.open_due(today())
        return Inspection.objects.select_related("project__estate", "project__company", "asset", "obligation").get(
            obligation__asset=on, obligation__item=item, is_restart=False
        )

    def inspected(self, found: Inspection, on: DAY) -> Inspection:
        cases.inspect(found, by=self["manager"], inspected_on=on, **AGENCY)
        return found

    def passed(self, found: Inspection, on: DAY, number: str = "川检-001") -> Inspection:
        self.inspected(found, on)
        with print_later():
            cases.passed(found, by=self["manager"], report_number=number, file=PDF)
        return found
