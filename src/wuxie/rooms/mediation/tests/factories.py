"""A dispute at an estate and the people around it; every name is invented."""

from __future__ import annotations

import datetime
from typing import Any

from wuxie.kernel.access.actor import NOBODY, THE_CLOCK, Actor, Seat, actor_of
from wuxie.kernel.clock.now import SHANGHAI, frozen, now, today
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.rooms.mediation.actions import ending, handling, intake, petitions
from wuxie.rooms.mediation.actions import rota as desk
from wuxie.rooms.mediation.actions.common import step
from wuxie.rooms.mediation.models import Affiliation, Dispute, Expert, Petition, Rota, Shift, Sitting, Swap, Voice
from wuxie.rooms.register.models import Project
from wuxie.rooms.register.tests import factories as register

DAY = datetime.date
PLACE = "510402001001"
PDF = ("文件.pdf", b"%PDF-1.4\n%%EOF\n")
#: Who wants to stay hidden; planted, and looked for everywhere.
HIDDEN, HIDDEN_PHONE = "欧阳藏名", "13755554444"
OFFICE = Actor("person:0", seats=(Seat("association_secretariat"),))


def voice(project: Project, **known: Any) -> Voice:
    """One voice about a leak, by somebody who wants to stay hidden."""
    given = {
        "channel": "walk_in", "title": "顶层屋面漏水没人修", "words": "下雨天花板滴水，报修三次没有人来", "name": HIDDEN, "phone": HIDDEN_PHONE,
        "hidden": True,
    } | known  # fmt: skip
    return intake.register(project.estate, by=OFFICE, **given)


def dispute(project: Project, **known: Any) -> Dispute:
    return voice(project, **known).dispute


def expert(number: int, company: Organisation, person: Person | None = None, **known: Any) -> Expert:
    """Somebody of the pool."""
    who = person or Person.objects.create(name=f"样专家{number}", phone=f"136{number:08d}")
    given = {"field": "工程", "starts_on": DAY(2026, 1, 1), "ends_on": DAY(2028, 12, 31)} | known
    return desk.add_expert(by=OFFICE, person=who, organisation=company, **given)


def company(name: str) -> Organisation:
    return Organisation.objects.create(kind="company", name=name)


def petition(project: Project, **known: Any) -> Petition:
    """A petition that reached the street, by somebody who wants to stay hidden."""
    place = project.estate.place_id
    street = Actor("person:0", seats=(Seat("gov_street", place_code=place[:9]),))
    given = {
        "level": "gov_street",
        "title": "要求查处违建",
        "summary": "顶楼搭建，要求拆除",
        "petitioner": HIDDEN,
        "hidden": True,
    } | known
    return petitions.receive(project.estate, by=street, **given)


def tied(unit: Organisation) -> Affiliation:
    """A company that is one interest with another."""
    return Affiliation.objects.create(one=unit, other=company(f"{unit.name}关联"), basis="同一股东")


def sitting(case: Dispute) -> Sitting:
    """A sitting that was held, laid down by hand."""
    return Sitting.objects.create(
        dispute=case, kind="sitting", at=now(), place="社区会议室", held_at=now(), present="双方", minutes="各说各的"
    )


def swap(shift: Shift) -> Swap:
    """Somebody else is asked to take a shift."""
    other = expert(shift.pk + 5000, Organisation.objects.create(kind="company", name=f"替班物业{shift.pk}"))
    return Swap.objects.create(shift=shift, to=other, asked_by=shift.expert.person.key, asked_at=now())


def rota(*experts: Expert, days: int = 3, state: str = "published", single: bool = False) -> Rota:
    """A rota laid down by hand: two a day, in turn."""
    made = Rota.objects.create(
        name="三月值班", place="协会接待室", starts_on=today(), ends_on=today() + datetime.timedelta(days=30), per_day=2, rest_days=0, seed=7, state=state,
        spread=1,
    )  # fmt: skip
    for n in range(days):
        for place in (0,) if single else (0, 1):
            one = experts[(2 * n + place) % len(experts)]
            Shift.objects.create(rota=made, day=today() + datetime.timedelta(days=n), planned=one, expert=one)
    return made


class World:
    """The project, its people by what they are, mediators of three units, one of whom serves in the same street."""

    def __init__(self, place: str = PLACE) -> None:
        self.project: Project = register.project(register.estate(place=place))
        company, estate = self.project.company, self.project.estate
        self.people: dict[str, Person] = {}
        self.association = Organisation.objects.create(kind="association", name="市物业协会")
        for name, role, seat in (
            ("admin", "company_admin", {"organisation": company}), ("contact", "company_contact", {"organisation": company}),
            ("manager", "project_manager", {"subject": self.project.key}),
            ("community", "gov_community", {"place_code": place}), ("street", "gov_street", {"place_code": place[:9]}),
            ("district", "gov_district", {"place_code": place[:6]}), ("city", "gov_city", {"place_code": place[:4]}),
            ("office", "association_secretariat", {"organisation": self.association}),
            ("president", "association_president", {"organisation": self.association}),
            ("owner", "owner", {"subject": estate.key}),
        ):  # fmt: skip
            self.people[name] = Person.objects.create(name=f"{name}某")
            appoint(self.people[name], role, by="test", starts_on=DAY(2020, 1, 1), **seat)
        self.units = [
            Organisation.objects.create(kind="company", name=f"{name}物业") for name in ("远山", "清溪", "长桥")
        ]
        self.experts = {}
        for n, name in enumerate(("mediator", "second", "third")):
            self.people[name] = Person.objects.create(name=f"{name}某", phone=f"1350000000{n}")
            self.experts[name] = expert(n, self.units[n], self.people[name])

    def __getitem__(self, name: str) -> Actor:
        return {"visitor": NOBODY, "clock": THE_CLOCK}.get(name) or actor_of(self.people[name])

    def registered(self, **known: Any) -> Dispute:
        given = {
            "channel": "letter", "title": "3 栋漏水没人修", "words": "楼上卫生间漏水到我家天花板，报修没人管", "name": "黎写信", "phone": "13611112222",
        } | known  # fmt: skip
        return intake.register(self.project.estate, by=self["office"], **given).dispute

    def accepted(self, **known: Any) -> Dispute:
        case = self.registered(**known)
        handling.classify(
            case,
            by=self["office"],
            title="3 栋漏水没人修",
            category="M5.01",
            summary="卫生间漏水到楼下，要求修好并赔偿",
        )
        handling.accept(case, by=self["office"])
        return case

    def assigned(self, **known: Any) -> Dispute:
        case = self.accepted(**known)
        handling.assign(case, by=self["office"], mediator=self.experts["mediator"])
        return case

    def at_table(self, **known: Any) -> Dispute:
        """The parties are there, one sitting was held."""
        case = self.assigned(**known)
        first = case.voices.first()
        handling.add_party(case, by=self["office"], side="applicant", authority="self", voice=first)
        handling.add_party(
            case, by=self["office"], side="respondent", authority="settle", representative="何经理", file=PDF
        )
        step("investigate")(case, by=self["mediator"])
        ending.invite(
            case, by=self["mediator"], at=now() + datetime.timedelta(hours=3), place="社区会议室", agreed=True
        )
        with frozen(now() + datetime.timedelta(hours=4)):
            ending.hold(case, by=self["mediator"], present="双方、调解员", minutes="双方说了各自的意见")
        return case

    def settled(self, *, due: int = 10, peoples: bool = False, **known: Any) -> Dispute:
        if peoples:
            desk.enter_committee(
                by=self["office"],
                name="市物业纠纷人民调解委员会",
                paper_number="司备〔2027〕1号",
                registered_on=DAY(2027, 1, 4),
            )
        case = self.at_table(**known)
        ending.add_clause(
            case, by=self["mediator"], debtor="respondent", what="修好漏水并赔偿", amount=120_000,
            due_on=today() + datetime.timedelta(days=due),
        )  # fmt: skip
        ending.settle(
            case,
            by=self["mediator"],
            result="settled",
            undisputed="漏水属实",
            basis="物业服务合同第8条",
            default="逾期按日计息",
        )
        return case


def at(day: DAY, hour: int = 10) -> Any:
    return frozen(datetime.datetime.combine(day, datetime.time(hour), SHANGHAI))
