"""Disputes of the demo city in many states, the pool of experts who mediate them, and two months of the desk."""

from __future__ import annotations

import datetime
from typing import Any

from wuxie.kernel.access.actor import Actor, actor_of
from wuxie.kernel.clock.now import now
from wuxie.kernel.jobs import queue
from wuxie.kernel.parties.models import Person
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.mediation import queries
from wuxie.rooms.mediation.actions import ending, handling, intake
from wuxie.rooms.mediation.actions import rota as desk
from wuxie.rooms.mediation.actions.common import step
from wuxie.rooms.mediation.models import Dispute, Expert
from wuxie.rooms.register.models import Project

from . import names, story
from .city import City
from .hazards import seated
from .repairs import PDF

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
FIELDS = ("律师", "工程造价", "财务审计", "物业管理", "社区工作", "电梯和消防")
#: Place of the project, channel, title, category, what was told, the neutral summary, whether hidden, how far it went.
CASES = (
    (0, "letter", "1 栋 602 天花板漏水", "M5.01", "楼上卫生间漏水，客厅天花板发霉，报修三次没有结果。", "楼上漏水，要求修好、赔偿粉刷。", False, "closed"),
    (0, "hotline", "北门广场舞太吵", "M7.01", "每天晚上音响开到九点半，孩子写不了作业。", "北门广场舞音响扰民，要求物业劝阻、定时段。", True, "table"),
    (0, "walk_in", "地下车位只卖不租", "M4.03", "物业说车位只卖不租，外面又没地方停。", "地下车位只卖不租，要求按约定出租。", False, "performing"),
    (2, "online", "公共收益三年没公示", "M3.01", "电梯广告、摆摊的钱去哪了，贴出来。", "三年未公示公共收益，要求公布收支。", True, "accepted"),
    (3, "phone", "保洁两周没来 2 单元", "M1.01", "楼道垃圾两周没人收，气味很大。", "楼道保洁不到位，要求按合同打扫。", False, "assigned"),
    (4, "committee", "装修押金不退", "M2.07", "装修完验收合格，押金两千半年没退。", "装修押金到期未退，要求退还。", False, "failed"),
    (5, "hotline", "停水没有通知", "M11.04", "供水公司停水，小区没有通知。", "停水未提前通知，属供水单位的事。", False, "transferred"),
    (6, "online", "物业费涨价没有表决", "M2.04", "贴了一张通知就涨了三毛。", "", True, ""),
    (1, "hotline", "电梯停了九天", "M1.06", "3 单元电梯停了九天，老人下不了楼。", "", False, ""),
    (1, "online", "还是那部电梯", "M1.06", "3 单元电梯停用，老人下不了楼，已经九天，催一催。", "", True, ""),
)  # fmt: skip


def build(city: City, today: datetime.date) -> None:
    """Before the last evening on which the ledger was sealed."""
    office = seated("association_secretariat")
    with story.on(today - 8 * DAY, 8):  # type: ignore[attr-defined]
        experts = _pool(city, today, office)
        # Whoever has the demo's account may mediate what the demo company is told of.
        chief = next(one for one in experts if not queries.why_not(one, city.projects[0], today))
    city.people["mediator"] = chief.person
    experts = [chief, *(one for one in experts if one != chief)]
    for number, row in enumerate(CASES):
        # What nobody has decided about came in yesterday; the rest is a week old.
        day = today - 8 * DAY if row[-1] else today - DAY
        _case(city.projects[row[0]], row, number, day, office, experts)
    _desk(experts, today, office)


def _pool(city: City, today: datetime.date, office: Actor) -> list[Expert]:
    """Twelve of member units, for two years."""
    found = []
    for number in range(12):
        person = Person.objects.create(name=names.person_name(city.rng), phone=names.phone(991_000 + number))
        found.append(
            desk.add_expert(
                by=office, person=person, organisation=city.companies[-1 - number % len(city.companies)], field=FIELDS[number % len(FIELDS)],
                starts_on=today - 300 * DAY, ends_on=today + 430 * DAY,
            )
        )  # fmt: skip
    return found


def _case(project: Project, row: Any, number: int, day: datetime.date, office: Actor, experts: list[Expert]) -> None:
    _place, channel, title, category, words, summary, hidden, goal = row
    with story.on(day, 9):  # type: ignore[attr-defined]
        told = intake.register(
            project.estate, by=office, channel=channel, title=title, words=words, name=f"{'黎王赵林何'[number % 5]}反映", hidden=hidden,
            phone=names.phone(992_000 + number), reference=f"演示来文{number + 1}号" if channel in ("letter", "hotline") else "",
        )  # fmt: skip
    case = told.dispute
    if not goal:
        return
    with story.on(day, 11):  # type: ignore[attr-defined]
        handling.classify(case, by=office, title=title, category=category, summary=summary)
        if goal == "transferred":
            handling.transfer(case, by=office, referral="utility", words="停水由供水单位通知，请一并答复反映人。")
            return
        company = seated("project_manager", subject=project.key)
        handling.reply(case, by=company, words="已派人到现场看过，三天内给出办法。")
        handling.accept(case, by=office)
    if goal != "accepted":
        _mediate(case, day, office, experts, goal)


def _mediate(case: Dispute, day: datetime.date, office: Actor, experts: list[Expert], goal: str) -> None:
    may = {one.pk for one, why in queries.suitable(case) if not why}
    one = next(expert for expert in experts if expert.pk in may)  # the account of the demo has most to do
    with story.on(day, 15):  # type: ignore[attr-defined]
        handling.assign(case, by=office, mediator=one)
    if goal == "assigned":
        return
    mediator, told = actor_of(one.person), case.voices.get()
    with story.on(day + DAY, 9):  # type: ignore[attr-defined]
        if told.hidden:
            intake.reveal(told, by=mediator, note="电话里本人同意到场调解")
        handling.add_party(case, by=mediator, side="applicant", authority="self", voice=told)
        handling.add_party(
            case, by=mediator, side="respondent", authority="settle", representative="项目经理", file=PDF
        )
        step("investigate")(case, by=mediator)
        ending.invite(case, by=mediator, at=now() + 24 * HOUR, place="社区会议室", agreed=True)
    with story.on(day + 2 * DAY, 10):  # type: ignore[attr-defined]
        ending.hold(
            case, by=mediator, present="双方、调解员、社区", minutes="双方各说了意见，现场看过，围绕怎么修、谁出钱谈。"
        )
        if goal == "failed":
            ending.fail(case, by=mediator, result="failed_no_agreement", undisputed="收过押金，装修已完工")
        if goal in ("closed", "performing"):
            _agree(case, mediator, day, goal)
    if goal == "closed":
        with story.on(day + 5 * DAY, 10):  # type: ignore[attr-defined]
            for clause in case.clauses.order_by("due_on"):
                ending.keep_clause(
                    case, by=mediator, clause=clause, performed_on=clause.due_on, proof="申请人签收，照片为证"
                )
        with story.on(day + 7 * DAY, 10):  # type: ignore[attr-defined]
            ending.visit(case, by=office, words="不再漏水，双方都满意")


def _agree(case: Dispute, mediator: Actor, day: datetime.date, goal: str) -> None:
    if goal == "closed":
        rows = (("更换楼上卫生间下水管并做防水", None, 4), ("赔偿天花板粉刷费用", 120_000, 5))
    else:
        rows = (("拿出三十个车位按月出租，公布办法", None, 14), ("退还多收的登记费", 20_000, 6))
    for what, amount, ahead in rows:
        ending.add_clause(case, by=mediator, debtor="respondent", what=what, amount=amount, due_on=day + ahead * DAY)
    ending.settle(
        case, by=mediator, result="settled", undisputed="双方认可现场勘查的情况", basis="物业服务合同；民法典第942条", default="逾期的，可以向法院起诉"
    )  # fmt: skip


def _desk(experts: list[Expert], today: datetime.date, office: Actor) -> None:
    """Two months of the desk, a shift swapped, those of last week signed in but one."""
    first = today - 7 * DAY
    with story.on(today - 8 * DAY, 16):  # type: ignore[attr-defined]
        made = desk.draft(
            by=office, name=f"{first:%Y年%m月}起专家值班", place="协会接待室", starts_on=first, ends_on=today + 50 * DAY, per_day=2, rest_days=1,
            seed=int(f"{first:%Y%m%d}"),
        )  # fmt: skip
        queue.run_waiting()
        made.refresh_from_db()
        desk.publish(made, by=office)
    past = list(made.shifts.filter(day__lt=today).select_related("rota", "expert__organisation").order_by("day", "pk"))
    for shift in past[:-1]:
        with story.on(shift.day, 9):  # type: ignore[attr-defined]
            desk.serve(shift, by=office)
    with story.on(today - DAY, 17):  # type: ignore[attr-defined]
        coming = made.shifts.filter(day__gt=today, expert=experts[0]).select_related("rota", "expert").first()
        if coming is not None:
            _ask_somebody(coming, experts)


def _ask_somebody(coming: Any, experts: list[Expert]) -> None:
    """The first who can is asked to stand in."""
    for other in experts[1:]:
        try:
            desk.ask_swap(coming, by=actor_of(coming.expert.person), to=other)
        except Refusal:
            continue
        return
