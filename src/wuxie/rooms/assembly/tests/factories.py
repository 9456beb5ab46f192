"""An estate with the people whom a vote concerns; every name is invented."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from typing import Any

from PIL import Image

from wuxie.kernel.access.actor import NOBODY, THE_CLOCK, Actor, Seat, actor_of
from wuxie.kernel.clock.now import SHANGHAI, frozen, today
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.rooms.assembly import commitments, tallying
from wuxie.rooms.assembly.actions import counting, doors, question, result, roll
from wuxie.rooms.assembly.models import Ballot, Decision, Entry, Helper, Item
from wuxie.rooms.register.models import Estate
from wuxie.rooms.register.tests import factories as register

DAY = datetime.date
PLACE = "510402001001"
TODAY = DAY(2027, 3, 1)
#: Roll frozen, collecting, and the last moment of it, of a vote that is announced on ``TODAY``.
FROZEN_ON, OPENS_ON = DAY(2027, 3, 10), DAY(2027, 3, 20)
CLOSES_AT = datetime.datetime(2027, 4, 5, 18, tzinfo=SHANGHAI)
AFTER = datetime.datetime(2027, 4, 5, 18, 1, tzinfo=SHANGHAI)
PDF = ("议事规则.pdf", b"%PDF-1.4\n%%EOF\n")
_shot = [0]


def shot(name: str = "票.png") -> tuple[str, bytes]:
    """A picture that was never taken before."""
    _shot[0] += 1
    out = io.BytesIO()
    Image.new("RGB", (2, 2), (_shot[0] % 256, _shot[0] // 256 % 256, _shot[0] // 65536)).save(out, "PNG")
    return name, out.getvalue()


def moment(day: datetime.date, hour: int = 10) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), SHANGHAI)


class World:
    """One estate of six homes (five owners), its people by what they are, who collects, counts and watches."""

    def __init__(self, place: str = PLACE, name: str = "翠屏花园") -> None:
        self.project = register.project(register.estate(name, place), register.company("恒信", 7))
        self.estate: Estate = self.project.estate
        self.people: dict[str, Person] = {}
        company = self.project.company
        office = Organisation.objects.filter(kind="association").first() or Organisation.objects.create(
            kind="association", name="市物业协会"
        )
        for key, role, seat in (
            ("committee", "committee_member", {"subject": self.estate.key}), ("community", "gov_community", {"place_code": place}),
            ("street", "gov_street", {"place_code": place[:9]}), ("district", "gov_district", {"place_code": place[:6]}),
            ("city", "gov_city", {"place_code": place[:4]}), ("office", "association_secretariat", {"organisation": office}),
            ("president", "association_president", {"organisation": office}), ("admin", "company_admin", {"organisation": company}),
            ("manager", "project_manager", {"subject": self.project.key}), ("owner", "owner", {"subject": self.estate.key}),
        ):  # fmt: skip
            self.people[key] = Person.objects.create(name=f"{key}某", phone=f"1371234{len(self.people):04d}")
            appoint(self.people[key], role, by="test", starts_on=DAY(2020, 1, 1), **seat)
        for key in ("collector", "second", "counter", "counter2", "watcher"):
            self.people[key] = Person.objects.create(name=f"{key}某", phone=f"1361234{len(self.people):04d}")
        self.units = [
            register.unit(self.estate, number, building, area=area, floor=int(number[:-2]))
            for building, number, area in (
                ("1", "101", 8950), ("1", "102", 9000), ("1", "201", 8950), ("1", "202", 9000), ("2", "101", 12000), ("2", "102", 12000),
            )
        ]  # fmt: skip
        # Two units of the first building are one owner's.
        for place_, (unit, owner) in enumerate(
            zip(self.units, ("甲一", "乙一", "甲一", "丙一", "丁一", "戊一"), strict=True)
        ):
            phone = f"1390000{'甲乙丙丁戊'.index(owner[0]):04d}"
            register.owner(unit, owner, phone)
            if place_ == 4:
                self.people["voter"] = unit.ownerships.get().person

    def __getitem__(self, name: str) -> Actor:
        if name in ("visitor", "clock"):
            return NOBODY if name == "visitor" else THE_CLOCK
        return actor_of(self.people[name])

    def draft(self, *matters: str, **known: Any) -> Decision:
        """Begun by the committee, with one item a matter, days and helpers."""
        by = self["committee"]
        made = question.begin(self.estate, by=by, organiser="owners_committee", title=known.pop("title", "外墙维修资金使用"),
                               scope=known.pop("scope", None))  # fmt: skip
        for matter in matters or ("fund_use",):
            question.add_item(made, by=by, title=f"事项 {matter}", matter=matter)
        question.edit(made, by=by, title=made.title, **({"opens_on": OPENS_ON, "closes_at": CLOSES_AT} | known))
        for key, duty in (("collector", "collector"), ("second", "collector"), ("counter", "counter"), ("counter2", "counter"),
                          ("watcher", "supervisor")):  # fmt: skip
            Helper.objects.create(decision=made, person=self.people[key], duty=duty, by="test", at=moment(today()))
        return made

    def announced(self, *matters: str, **known: Any) -> Decision:
        made = self.draft(*matters, **known)
        with print_later():
            question.announce(made, by=self["committee"])
        return made

    def frozen(self, *matters: str, **known: Any) -> Decision:
        made = self.announced(*matters, **known)
        with frozen(moment(FROZEN_ON)):
            roll.freeze(made, by=self["committee"])
        return made

    def collecting(self, *matters: str, **known: Any) -> Decision:
        from wuxie.kernel.workflow import engine
        from wuxie.rooms.assembly.workflow import DECISION

        made = self.frozen(*matters, **known)
        with frozen(moment(OPENS_ON, 8)):
            engine.take(DECISION, "open", made, by=THE_CLOCK)
        return made

    def entry(self, decision: Decision, label: str) -> Entry:
        return decision.entries.get(label=label)

    def deliver(self, decision: Decision, label: str, **known: Any) -> None:
        with frozen(moment(OPENS_ON)):
            doors.deliver(
                self.entry(decision, label), by=self["collector"], picture=known.pop("picture", shot()), **known
            )

    def collect(self, decision: Decision, label: str, **known: Any) -> Ballot:
        given = {"second": self.people["second"], "capacity": "owner", "picture": shot()} | known
        with frozen(known.pop("at", moment(OPENS_ON))):
            given.pop("at", None)
            return doors.collect(self.entry(decision, label), by=self["collector"], **given)

    def close(self, decision: Decision) -> Decision:
        with frozen(AFTER):
            counting.close(decision)
        return decision

    def read(
        self, ballot: Ballot, side: str | Mapping[str, str], second: str | Mapping[str, str] | None = None
    ) -> Ballot:
        """Typed by both counters."""
        items = [str(number) for number in ballot.decision.items.values_list("number", flat=True)]

        def of(said: str | Mapping[str, str]) -> dict[str, str]:
            return dict.fromkeys(items, said) if isinstance(said, str) else dict(said)

        with frozen(AFTER):
            counting.read(ballot, by=self["counter"], choices=of(side), scan=shot())
            return counting.read(ballot, by=self["counter2"], choices=of(side if second is None else second))

    def counted(self, votes: Mapping[str, str], *matters: str, **known: Any) -> Decision:
        """A whole vote: door → side."""
        made = self.collecting(*matters, **known)
        ballots = {label: self.collect(made, label) for label in votes}
        self.close(made)
        for label, side in votes.items():
            self.read(ballots[label], side)
        with frozen(AFTER):
            counting.count(made, by=self["committee"], seed="2027041 03 11 24")
        return made

    def published(self, votes: Mapping[str, str], *matters: str, **known: Any) -> Decision:
        made = self.counted(votes, *matters, **known)
        with frozen(AFTER), print_later():
            result.publish(made, by=self["committee"])
        return made

    def concluded(self, votes: Mapping[str, str], *matters: str, **known: Any) -> Decision:
        made = self.published(votes, *matters, **known)
        with frozen(DAY(2027, 4, 13)), print_later():
            result.conclude(made, by=THE_CLOCK)
        return made


def inside(seat: str, at: Any) -> Actor:
    """Somebody with one seat and no person."""
    return Actor("person:0", seat, seats=(Seat(seat, at),))


#: Every door of the estate's list, all for it.
ALL_FOR = dict.fromkeys(("1-1-101", "1-1-102", "1-1-201", "1-1-202", "2-1-101", "2-1-102"), "for")


def laid(estate: Estate, state: str, helpers: Mapping[str, Person], **known: Any) -> Decision:
    """A vote put into a state without its way there, for pages that are asked for by many: one item, two entries, one ballot."""
    made = Decision.objects.create(
        estate=estate, title=known.pop("title", f"{estate.name}外墙维修"), organiser=known.pop("organiser", "reelection_group"), state=state,
        place_code=estate.place_id, number=f"BJ-{Decision.objects.count() + 1:04d}", opened_at=moment(today()), changed_at=moment(today()),
        opens_on=OPENS_ON, closes_at=CLOSES_AT, **known,
    )  # fmt: skip
    Item.objects.create(decision=made, number=1, title="用维修资金", matter="fund_use")
    for duty, person in helpers.items():
        Helper.objects.create(decision=made, person=person, duty=duty, by="test", at=moment(today()))
    if state in ("proposed", "draft"):
        return made
    made.secret = f"secret-{made.pk}"
    for unit in estate.units.select_related("building").order_by("pk")[:2]:
        place = made.entries.count() + 1
        Entry.objects.create(
            decision=made, unit=unit, label=str(unit), block=unit.building_id, building=unit.building.name, entrance=unit.entrance,
            number=unit.number, area=unit.area, area_source=unit.area_source, status=unit.status, use=unit.use, head=f"u{unit.pk}",
            paper=f"{place:04d}", token=commitments.token(made.secret, unit.pk, 1),
            receipt_index=commitments.index_of(commitments.receipt(made.secret, unit.pk, 1)),
        )  # fmt: skip
    made.units, made.heads, made.area = 2, 2, sum(made.entries.values_list("area", flat=True))
    if state in ("closed", "counted", "published", "concluded"):
        who = next(iter(helpers.values()))
        Ballot.objects.create(
            decision=made, entry=made.entries.first(), issue=1, state="valid", capacity="owner", collector=who, second=who,
            collected_at=moment(today()), envelope="", envelope_sha256="0" * 64, choices={"1": "for"},
        )  # fmt: skip
        made.result = tallying.results(made)
        made.result_until = today()
    made.save()
    return made
