"""A project with the people whom a hazard concerns, and hazards in every state; every name is invented."""

from __future__ import annotations

import datetime
import io
from typing import Any

from PIL import Image

from wuxie.kernel.access.actor import NOBODY, Actor, actor_of
from wuxie.kernel.clock.now import SHANGHAI
from wuxie.kernel.notify.models import Message
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.rooms.register.models import Project
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.safety.actions import hazards, reporting
from wuxie.rooms.safety.actions.library import publish_shipped
from wuxie.rooms.safety.models import Hazard

DAY = datetime.date
#: The moment at which most of these tests begin: a Monday morning.
TEN = datetime.datetime(2026, 11, 16, 10, tzinfo=SHANGHAI).astimezone(datetime.UTC)
PLACE = "510402001001"
SAID = {"place": "3栋配电间", "words": "母排接头发黑，烫手"}
CLEARS = {"person": "李电工", "measure": "换接头", "money": "物业费 2000 元", "time": "两日内", "plan": "备发电车"}


def picture(colour: str = "red") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "JPEG")
    return made.getvalue()


PHOTO = ("现场.jpg", picture())
AFTER = ("改好.jpg", picture("green"))


class World:
    """The project, its people by what they are, and the verbs that bring a hazard to a state."""

    def __init__(self, place: str = PLACE) -> None:
        publish_shipped()
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
            ("electrician", "post_holder", {"subject": self.project.key}), ("lead", "post_holder", {"subject": self.project.key}),
            ("owner", "owner", {"subject": self.project.estate.key}),
        ):  # fmt: skip
            self.people[name] = Person.objects.create(name=f"{name}某")
            appoint(self.people[name], role, by="test", starts_on=DAY(2020, 1, 1), **seat)
        self.holds("electrician", "electrician", "电工")
        self.holds("lead", "engineering", "工程主管", is_management=True)
        self.holds("manager", "project_manager", "项目经理", is_management=True)

    def holds(self, who: str, kind: str, name: str, **rest: Any) -> None:
        post = register.post(self.project, name, kind=kind, certificate="", **rest)
        post.holdings.create(person=self.people[who], starts_on=DAY(2020, 1, 1))

    def __getitem__(self, name: str) -> Actor:
        return NOBODY if name == "visitor" else actor_of(self.people[name])

    def found(self, code: str = "HZ-E05", by: str = "electrician", **known: Any) -> Hazard:
        given = SAID | {"source": "duty", "once": f"k{Hazard.objects.count()}", "files": [PHOTO]} | known
        with print_later():
            return reporting.report_with(self.project, code, by=self[by], **given)

    def assigned(self, code: str = "HZ-E05", fixer: str = "electrician", **known: Any) -> Hazard:
        hazard = self.found(code, **known)
        with print_later():
            hazards.assign(hazard, by=self["manager"], fixer=self.people[fixer])
        return hazard

    def rectifying(self, code: str = "HZ-E05", **known: Any) -> Hazard:
        hazard = self.assigned(code, **known)
        with print_later():
            if hazard.is_major:
                hazards.control(hazard, by=self["electrician"], interim="降负荷", photo=PHOTO)
                hazards.report_major(hazard, by=self["principal"], authority="应急局")
            hazards.start(hazard, by=self["electrician"], **(CLEARS if hazard.is_major else {}))
        return hazard

    def fixed(self, code: str = "HZ-E05", **known: Any) -> Hazard:
        hazard = self.rectifying(code, **known)
        with print_later():
            hazards.fix(hazard, by=self["electrician"], remedy="换了接头，测温正常", photo=AFTER)
        return hazard

    def closed(self, code: str = "HZ-E05", **known: Any) -> Hazard:
        hazard = self.fixed(code, **known)
        with print_later():
            hazards.verify(hazard, by=self["lead"], note="到场测温 42 度")
        return hazard


def told(world: World, name: str, words: str) -> bool:
    """Whether somebody was told something with these words in its title."""
    return Message.objects.filter(person_key=world.people[name].key, title__contains=words).exists()
