"""A small city in which a star can be asked for: people, companies, estates, a standard, a year of evidence."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, field
from typing import Any

from wuxie.kernel.access.actor import Actor, actor_of
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.kernel.standards.actions import import_yaml, publish
from wuxie.rooms.rating.actions import application as apply
from wuxie.rooms.rating.actions import award as giving
from wuxie.rooms.rating.actions import cycle as founding
from wuxie.rooms.rating.actions import hearing, review
from wuxie.rooms.rating.models import Application, Cycle, Visit
from wuxie.rooms.register.models import Estate, Project

DAY = datetime.date
STANDARD = "trial@1"
COMMUNITY = "510402001001"
SCORES = {"A": "38", "D": "39", "F": "20"}
DOCUMENT: dict[str, Any] = {
    "standard": "trial", "version": "1", "window": {"from": "2025-09-01", "to": "2026-08-31"}, "cutoff": "2026-09-30",
    "min_trust": "counterpart_confirmed",
    "groups": [
        {"id": "A", "label": "服务", "points": 40, "indicators": [
            {"id": "A1", "label": "工单按时闭环", "points": 30, "no_data": "zero",
             "formula": "30 * ratio(sum('ticket.closed_on_time'), sum('ticket.total'))"},
            {"id": "A6", "label": "党组织前置研究", "points": 10, "no_data": "skip", "kind": "reviewer",
             "formula": "ratio(sum('rating.judged.A6'), count('rating.judged.A6'))"},
        ]},
        {"id": "D", "label": "安全", "points": 40, "indicators": [
            {"id": "D1", "label": "按时履职", "points": 30, "no_data": "zero",
             "formula": "30 * ratio(sum('safety.duty_on_time'), sum('safety.duty_due'))"},
            {"id": "D6", "label": "现场管理", "points": 10, "no_data": "skip", "kind": "reviewer",
             "formula": "ratio(sum('rating.judged.D6'), count('rating.judged.D6'))"},
        ]},
        {"id": "F", "label": "化解", "points": 20, "indicators": [
            {"id": "F2", "label": "有责投诉", "points": 20, "no_data": "zero",
             "formula": "20 - 5 * sum('petition.valid_fault')"},
        ]},
    ],
    "vetoes": [
        {"id": "V1", "label": "有责死亡事故", "when": "active('safety.accident_liable.fatal') > 0", "max_stars": 0},
        {"id": "V5", "label": "弄虚作假", "when": "active('report.false_data') > 0", "max_stars": 0},
        {"id": "V9", "label": "信用D级", "when": "active('credit.graded.d') > 0", "max_stars": 0},
        {"id": "Q5", "label": "五星资格受限", "when": "sum('rating.capped_at_four') > 0", "max_stars": 4},
    ],
    "grades": [
        {"stars": 1, "min": "60"}, {"stars": 2, "min": "70"}, {"stars": 3, "min": "78", "group_min": "0.5"},
        {"stars": 4, "min": "86", "group_min": "0.6", "floors": {"D": "0.75"}},
        {"stars": 5, "min": "93", "group_min": "0.7", "floors": {"D": "0.85", "F": "0.85"}},
    ],
    "benefits": [
        {"id": "plaque", "label": "授牌表扬", "due_days": 30, "proof": "授牌照片",
         "per_star": {"2": "电子牌匾", "3": "县区授牌", "4": "市级授牌", "5": "市级授牌"}},
        {"id": "reward", "label": "资金奖励", "due_days": 90, "proof": "拨付凭证", "per_star": {"4": "按文件", "5": "按文件"}},
        {"id": "media", "label": "媒体宣传", "due_days": 60, "proof": "链接",
         "per_star": {"3": "县区融媒1篇", "4": "市级媒体1篇"}},
        {"id": "tender_recommend", "label": "投标推荐", "due_days": 5, "proof": "推荐函编号", "per_star": {"4": "推荐函"}},
    ],
}  # fmt: skip


@dataclass
class World:
    """Everybody and everything a story needs."""

    people: dict[str, Person] = field(default_factory=dict)
    association: Any = None
    company: Any = None
    rival: Any = None
    project: Any = None
    cycle: Any = None
    reviewers: list[Person] = field(default_factory=list)

    def __getitem__(self, name: str) -> Actor:
        """The acting person of that name, with the seats of the day."""
        return actor_of(self.people[name])

    def someone(self, key: str, name: str, role: str, **seat: Any) -> Person:
        person = Person.objects.create(name=name)
        appoint(person, role, by="test", starts_on=DAY(2020, 1, 1), **seat)
        self.people[key] = person
        return person

    def panel(self, application: Application) -> list[Actor]:
        rows = application.assignments.current().select_related("reviewer")
        return [actor_of(one.reviewer) for one in rows]


def estate(name: str, community: str = COMMUNITY, **rest: Any) -> Estate:
    return Estate.objects.create(
        name=name,
        code=f"{community}-{Estate.objects.count()}",
        place_id=community,
        households=400,
        area=3_000_000,
        **rest,
    )


def company(name: str, place: str | None = None) -> Organisation:
    return Organisation.objects.create(kind="company", name=name, place_id=place)


def serve(body: Organisation, at: Estate, since: datetime.date = DAY(2024, 1, 1), **rest: Any) -> Project:
    return Project.objects.create(estate=at, company=body, starts_on=since, **rest)


def world() -> World:
    """The city of the ``city`` fixture, peopled. Reviewers come from companies that serve nothing in the street."""
    publish(import_yaml(json.dumps(DOCUMENT).encode(), by="test"), by="test")
    made = World()
    made.association = Organisation.objects.create(kind="association", name="市物业管理协会")
    office = Organisation.objects.create(kind="government_unit", name="市住建局", place_id="5104")
    made.company, made.rival = company("恒信物业"), company("同街物业")
    made.project = serve(made.company, estate("翠屏花园"))
    serve(made.rival, estate("邻里苑"))
    made.someone("alice", "刘洋", "company_admin", organisation=made.company)
    made.someone("manager", "马经理", "project_manager", subject=made.project.key)
    made.someone("secretary", "陈晓岚", "association_secretariat", organisation=made.association)
    made.someone("second", "周敏", "association_secretariat", organisation=made.association)
    made.someone("president", "高会长", "association_president", organisation=made.association)
    made.someone("city", "林涛", "gov_city", place_code="5104", organisation=office)
    made.someone("district", "唐文", "gov_district", place_code="510402")
    made.someone("street", "李军", "gov_street", place_code="510402001")
    made.someone("community", "王芳", "gov_community", place_code=COMMUNITY)
    made.someone("owner", "业主甲", "owner", subject=made.project.estate.key)
    made.someone("charlie", "外人", "company_admin", organisation=made.rival)
    for number in range(1, 5):
        own = company(f"外区物业{number}", "510402002001")
        made.reviewers.append(made.someone(f"reviewer{number}", f"评审{number}", "reviewer", organisation=own))
    made.someone("conflicted", "同街评审", "reviewer", organisation=made.rival)
    made.someone("own", "自家评审", "reviewer", organisation=made.company)
    return made


def in_september() -> World:
    """The city with its people, a cycle that is open, and a year of evidence for 翠屏花园."""
    made = world()
    a_year(made.project)
    open_cycle(made)
    return made


def open_cycle(made: World, year: int = 2026, **rest: Any) -> Cycle:
    """A cycle founded by paper: window to 31 August, cut-off 30 September, applications in September."""
    dates = {
        "window_from": DAY(year - 1, 9, 1), "window_to": DAY(year, 8, 31), "cutoff": DAY(year, 9, 30),
        "apply_from": DAY(year, 9, 1), "apply_to": DAY(year, 9, 30),
    }  # fmt: skip
    cycle = founding.draft_cycle(
        by=made["secretary"],
        **{
            "name": f"{year}年度红色物业星级评定", "year": year, "place_code": "5104", "standard": STANDARD,
            "document_number": f"攀组通〔{year}〕31号", "document_title": "关于开展红色物业星级评定的通知",
            "document_authority": "市委组织部 市住建局", **dates, **rest,
        },
    )  # fmt: skip
    made.cycle = founding.open_cycle(cycle, by=made["secretary"])
    return made.cycle


def record(subject: str, kind: str, quantity: str | int = 1, *, on: datetime.date, **rest: Any) -> Fact:
    """One fact from a paper of its own."""
    source = rest.pop("source", f"test/{subject}/{kind}/{on}/{Fact.objects.count()}")
    return ledger.announce(kind, subject, quantity=str(quantity), occurred_on=on, source=source, by="test", **rest)


def a_year(project: Project, *, closed: int = 85, on_time: int = 98, year: int = 2026) -> dict[str, Fact]:
    """The evidence of a well-run project: A1 and D1 at the given per cent, no faults."""
    day = DAY(year, 6, 30)
    with frozen(max(day, DAY(year, 7, 1))):
        return {
            "ticket.total": record(project.key, "ticket.total", 100, on=day),
            "ticket.closed_on_time": record(project.key, "ticket.closed_on_time", closed, on=day),
            "safety.duty_due": record(project.key, "safety.duty_due", 100, on=day),
            "safety.duty_on_time": record(project.key, "safety.duty_on_time", on_time, on=day),
        }


SPOTS = {spot: {"verdict": "good", "note": "整洁", "photo": ""} for spot in Visit.Spot.values}


def drafted(made: World, project: Project | None = None, by: str = "alice") -> Application:
    application = apply.start(project or made.project, made.cycle, by=made[by])
    return apply.fill_in(application, by=made[by], self_scores=SCORES, promise=True, party_form="独立党支部")


def submitted(made: World, **rest: Any) -> Application:
    application = drafted(made, **rest)
    apply.submit(application, by=made[rest.get("by", "alice")])
    return application


def checking(made: World, **rest: Any) -> Application:
    application = submitted(made, **rest)
    apply.open_check(application, by=made["secretary"])
    return application


def heard_below(made: World, **rest: Any) -> Application:
    """Checked, and both levels agreed."""
    application = checking(made, **rest)
    apply.pass_check(application, by=made["secretary"])
    apply.give_opinion(application, by=made["community"], stance="agrees")
    apply.give_opinion(application, by=made["street"], stance="agrees")
    return application


def in_review(made: World, **rest: Any) -> Application:
    """Frozen on the day after the cut-off; the panel is drawn."""
    application = heard_below(made, **rest)
    with frozen(DAY(made.cycle.year, 10, 8)):
        review.freeze_snapshot(application)
    return application


def mark_all(made: World, application: Application, points: dict[str, list[str]], rounds: int = 1) -> None:
    """Each reviewer of the panel gives the points in their place and hands in."""
    for place, one in enumerate(made.panel(application)):
        for indicator, given in points.items():
            review.give_mark(application, by=one, indicator=indicator, points=given[place], reason="按现场与材料")
        review.hand_in(application, by=one)
    application.refresh_from_db()


def reviewed(made: World, points: dict[str, list[str]] | None = None, **rest: Any) -> Application:
    application = in_review(made, **rest)
    with frozen(DAY(made.cycle.year, 10, 15)):
        mark_all(made, application, points or {"A6": ["8", "8.5", "9"], "D6": ["9", "9", "9.5"]})
        review.record_visit(application, by=made.panel(application)[0], spots=SPOTS)
        review.finish_review(application, by=made.panel(application)[0])
    return application


def published(made: World, **rest: Any) -> Application:
    """Heard on 20 October; publicity to the 27th."""
    application = reviewed(made, **rest)
    with frozen(DAY(made.cycle.year, 10, 20)):
        hearing.resolve(application, by=made["city"], minutes="联席纪要〔2026〕11号")
    return application


def awarded(made: World, **rest: Any) -> Application:
    """Given on 28 October."""
    application = published(made, **rest)
    with frozen(DAY(made.cycle.year, 10, 28)):
        giving.award(application, by=made["city"], decision=f"攀组通〔{made.cycle.year}〕58号")
    application.refresh_from_db()
    return application


def put_in(case: Any, state: str) -> Any:
    """Lay a case into a state by hand, to try what may be done there."""
    type(case).objects.filter(pk=case.pk).update(state=state)
    case.refresh_from_db()
    return case
