"""One rating of the demo city, step by step, through the same verbs that the pages use: from the standard to the star, and what comes after."""

from __future__ import annotations

import datetime

from wuxie.kernel.access.actor import actor_of
from wuxie.kernel.facts import ledger, sealer
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers import actions as paper_actions
from wuxie.kernel.standards import actions as standards
from wuxie.kernel.standards.models import Version
from wuxie.rooms.rating.actions import after, application, award, benefit, cycle, dispute, hearing, review
from wuxie.rooms.rating.evidence import judged_indicators
from wuxie.rooms.rating.jobs import freeze_what_is_ready
from wuxie.rooms.rating.models import Application, Benefit, Cycle, Visit
from wuxie.rooms.rating.standards import DEMONSTRATION
from wuxie.rooms.register.models import Project

from .story import DAY, Teller, on, tick

S = Application.State
#: A picture of nothing in particular, one grey pixel, for papers that somebody has to attach.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c636868000001820101b5f2d8de0000000049454e44ae426082"
)


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
