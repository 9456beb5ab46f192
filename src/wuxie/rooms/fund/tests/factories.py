"""An estate with doors, accounts and the people whom a repair concerns; every name is invented."""

from __future__ import annotations

import datetime
import io
from functools import cache
from typing import Any

from PIL import Image
from stdnum.cn import uscc

from wuxie.kernel.access.actor import NOBODY, THE_CLOCK, Actor, Seat, actor_of
from wuxie.kernel.clock.now import SHANGHAI, frozen, now, today
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.rooms.fund.actions import emergency, planning, reporting, works
from wuxie.rooms.fund.models import Account, Repair
from wuxie.rooms.register.models import Project, Unit
from wuxie.rooms.register.tests import factories as register

DAY = datetime.date
PLACE = "510402001001"
PDF = ("文件.pdf", b"%PDF-1.4\n%%EOF\n")
HOUR = datetime.timedelta(hours=1)


@cache
def shot() -> tuple[str, bytes]:
    """A small photo."""
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "#888").save(made, "JPEG")
    return "照片.jpg", made.getvalue()


def code(number: int) -> str:
    """A credit code with the right check digit."""
    body = f"91510400MAFUND{number:03d}"
    return body + uscc.calc_check_digit(body)


def keeper(project: Project) -> Actor:
    """Whoever administers the company that serves the project."""
    return Actor("person:0", "企业管理员", seats=(Seat("company_admin", project.company_id),))


def repair(project: Project, **known: Any) -> Repair:
    """A façade from which tiles fall, just reported."""
    given = {
        "title": "东面外墙砖脱落",
        "part": "facade",
        "where": "3 栋东面 12 层",
        "words": "掉下两块砖",
        "is_dangerous": True,
    } | known
    return reporting.report(project, by=keeper(project), **given)


def account(unit: Unit, balance: int = 500_000, deposited: int = 800_000, as_of: DAY | None = None) -> Account:
    return Account.objects.create(unit=unit, deposited=deposited, balance=balance, as_of=as_of or today())


def in_scope(project: Project) -> Repair:
    """A repair with a unit that bears it, for tests of pages: nobody has taken a step."""
    found = repair(project)
    unit = Unit.objects.filter(estate=project.estate_id).first() or register.unit(project.estate)
    Account.objects.get_or_create(unit=unit, defaults={"deposited": 800_000, "balance": 100_000, "as_of": today()})
    found.shares.create(unit=unit, area=unit.area)
    return found


def halted(project: Project) -> Repair:
    """A repair that does not go on."""
    found = repair(project, is_dangerous=False, title="单元门斗裂缝", part="other")
    reporting.appraise(found, by=keeper(project), appraiser="样鉴定所", findings="裂缝", file=PDF)
    planning.halt(found, by=keeper(project), stuck="no_committee", why="没有业委会，没人组织")
    return found


class World:
    """The project, its people by what they are, a building of six doors in two entrances and one in another building."""

    def __init__(self, place: str = PLACE, *, committee: bool = True) -> None:
        self.project: Project = register.project(register.estate(place=place))
        company, estate = self.project.company, self.project.estate
        self.people: dict[str, Person] = {}
        for name, role, seat in (
            ("admin", "company_admin", {"organisation": company}), ("contact", "company_contact", {"organisation": company}),
            ("manager", "project_manager", {"subject": self.project.key}),
            ("member", "committee_member", {"subject": estate.key}), ("second", "committee_member", {"subject": estate.key}),
            ("community", "gov_community", {"place_code": place}), ("street", "gov_street", {"place_code": place[:9]}),
            ("district", "gov_district", {"place_code": place[:6]}), ("city", "gov_city", {"place_code": place[:4]}),
            ("center", "maintenance_fund_center", {"place_code": place[:4]}),
            ("office", "association_secretariat", {"organisation": Organisation.objects.create(kind="association", name="市物业协会")}),
            ("owner", "owner", {"subject": estate.key}),
        ):  # fmt: skip
            self.people[name] = Person.objects.create(name=f"{name}某")
            if role != "committee_member" or committee:
                appoint(self.people[name], role, by="test", starts_on=DAY(2020, 1, 1), **seat)
        areas = (
            ("1", "101", 8950),
            ("1", "102", 12033),
            ("1", "201", 8950),
            ("2", "101", 12033),
            ("2", "102", 8950),
            ("2", "201", 12033),
        )
        self.doors = [
            register.unit(estate, number, "3栋", entrance=entrance, area=area) for entrance, number, area in areas
        ]
        self.doors[5].status = Unit.Status.UNSOLD
        self.doors[5].save(update_fields=["status"])
        self.other = register.unit(estate, "101", "5栋")
        self.building = self.doors[0].building_id

    def __getitem__(self, name: str) -> Actor:
        return {"visitor": NOBODY, "clock": THE_CLOCK}.get(name) or actor_of(self.people[name])

    def fill(self, *balances: int | None) -> None:
        """Accounts for the six doors: a sum (cents), or none."""
        for door, balance in zip(self.doors, balances, strict=True):
            if balance is not None:
                account(door, balance)

    def repair(self, **known: Any) -> Repair:
        given = {
            "title": "东面外墙砖脱落",
            "part": "facade",
            "where": "3 栋东面 12 层",
            "words": "掉下两块砖",
            "is_dangerous": True,
        } | known
        return reporting.report(self.project, by=self["manager"], **given)

    def appraised(self, **known: Any) -> Repair:
        case = self.repair(**known)
        reporting.guard(case, by=self["manager"], photo=shot())
        reporting.appraise(
            case, by=self["manager"], appraiser="川建鉴定所", findings="空鼓 40 ㎡，要铲除重做", file=PDF
        )
        return case

    def scoped(self, case: Repair, *entrances: str) -> Repair:
        pairs: list[tuple[int, str | None]] = [(self.building, one) for one in entrances or ("1", "2")]
        planning.set_scope(case, by=self["manager"], entrances=pairs, uses=["home"])
        return case

    def quoted(self, case: Repair, *sums: int) -> Repair:
        """Sealed quotes that are opened together two hours later."""
        for number in range(1, len(sums) + 1):
            planning.receive_quote(
                case, by=self["manager"], contractor=f"样{number}建筑", uscc=code(number), opens_at=now() + 2 * HOUR
            )
        with frozen(now() + 2 * HOUR):
            pairs = zip(case.quotes.all(), sums, strict=True)
            planning.open_quotes(case, by=self["member"], opened={one.pk: (amount, PDF) for one, amount in pairs})
        return case

    def planned(self, *sums: int) -> Repair:
        case = self.appraised()
        reporting.classify(case, by=self["manager"])
        self.scoped(case)
        self.quoted(case, *(sums or (1_860_000, 1_900_000, 2_100_000)))
        cheapest = case.quotes.order_by("amount").first()
        planning.plan(case, by=self["manager"], quote=cheapest, method="铲除空鼓，挂网抹灰，重做面砖")
        return case

    def voting(self) -> Repair:
        case = self.planned()
        planning.publish(case, by=self["member"], contact="社区 王样 0812-0000001")
        with later(8):
            planning.call_vote(case, by=self["member"])
        return case

    def result(
        self,
        case: Repair,
        part: tuple[int, int] = (50_916, 5),
        yes: tuple[int, int] = (41_966, 4),
        by: str = "member",
        **other: Any,
    ) -> Any:
        given = {
            "total_area": sum(door.area for door in self.doors), "total_heads": 6, "part_area": part[0], "part_heads": part[1],
            "yes_area": yes[0], "yes_heads": yes[1], "reference": "表决公告〔2027〕1号", "file": PDF,
        } | other  # fmt: skip
        return planning.record_vote(case, by=self[by], **given)

    def approved(self) -> Repair:
        case = self.voting()
        self.result(case)
        return case

    def building_now(self) -> Repair:
        case = self.approved()
        works.apply(case, by=self["manager"], account="样1建筑 0000")
        works.release(case, by=self["center"], amount=1_000_000, basis="本地文件〔2027〕1号")
        works.build(case, by=self["manager"], started_on=today(), contract_sum=1_860_000, file=PDF)
        return case

    def accepted(self) -> Repair:
        case = self.building_now()
        works.accept(case, by=self["member"], accepted_on=today(), representatives=2, opinion="敲击无空鼓")
        return case

    def settled(self, amount: int = 1_860_000) -> Repair:
        case = self.accepted()
        works.settle(case, by=self["center"], amount=amount, auditor="样造价所", file=PDF)
        return case

    def asked(self) -> Repair:
        case = self.appraised()
        reporting.classify(case, by=self["manager"], danger="fall")
        emergency.ask(case, by=self["manager"], estimate=300_000)
        return case


def later(days: int, hour: int = 9) -> Any:
    """A moment so many days from now."""
    return frozen(datetime.datetime.combine(today() + datetime.timedelta(days=days), datetime.time(hour), SHANGHAI))


def facts(kind: str) -> list[Fact]:
    """What the ledger holds of a kind."""
    return list(Fact.objects.filter(kind=kind))
