"""The demo city's ratings, told through the same verbs that the pages use: one finished, one in publicity, one in review.

Every date is set relative to the day of loading, so that the city is alive on any day; the clock is moved along as the
story goes, and what time does by itself is done by the clock.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from wuxie.kernel.access.actor import Actor, actor_of
from wuxie.kernel.clock.now import SHANGHAI, frozen
from wuxie.kernel.facts import ledger, sealer
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.jobs import outbox
from wuxie.kernel.papers import actions as paper_actions
from wuxie.kernel.parties.models import Appointment, Person
from wuxie.kernel.standards import actions as standards
from wuxie.kernel.standards.models import Version
from wuxie.kernel.workflow import clock
from wuxie.rooms import rating
from wuxie.rooms.rating.actions import after, application, award, benefit, cycle, dispute, hearing, review
from wuxie.rooms.rating.evidence import judged_indicators
from wuxie.rooms.rating.jobs import freeze_what_is_ready
from wuxie.rooms.rating.models import Application, Award, Benefit, Cycle, Visit
from wuxie.rooms.register.models import Project

from . import rare
from .city import CITY, City

S = Application.State
DAY = datetime.timedelta(days=1)
#: The demonstration standard that ships with the room.
DEMONSTRATION = Path(rating.__file__).parent / "data" / "star-rating.yaml"
#: So many projects ask for a star in this year's cycle of the city; two companies ask for none anywhere.
CITY_CASES = 22
#: A picture of nothing in particular, one grey pixel, for papers that somebody has to attach.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c636868000001820101b5f2d8de0000000049454e44ae426082"
)


@dataclass
class Teller:
    """Who acts, on which day: actors are asked for anew on each day, as a request would."""

    city: City
    today: datetime.date
    standard: str = ""
    people: dict[tuple[str, object], int] = field(default_factory=dict)

    def load_people(self) -> None:
        rows = Appointment.objects.values_list("role", "organisation_id", "place_id", "subject", "person_id").order_by(
            "pk"
        )
        for role, organisation, place, subject, person in rows:
            for where in (organisation, place, subject):
                if where:
                    self.people.setdefault((role, where), person)

    def who(self, role: str, where: object) -> Actor:
        return actor_of(Person.objects.get(pk=self.people[(role, where)]))

    @property
    def secretary(self) -> Actor:
        return self.who("association_secretariat", self.city.association.pk)

    @property
    def authority(self) -> Actor:
        return self.who("gov_city", CITY)

    def company(self, case: Application) -> Actor:
        return self.who("company_admin", case.project.company_id)

    def day(self, back: int) -> datetime.date:
        """So many days before the day of loading."""
        return self.today - back * DAY


def on(day: datetime.date, hour: int = 10) -> object:
    """The clock stands at an hour of a day."""
    return frozen(datetime.datetime.combine(day, datetime.time(hour), SHANGHAI))


def fresh(case: Application) -> Application:
    return Application.objects.select_related("project__estate", "project__company", "cycle", "snapshot").get(
        pk=case.pk
    )


def publish_standard(teller: Teller, day: datetime.date) -> None:
    with on(day):
        draft = standards.import_yaml(DEMONSTRATION.read_bytes(), by=teller.secretary.key)
        made: Version = standards.publish(draft, by=teller.secretary.key, by_name=teller.secretary.name)
    teller.standard = made.key


def found_cycle(
    teller: Teller, *, name: str, year: int, place: str, end: datetime.date, number: str, before: int = 20
) -> Cycle:
    """A cycle whose window ends on a day; applications in the month after it, cut-off three weeks later."""
    with on(end - before * DAY):
        made = cycle.draft_cycle(
            by=teller.secretary, name=name, year=year, place_code=place, standard=teller.standard,
            document_number=number, document_title="关于开展红色物业星级评定工作的通知（演示）",
            document_authority="演示市委组织部、演示市住房和城乡建设局（虚构）",
            window_from=end - 364 * DAY, window_to=end, cutoff=end + 21 * DAY, apply_from=end + DAY, apply_to=end + 25 * DAY,
            budget_number="演示财建〔年度〕18号", budget_text="四星 2 万元，五星 5 万元，以当年文件为准",
        )  # fmt: skip
        return cycle.open_cycle(made, by=teller.secretary)


def apply_for(teller: Teller, rating: Cycle, project: Project, day: datetime.date) -> Application:
    """A company fills in and sends an application; its own scores are a little kind to itself."""
    with on(day):
        me = teller.who("company_admin", project.company_id)
        case = application.start(project, rating, by=me)
        share = min(teller.city.quality[project.pk] + 40, 990)
        groups = {one["id"]: f"{float(one['points']) * share / 1000:.1f}" for one in _groups(teller)}
        application.fill_in(case, by=me, self_scores=groups, party_form="独立支部", promise=True, contact=me.name)
        application.submit(fresh(case), by=me)
    return fresh(case)


def _groups(teller: Teller) -> list[dict[str, object]]:
    found = standards.published(teller.standard)
    assert found is not None
    groups: list[dict[str, object]] = found["groups"]
    return groups


def check(teller: Teller, case: Application, day: datetime.date, *, supplement: bool = False) -> Application:
    """The form check, with one supplement where the story wants it."""
    with on(day):
        application.open_check(fresh(case), by=teller.secretary)
    if supplement:
        with on(day + DAY):
            application.ask_supplement(
                fresh(case), by=teller.secretary, text="申报表缺电梯检验报告编号，请补两份报告。"
            )
        with on(day + 2 * DAY):
            me = teller.company(case)
            paper = paper_actions.attach(
                f"star_application:{case.pk}", PIXEL, "检验报告编号页.png", kind="补正材料", by=me.key
            )
            application.supplement(fresh(case), by=me, papers={"补正材料": f"attachment:{paper.pk}"})
    with on(day + 3 * DAY):
        application.pass_check(fresh(case), by=teller.secretary)
    return fresh(case)


def opinions(teller: Teller, case: Application, day: datetime.date) -> Application:
    place = case.project.estate.place_id
    with on(day):
        application.give_opinion(fresh(case), by=teller.who("gov_community", place), stance="agrees")
    with on(day, 15):
        application.give_opinion(fresh(case), by=teller.who("gov_street", place[:9]), stance="agrees")
    return fresh(case)


def freeze(teller: Teller, day: datetime.date) -> None:
    """The clock: what is ready is frozen, scored and drawn."""
    with on(day, 1):
        sealer.seal()
        freeze_what_is_ready()


def mark(teller: Teller, case: Application, day: datetime.date, *, only: int = 99, spread: bool = False) -> Application:
    """The drawn reviewers visit, mark and hand in; ``only`` so many of them; ``spread``: one far from the others."""
    case = fresh(case)
    assert case.snapshot is not None
    indicators = judged_indicators(case.snapshot.document)
    quality = teller.city.quality[case.project_id]
    with on(day):
        for place, task in enumerate(case.assignments.current().order_by("pk")[:only]):
            me = actor_of(task.reviewer)
            if task.visits:
                verdict = Visit.Verdict.values[0 if quality > 780 else 1]
                spots = {spot: {"verdict": verdict, "note": "现场看过"} for spot in Visit.Spot.values}
                review.record_visit(case, by=me, spots=spots)
            for indicator, full in indicators.items():
                share = (
                    max(quality - 30 + 25 * place, 100) if not (spread and place == 0 and indicator == "A6") else 200
                )
                points = min(full * share // 1000, full)
                review.give_mark(
                    case, by=me, indicator=indicator, points=f"{points // 100}.{points % 100:02d}", reason="现场与台账相符",
                )  # fmt: skip
            review.hand_in(case, by=me)
            case = fresh(case)
    return case


def second_round(teller: Teller, case: Application, day: datetime.date) -> Application:
    """The panel met and marks again what lay far apart."""
    case = fresh(case)
    if case.review_round != 2:
        return case
    with on(day):
        tasks = list(case.assignments.current().order_by("pk"))
        review.hold_session(
            case, by=actor_of(tasks[0].reviewer), minutes="核对了先议后决的会议纪要，认定三次均有记录。"
        )
        for task in tasks:
            case = fresh(case)
            for indicator in case.session.indicators:
                review.give_mark(
                    case, by=actor_of(task.reviewer), indicator=indicator, points="1.60", reason="合议后按纪要核定"
                )
            review.hand_in(case, by=actor_of(task.reviewer))
    return fresh(case)


def late_fact(teller: Teller, case: Application) -> None:
    """A drill of the window reached the ledger after the cut-off; the company asks, the panel lets it count."""
    window_to = case.cycle.window_to
    with on(teller.day(6)):
        fact = ledger.announce(
            "safety.drill_held.lift", case.project.key, occurred_on=window_to - 3 * DAY, source=f"demo/late/{case.pk}",
            trust="association_verified", by=teller.secretary.key,
        )  # fmt: skip
        row = review.ask_late(
            fresh(case), by=teller.company(case), fact_id=fact.pk, plea="演练记录当日已交社区，社区补盖章后才入账。"
        )
    task = fresh(case).assignments.current().order_by("pk").first()
    assert task is not None
    with on(teller.day(5), 16):
        review.decide_late(row, by=actor_of(task.reviewer), admit=True, reason="社区盖章的记录在收录期内，迟在盖章。")


def finish(teller: Teller, case: Application, day: datetime.date) -> Application:
    with on(day):
        task = case.assignments.current().order_by("pk").first()
        assert task is not None
        review.finish_review(fresh(case), by=actor_of(task.reviewer))
    return fresh(case)


def hear(teller: Teller, case: Application, day: datetime.date) -> Application:
    with on(day):
        case = fresh(case)
        if case.stars:
            hearing.resolve(case, by=teller.authority, minutes=f"联席〔{day.year}〕{case.pk}号")
        else:
            hearing.decline(case, by=teller.authority, reason="总分未到一星门槛，逐项得分已告知。")
    return fresh(case)


def tick(day: datetime.date) -> None:
    """An ordinary minute of the worker on a day."""
    with on(day, 9):
        outbox.drain_all()
        clock.take_due()
        sealer.seal()


def give_awards(teller: Teller, cases: list[Application], day: datetime.date) -> None:
    tick(day)
    with on(day):
        for case in cases:
            case = fresh(case)
            if case.state == S.PUBLICITY and case.stars:
                award.award(case, by=teller.authority, decision=f"演示住建〔{day.year}〕{case.pk}号")


def deliver_benefits(teller: Teller, day: datetime.date, *, most: int) -> None:
    """Who owes something plans it, delivers it with a proof; the company confirms; one has no budget."""
    for place, row in enumerate(Benefit.objects.filter(state="promised").order_by("pk")[:most]):
        try:
            owner = teller.who(
                row.owner_role, row.owner_id if row.owner_role == "association_secretariat" else row.owner_place
            )
        except KeyError:
            continue
        with on(day):
            if place % 30 == 11:
                benefit.no_budget(row, by=owner, reason="年度预算未安排，待追加。")
                continue
            benefit.schedule(row, by=owner, day=day + 5 * DAY, note="按兑现清单安排")
        if place % 40 == 7:
            continue
        with on(day + 6 * DAY):
            benefit.deliver(Benefit.objects.get(pk=row.pk), by=owner, proof=f"凭证 {row.kind}-{row.pk:04d}")
        if place % 25 != 3:
            with on(day + 8 * DAY):
                benefit.confirm(Benefit.objects.get(pk=row.pk), by=teller.company(fresh(row.application)))


def veto(teller: Teller, case: Application, day: datetime.date) -> None:
    """A lift ran past its inspection: a veto fact arrives, the star goes under review and is revoked."""
    with on(day):
        ledger.announce(
            "inspection.overdue.special_equipment", case.project.key, occurred_on=day, source=f"demo/veto/{case.pk}",
            trust="association_verified", by=teller.secretary.key, note="3 号楼电梯超期未检仍在使用",
        )  # fmt: skip
    tick(day + DAY)
    with on(day + 2 * DAY):
        case = fresh(case)
        if case.state == S.AWARDED:
            after.veto_arrived(case)
    with on(day + 9 * DAY):
        after.revoke(
            fresh(case),
            by=teller.authority,
            reason="电梯超期未检仍使用，依标准 V3 撤销。",
            decision=f"演示住建〔{day.year}〕撤1号",
        )


def dispute_one(teller: Teller, projects: list[Project], kind: str, day: datetime.date, reason: str) -> None:
    """A company says late in the evening that the newest such fact, about its project, is wrong."""
    of = {project.key: project for project in projects}
    fact = Fact.objects.filter(subject__in=of, kind=kind).latest("occurred_on", "subject")
    project = of[fact.subject]
    with on(day, 21):
        dispute.open_dispute(project, fact.pk, by=teller.who("company_admin", project.company_id), reason=reason)


def object_to(
    case: Application, day: datetime.date, *, text: str, indicator: str, contact: str, hour: int = 15
) -> None:
    with on(day, hour):
        hearing.object_to(fresh(case), text=text, indicator=indicator, contact=contact)


Report = Callable[[str], None]


Evidence = Callable[[datetime.date, datetime.date], None]


def finished(teller: Teller, report: Report, evidence: Evidence) -> None:
    """Last year's cycle, from founding to plaques, benefits and one revocation."""
    end = teller.day(420)
    rating = found_cycle(
        teller,
        name=f"{end.year} 年度红色物业星级评定",
        year=end.year,
        place=CITY,
        end=end,
        number=f"演示组发〔{end.year}〕7号",
    )
    evidence(end - 380 * DAY, end)
    report("上一年度：事实")
    cases = [apply_for(teller, rating, project, end + 3 * DAY) for project in teller.city.projects[:18]]
    for place, case in enumerate(cases):
        check(teller, case, end + 4 * DAY, supplement=place == 5)
        if place != 7:  # here community and street keep silent, and the clock goes on without them
            opinions(teller, case, end + 9 * DAY)
    report("上一年度：申报")
    freeze(teller, end + 22 * DAY)
    tick(end + 23 * DAY)  # where nobody answered, a long holiday may lie in the seven working days
    freeze(teller, end + 24 * DAY)
    for place, case in enumerate(cases):
        mark(teller, case, end + 30 * DAY, spread=place == 1)
    for case in cases:
        second_round(teller, case, end + 33 * DAY)
        finish(teller, case, end + 34 * DAY)
    report("上一年度：评审")
    with on(end + 36 * DAY):
        cycle.settle_quota(Cycle.objects.get(pk=rating.pk), by=teller.secretary, minutes=f"联席〔{end.year}〕1号")
    for case in cases:
        hear(teller, case, end + 38 * DAY)
    give_awards(teller, cases, end + 52 * DAY)
    deliver_benefits(teller, end + 58 * DAY, most=400)
    starred = [case for case in cases if Award.objects.filter(application=case, ended_on=None).exists()]
    if starred:
        veto(teller, starred[-1], end + 200 * DAY)
    report("上一年度：授星与权益")


def this_year(teller: Teller, report: Report, evidence: Evidence) -> None:
    """Three cycles, day by day: the city's in publicity with open objections, a district's in review, one taking applications."""
    end = teller.day(58)
    city = found_cycle(
        teller,
        name=f"{end.year} 年度红色物业星级评定",
        year=end.year,
        place=CITY,
        end=end,
        number=f"演示组发〔{end.year}〕9号",
    )
    evidence(teller.day(419), end)
    report("本年度：事实")
    cases = [apply_for(teller, city, project, end + 3 * DAY) for project in teller.city.projects[:CITY_CASES]]
    for place, case in enumerate(cases):
        check(teller, case, end + 4 * DAY, supplement=place == 3)
        opinions(teller, case, end + 9 * DAY)
    report("本年度：申报")
    district = _district_cycle(teller)
    freeze(teller, teller.day(36))
    for case in cases:
        mark(teller, case, teller.day(30))
    evidence(teller.day(57), teller.day(30))
    report("本年度：取数与盲评")
    others = _district_applications(teller, district)
    for case in cases:
        second_round(teller, case, teller.day(25))
    for case in others[:-2]:
        opinions(teller, case, teller.day(24))
    for case in cases:
        finish(teller, case, teller.day(23))
    report("本年度：评审")
    _cycle_to_join(teller)
    with on(teller.day(18)):
        cycle.settle_quota(Cycle.objects.get(pk=city.pk), by=teller.secretary, minutes=f"联席〔{end.year}〕2号")
    freeze(teller, teller.day(8))
    for place, case in enumerate(others[:-2]):
        if fresh(case).state == S.REVIEW:
            mark(teller, case, teller.day(5), only=place % 3)
    late_fact(teller, others[0])
    with on(teller.day(3)):
        application.open_check(fresh(others[-2]), by=teller.secretary)
    for case in cases:
        hear(teller, case, teller.day(2))
    _objections(teller, [case for case in map(fresh, cases) if case.state == S.PUBLICITY])
    report("本年度：公示与异议")
    evidence(teller.day(29), teller.day(1))
    reason = "隐患在水务管段，已移交，见移交单。"
    dispute_one(teller, [case.project for case in cases], "safety.hazard_overdue", teller.day(1), reason)
    with on(teller.day(1), 22):
        ledger.announce_many(rare.rows(teller.city, teller.day(2)), by="clock")


def _district_cycle(teller: Teller) -> Cycle:
    """A district rates on its own: the same standard, another founding paper."""
    end = teller.day(30)
    return found_cycle(
        teller, name=f"{end.year} 年仁和区专项评定", year=end.year, place="510411", end=end,
        number=f"演示仁组〔{end.year}〕3号", before=15,
    )  # fmt: skip


def _cycle_to_join(teller: Teller) -> Cycle:
    """Another district has just begun to take applications, so that a visitor of the demo can send one."""
    end = teller.day(6)
    return found_cycle(
        teller, name=f"{end.year} 年盐边县专项评定", year=end.year, place="510422", end=end,
        number=f"演示边组〔{end.year}〕1号", before=15,
    )  # fmt: skip


def _district_applications(teller: Teller, rating: Cycle) -> list[Application]:
    asking = {one.company_id for one in teller.city.projects[:CITY_CASES]}
    there = [one for one in teller.city.projects if one.estate.place_id.startswith("510411")]
    projects = [one for one in there if one.company_id in asking][:8]
    cases = [apply_for(teller, rating, project, teller.day(29)) for project in projects]
    for case in cases[:-2]:
        check(teller, case, teller.day(28))
    return cases


def _objections(teller: Teller, published: list[Application]) -> None:
    object_to(
        published[0], teller.day(1), indicator="D2", contact="1000 000 0001",
        text="8月地下车库渗水报过三次，台账上写按期闭环，现场至今没有修好。",
    )  # fmt: skip
    object_to(
        published[2], teller.day(1), indicator="C2", contact="1000 000 0002", hour=16,
        text="报修单显示已完成，但我家门禁还没有修，回访电话也没有打。",
    )  # fmt: skip
