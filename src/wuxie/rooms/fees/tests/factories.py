"""An estate whose fee does not cover its cost, and the people whom that concerns; every name is invented."""

from __future__ import annotations

import datetime
import io
from functools import cache
from typing import Any

from PIL import Image
from stdnum.cn import uscc

from wuxie.kernel.access.actor import NOBODY, THE_CLOCK, Actor, Seat, actor_of
from wuxie.kernel.clock.now import SHANGHAI, frozen, now, today
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.rooms.fees.actions import costing, deciding, keeping, publicity
from wuxie.rooms.fees.models import Adjustment, Disclosure, Finding
from wuxie.rooms.register.models import Project
from wuxie.rooms.register.tests import factories as register

DAY = datetime.date
PLACE = "510402001001"
PDF = ("文件.pdf", b"%PDF-1.4\n%%EOF\n")
#: Cents a year by item: 18,600 hundred yuan in all, as in the oracle.
COSTS = {"staff": 110_000_000, "running": 50_000_000, "clean": 20_000_000, "insurance": 6_000_000}
FEE = 16_000


@cache
def shot() -> tuple[str, bytes]:
    """A small photo."""
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "#888").save(made, "JPEG")
    return "照片.jpg", made.getvalue()


def code(number: int = 1) -> str:
    """A credit code with the right check digit."""
    body = f"91510400MAFEED{number:03d}"
    return body + uscc.calc_check_digit(body)


def keeper(project: Project) -> Actor:
    return Actor("person:0", "企业管理员", seats=(Seat("company_admin", project.company_id),))


def begin(project: Project, *, by: Actor | None = None, **known: Any) -> Adjustment:
    given = {
        "reason": "最低工资和检测费都涨了", "clause": "第十二条：满两年可以协商", "last_changed_on": DAY(2022, 1, 1), "min_years": 2, "current": FEE, "file": PDF,
    } | known  # fmt: skip
    return costing.begin(project, by=by or keeper(project), **given)


def shown(project: Project) -> Adjustment:
    """A change in public with a question, for tests of pages."""
    case = begin(project)
    Adjustment.objects.filter(pk=case.pk).update(
        state="published",
        receipt=f"{case.pk:04d}-FEES-0",
        area=7_800_000,
        rate=8_600,
        plan_until=today(),
        costs_until=today(),
    )
    case.refresh_from_db()
    case.questions.create(receipt=f"{case.pk:04d}-QQQQ-0", words="电梯费包含在内吗", asked_at=now(), due_on=today())
    return case


def hangs(project: Project, topic: str = "charges") -> Disclosure:
    return Disclosure.objects.create(
        project=project,
        topic=topic,
        starts_on=DAY(2026, 7, 1),
        ends_on=DAY(2026, 9, 30),
        due_on=today() + datetime.timedelta(days=9),
    )


def found(project: Project, number: str = "川价罚〔2026〕1号") -> Finding:
    return Finding.objects.create(
        project=project,
        kind="fee.unlawful_increase",
        number=number,
        words="没有表决就涨价",
        found_on=DAY(2026, 6, 1),
        at=now(),
        by="test",
    )


class World:
    """The project, its people by what they are, doors of known areas; homes, and a storage room that has no vote."""

    def __init__(self, place: str = PLACE, *, committee: bool = True) -> None:
        self.project: Project = register.project(register.estate(place=place), fee=FEE)
        company, estate = self.project.company, self.project.estate
        self.people: dict[str, Person] = {}
        for name, role, seat in (
            ("admin", "company_admin", {"organisation": company}), ("contact", "company_contact", {"organisation": company}),
            ("manager", "project_manager", {"subject": self.project.key}), ("member", "committee_member", {"subject": estate.key}),
            ("community", "gov_community", {"place_code": place}), ("street", "gov_street", {"place_code": place[:9]}),
            ("district", "gov_district", {"place_code": place[:6]}), ("city", "gov_city", {"place_code": place[:4]}),
            ("office", "association_secretariat", {"organisation": Organisation.objects.create(kind="association", name="市物业协会")}),
            ("owner", "owner", {"subject": estate.key}), ("rival", "company_admin", {"organisation": register.company("乙物业", 2)}),
        ):  # fmt: skip
            self.people[name] = Person.objects.create(name=f"{name}某")
            if role != "committee_member" or committee:
                appoint(self.people[name], role, by="test", starts_on=DAY(2020, 1, 1), **seat)
        self.doors = [
            register.unit(estate, number, area=area)
            for number, area in (("101", 8_950), ("102", 12_033), ("201", 8_950))
        ]
        register.unit(estate, "B1", use="storage", area=500)

    def __getitem__(self, name: str) -> Actor:
        return {"visitor": NOBODY, "clock": THE_CLOCK}.get(name) or actor_of(self.people[name])

    def begun(self, **known: Any) -> Adjustment:
        return begin(self.project, by=self["manager"], **known)

    def costed(self, **known: Any) -> Adjustment:
        """Base, costs of two years, three options, two promises."""
        case = self.begun(**known)
        costing.set_base(case, by=self["manager"], area=7_800_000, vacant=900_000, rate=8_600, offset=9_000_000)
        for item, amount in COSTS.items():
            costing.add_cost(case, by=self["manager"], year=2026, item=item, amount=amount, file=PDF)
        costing.add_cost(case, by=self["manager"], year=2024, item="staff", amount=90_000_000, file=PDF)
        for kind, figures in (
            ("a", {"price": 20_000}),
            ("c", {"price": FEE, "subsidy": 20_000_000}),
            ("e", {"price": 20_000, "first_price": 18_000, "months": 12}),
        ):
            costing.set_option(case, by=self["manager"], kind=kind, words="标准照旧", **figures)
        for words in ("每单元每周拖地两次", "门岗夜间双人"):
            costing.add_promise(case, by=self["manager"], words=words, measure="看楼道记录")
        return case

    def reviewed(self, **known: Any) -> Adjustment:
        case = self.costed(**known)
        costing.review(
            case,
            by=self["member"],
            reviewer="例衡会计师事务所",
            uscc=code(),
            opinion="真实、相关",
            allowed={},
            file=PDF,
        )
        return case

    def published(self) -> Adjustment:
        """Costs hung for their days, the plan hangs since then; the clock of the caller does not move."""
        case = self.reviewed()
        publicity.show_costs(case, by=self["manager"])
        with later(case.costs_until):
            publicity.publish(case, by=self["manager"])
        return case

    def voting(self, kind: str = "a") -> Adjustment:
        case = self.published()
        with later(case.plan_until):
            publicity.hear(case, by=self["member"], heard_on=today(), people=42, words="问得最多的是电梯")
            deciding.call_vote(case, by=self["member"], option=case.options.get(kind=kind))
        return case

    def result(
        self,
        case: Adjustment,
        part: tuple[int, int] = (20_983, 2),
        yes: tuple[int, int] = (20_983, 2),
        by: str = "member",
    ) -> Any:
        return deciding.record_vote(
            case, by=self[by], total_area=29_933, total_heads=3, part_area=part[0], part_heads=part[1], yes_area=yes[0], yes_heads=yes[1],
            reference="表决公告〔2027〕1号", file=PDF,
        )  # fmt: skip

    def signed(self, kind: str = "a") -> Adjustment:
        case = self.voting(kind)
        with later(case.plan_until):
            self.result(case)
        with later(case.result_until):
            deciding.sign(case, by=self["member"], signed_on=today(), file=PDF)
        return case

    def effective(self, kind: str = "a") -> Adjustment:
        case = self.signed(kind)
        with frozen(case.effective_on):
            keeping.take_effect(case)
        return case


def later(day: datetime.date | None, days: int = 1) -> Any:
    """Nine o'clock of so many days after a day."""
    assert day is not None
    return frozen(datetime.datetime.combine(day + datetime.timedelta(days=days), datetime.time(9), SHANGHAI))
