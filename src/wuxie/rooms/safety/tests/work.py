"""The people of the hazards' world with permits, drills and incidents brought to each state; every name is invented."""

from __future__ import annotations

import datetime
from typing import Any

from wuxie.kernel.clock.now import now
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Person
from wuxie.rooms.safety.actions import drills, incidents, permits
from wuxie.rooms.safety.models import Drill, Incident, Permit
from wuxie.rooms.safety.permit_words import measures_of

from .hazards import AFTER, DAY, PHOTO, World

HOUR = datetime.timedelta(hours=1)
GOOD = {"oxygen": 2090, "combustible": 0, "sulfide": 0, "monoxide": 200}
FOUL = GOOD | {"oxygen": 1890}


class Work(World):
    """The electrician asks for permits, the repairer works, the guard watches; the manager and the director decide."""

    def __init__(self, place: str = "510402001001") -> None:
        super().__init__(place)
        for name, kind, title in (("repairer", "repair", "维修工"), ("guard", "guard", "秩序员")):
            self.people[name] = Person.objects.create(name=f"{name}某")
            appoint(self.people[name], "post_holder", by="test", starts_on=DAY(2020, 1, 1), subject=self.project.key)
            self.holds(name, kind, title)

    # Permits.

    def applied(self, kind: str = "hot", **known: Any) -> Permit:
        given = {
            "kind": kind, "work": "焊支架", "place": "地下一层管廊", "starts_at": now(), "ends_at": now() + 4 * HOUR,
            "worker": self.people["repairer"], "guardian": self.people["guard"], "certificate": "510402199001011234",
            "certificate_until": DAY(2028, 1, 1),
        }  # fmt: skip
        return permits.apply(self.project, by=self["electrician"], **(given | known))

    def measured(self, kind: str = "hot", **known: Any) -> Permit:
        permit = self.applied(kind, **known)
        permits.measure(permit, by=self["electrician"], measures=list(measures_of(kind)), photo=PHOTO)
        if permit.wants_gas:
            permits.gas(permit, by=self["electrician"], **GOOD)
        return permit

    def approved(self, kind: str = "hot", **known: Any) -> Permit:
        permit = self.measured(kind, **known)
        with print_later():
            permits.approve(permit, by=self["manager"])
        return permit

    def started(self, kind: str = "hot", **known: Any) -> Permit:
        permit = self.approved(kind, **known)
        permits.start(permit, by=self["electrician"])
        return permit

    def finished(self, kind: str = "height", **known: Any) -> Permit:
        permit = self.started(kind, **known)
        permits.finish(permit, by=self["electrician"])
        return permit

    def checked(self, kind: str = "height", **known: Any) -> Permit:
        permit = self.finished(kind, **known)
        permits.check(permit, by=self["guard"], photo=AFTER, note="没有遗留")
        return permit

    # Drills.

    def planned(self, **known: Any) -> Drill:
        return drills.add(self.project, by=self["manager"], **({"kind": "fire", "due_on": DAY(2026, 12, 20)} | known))

    def announced(self, **known: Any) -> Drill:
        drill = self.planned(**known)
        drills.announce(drill, by=self["manager"], kind=drill.kind, planned_for=now().date(), scenario="2 栋起火疏散")
        return drill

    def held(self, **known: Any) -> Drill:
        drill = self.announced(**known)
        drills.hold(
            drill,
            by=self["manager"],
            held_on=now().date(),
            people=42,
            minutes=18,
            leader=self.people["lead"],
            photos=[PHOTO],
        )
        return drill

    def evaluated(self, **known: Any) -> Drill:
        drill = self.held()
        with print_later():
            drills.evaluate(
                drill, by=self["manager"], **({"went_well": "响应快", "went_wrong": "一个门打不开"} | known)
            )
        return drill

    # Incidents.

    def reported(self, **known: Any) -> Incident:
        given = {"kind": "fall", "place": "3 栋屋面", "words": "梯子滑倒", "happened_at": now() - HOUR / 2}
        return incidents.report(self.project, by=self["electrician"], **(given | known))

    def graded(self, deaths: int = 0, injured: int = 1, slight: int = 0, loss: int = 0, **known: Any) -> Incident:
        incident = self.reported(**known)
        incidents.grade(incident, by=self["manager"], deaths=deaths, injured=injured, slight=slight, loss=loss)
        return incident

    def told(self, **known: Any) -> Incident:
        incident = self.graded(**known)
        with print_later():
            incidents.tell(incident, by=self["principal"], authority="区应急管理局", receipt="应急收1号")
        return incident

    def investigating(self, **known: Any) -> Incident:
        incident = self.told(**known)
        incidents.keep_site(incident, by=self["guard"], words="拉了警戒带", photo=PHOTO)
        incidents.investigate(incident, by=self["director"])
        return incident

    def mending(self, **known: Any) -> Incident:
        incident = self.investigating(**known)
        with print_later():
            incidents.decide(
                incident, by=self["director"], cause="梯子没人扶，交底没做", measures="换人字梯，重做交底",
                mender=self.people["electrician"], due_on=now().date() + 3 * 24 * HOUR,
            )  # fmt: skip
        return incident

    def done(self, **known: Any) -> Incident:
        incident = self.mending(**known)
        incidents.done(incident, by=self["electrician"], words="换了梯子", photo=AFTER)
        return incident
