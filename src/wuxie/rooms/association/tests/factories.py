"""An association with members in every body and the people who speak for them; every name is invented."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

from wuxie.kernel.access.actor import THE_CLOCK, Actor, Seat, actor_of
from wuxie.kernel.clock.now import SHANGHAI, frozen, now, today
from wuxie.kernel.parties.models import Appointment, Organisation, Person
from wuxie.kernel.places.models import Place
from wuxie.kernel.workflow import engine
from wuxie.rooms.association.actions import forwarding, groups, meetings, money
from wuxie.rooms.association.actions import members as joining
from wuxie.rooms.association.actions.common import step
from wuxie.rooms.association.models import Admission, Due, Inquiry, Item, Leaving, Meeting, Member, Resolution, Task
from wuxie.rooms.association.queries import group_of
from wuxie.rooms.association.workflow import ADMISSION, DUE, INQUIRY, LEAVING, MEETING, RESOLUTION

DAY = datetime.date
TODAY = DAY(2026, 11, 25)
SITS = DAY(2026, 12, 18)
PDF = ("文件.pdf", b"%PDF-1.4\n%%EOF\n")
NAMES = ("角宿", "亢宿", "氐宿", "房宿", "心宿", "尾宿", "箕宿", "斗宿", "牛宿")
KINDS = (
    "president",
    "vice_president",
    "standing",
    "council",
    "council",
    "council",
    "supervisor",
    "ordinary",
    "ordinary",
)


def at(day: DAY, hour: int = 9) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), SHANGHAI)


def office() -> Actor:
    """Somebody of the association's office who is not on record."""
    return Actor("person:0", seats=(Seat("association_secretariat"),))


def meeting(title: str = "会员座谈", **known: Any) -> Meeting:
    """A meeting of all members, still being prepared."""
    given = {"body": "assembly", "title": title, "held_at": at(SITS), "venue": "协会会议室"} | known
    return meetings.plan(by=office(), **given)


def task(title: str = "写规范", **known: Any) -> Task:
    """A task that nobody has yet."""
    given = {"deliverable": "文本", "due_on": SITS} | known
    return groups.plan(group_of("training_group"), by=office(), title=title, **given)


def of_member(member: Member, street: str) -> SimpleNamespace:
    """One of everything that belongs to one member, which is alone in its working group, and a letter to a street: for tests of pages."""
    day, when = today(), now() + datetime.timedelta(days=40)
    group = {"body": "group", "group": member.group, "held_at": when}
    called, sitting, minuted = (meeting(f"{member}例会{n}", **group) for n in range(3))
    for case in (called, sitting, minuted):
        meetings.add_item(case, by=office(), title="下季安排")
        meetings.call(case, by=office())
    Meeting.objects.filter(pk=sitting.pk).update(state=Meeting.State.SITTING)
    sitting.seats.update(present=True)
    made = SimpleNamespace(meeting=called, sitting_item=sitting.items.get())
    made.resolution = engine.open_case(
        RESOLUTION,
        Resolution(item=minuted.items.get(), title="办培训", doer="office", due_on=day + datetime.timedelta(days=60)),
        by=office(),
    )
    made.admission = engine.open_case(
        ADMISSION, Admission(organisation=member.organisation, statement="再入会"), by=office()
    )
    made.leaving = engine.open_case(
        LEAVING, Leaving(member=member, last_day=day + datetime.timedelta(days=90)), by=office()
    )
    made.due = engine.open_case(
        DUE, Due(member=member, year=2026, amount=300_000, due_on=day + datetime.timedelta(days=60)), by=office()
    )
    made.inquiry = engine.open_case(INQUIRY, Inquiry(member=member, title="开票", text="怎么开"), by=office())
    made.letter = forwarding.send(
        by=office(), title="路灯", text="请协调", level="street", place=Place.objects.get(pk=street)
    )
    return made


def of_all(n: int = 0) -> SimpleNamespace:
    """What the members have in common: a group with a task, something planned, a line of the budget, a quarter drawn up."""
    year = 2025 - n
    made = SimpleNamespace(work_group=group_of("training_group"), task=task(f"写规范{n}", due_on=today()))
    made.activity = money.plan_activity(by=office(), year=year, quarter=1, title=f"竞赛{n}", doer="training_group")
    made.budget_line = money.add_line(by=office(), year=year, category="dues", label=f"会费{n}", planned=10_000)
    made.disclosure = money.prepare(by=office(), year=year, quarter=1)
    return made


class World:
    """Nine members in every body, and who speaks for each."""

    def __init__(self) -> None:
        self.association = Organisation.objects.get_or_create(kind="association", name="某市物业管理协会")[0]
        self.people: dict[str, Person] = {}
        self.members: list[Member] = []
        self.person("office", "陈办", "association_secretariat", organisation=self.association)
        self.person("colleague", "罗办", "association_secretariat", organisation=self.association)
        self.person("president", "周会", "association_president", organisation=self.association)
        for place, (name, kind) in enumerate(zip(NAMES, KINDS, strict=True)):
            unit = Organisation.objects.create(kind="company", name=f"{name}物业服务有限公司", short_name=f"{name}物业")
            known = {"group": "training_group"} if place in (0, 1, 2, 3, 7) else {}
            self.members.append(joining.admit(unit, by=self["office"], joined_on=DAY(2024, 3, 1), kind=kind, **known))
            self.person(f"m{place}", f"{name[0]}样", "company_contact", organisation=unit)
        self.person(
            "outsider",
            "外样",
            "company_admin",
            organisation=Organisation.objects.create(kind="company", name="不入会物业"),
        )
        self.person("city", "杜市", "gov_city")

    def person(self, key: str, name: str, role: str, **known: Any) -> None:
        found = Person.objects.create(name=name)
        self.people[key] = found
        Appointment.objects.create(person=found, role=role, starts_on=DAY(2020, 1, 1), **known)

    def __getitem__(self, key: str) -> Actor:
        if key == "clock":
            return THE_CLOCK
        return actor_of(self.people[key])

    # Meetings

    def planned(self, body: str = "assembly", **known: Any) -> Meeting:
        return meetings.plan(
            by=self["office"], **({"body": body, "title": "年会", "held_at": at(SITS), "venue": "会议室"} | known)
        )

    def item(self, case: Meeting, title: str = "年度工作报告", **known: Any) -> Item:
        return meetings.add_item(case, by=self["office"], title=title, **known)

    def called(self, body: str = "assembly", *items: dict[str, Any], **known: Any) -> Meeting:
        case = self.planned(body, **known)
        for one in items or ({},):
            self.item(case, **one)
        meetings.call(case, by=self["office"])
        return case

    def sitting(self, body: str = "assembly", *items: dict[str, Any], present: int = 8, **known: Any) -> Meeting:
        """In session on its day with so many of those who were called; the caller is on that day too (``on_the_day``)."""
        case = self.called(body, *items, **known)
        with on_the_day():
            here = list(case.seats.values_list("member", flat=True))[:present]
            meetings.check_in(case, by=self["office"], present=here)
            step(MEETING, "open")(case, by=self["office"])
        return case

    # Groups

    def led(self) -> Any:
        """The training group with the first member's contact as its lead."""
        group = group_of("training_group")
        return groups.name_lead(
            group, by=self["president"], unit=self.members[0], person=self.people["m0"], until=DAY(2027, 11, 25)
        )

    def assigned(self, doer: int = 1, **known: Any) -> Task:
        case = task(**known)
        groups.assign(case, by=self["office"], doer=self.members[doer], criteria="齐全、可用", due_on=SITS, hours=8)
        return case

    def delivered(self, doer: int = 1) -> Task:
        case = self.assigned(doer)
        groups.deliver(case, by=self[f"m{doer}"], file=PDF)
        return case


def on_the_day(hour: int = 9) -> Any:
    return frozen(at(SITS, hour))
