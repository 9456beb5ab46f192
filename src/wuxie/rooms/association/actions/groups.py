"""Verbs on working groups: charter and lead, the tasks that a period brings, giving out, delivering and accepting work, the quarter's mark."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.facts import ledger
from wuxie.kernel.parties.models import Appointment, Person
from wuxie.kernel.parties.roles import COMPANY
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import catalogue, facts, papers, queries, rules
from ..models import Evaluation, Member, Task, WorkGroup
from ..workflow import TASK
from ..workflow.groups import ACCEPTANCE, LETTER, RESULT
from .common import File, keep, save


@transaction.atomic
def set_charter(group: WorkGroup, *, by: Actor, charter: str, adopted_on: datetime.date) -> WorkGroup:
    """What the group may do, and since when that holds."""
    may(rules.leadership, group, by, _("登记工作组章程"))
    if adopted_on > today():
        raise Refusal("guard", _("通过日 %(day)s 还没有到。") % {"day": adopted_on})
    save(group, charter=said(charter, _("请写章程。")), adopted_on=adopted_on)
    return group


@transaction.atomic
def name_lead(group: WorkGroup, *, by: Actor, unit: Member, person: Person, until: datetime.date) -> WorkGroup:
    """Somebody who speaks for a member of the group leads it for a term."""
    may(rules.leadership, group, by, _("任命组长"))
    if group.code not in (unit.group, unit.second_group):
        raise Refusal("guard", _("“%(who)s”不在%(group)s里。先在会员资料里编组。") % {"who": unit, "group": group})
    if (
        not Appointment.objects.now()
        .filter(person=person, organisation=unit.organisation_id, role__in=COMPANY)
        .exists()
    ):
        raise Refusal("guard", _("这个人不是“%(who)s”的联络人或管理员。先指定联络人。") % {"who": unit})
    last = add_months(today(), queries.term("lead_term"))
    if not today() <= until <= last:
        raise Refusal(
            "guard",
            _("任期要在今天到 %(day)s 之间：一届最长 %(n)s 个月。") % {"day": last, "n": queries.term("lead_term")},
        )
    save(group, lead=person, lead_unit=unit, lead_until=until)
    return group


@transaction.atomic
def lay_down(day: datetime.date) -> int:
    """The tasks of the periods that a day lies in, those that are not there yet; how many. May be run again without harm."""
    known = set(Task.objects.exclude(duty="").values_list("duty", "period"))
    groups = {code: queries.group_of(code) for code in catalogue.groups()}
    made = []
    for duty in catalogue.duties():
        period, end = duty.period(day)
        if (duty.code, period) not in known:
            made.append(
                Task(
                    group=groups[duty.group],
                    duty=duty.code,
                    period=period,
                    title=duty.label,
                    deliverable=duty.deliverable,
                    due_on=end,
                )
            )
    return engine.open_many(TASK, made, by=THE_CLOCK)


@transaction.atomic
def plan(group: WorkGroup, *, by: Actor, title: str, deliverable: str, due_on: datetime.date) -> Task:
    """A task beside those of the yearly list."""
    may(rules.manager, group, by, _("加任务"))
    if due_on < today():
        raise Refusal("guard", _("期限 %(day)s 已经过了，请改晚。") % {"day": due_on})
    case = Task(
        group=group,
        title=said(title, _("请写任务。"))[:120],
        deliverable=said(deliverable, _("请写要交付什么。"))[:120],
        due_on=due_on,
    )
    engine.open_case(TASK, case, by=by)
    return case


@transaction.atomic
def assign(case: Task, *, by: Actor, doer: Member, criteria: str, due_on: datetime.date, hours: int) -> Event:
    """A member of the group takes the task: what has to come out, by when, for how many hours. The letter is issued."""
    engine.check(TASK, "assign", case, by=by)
    if case.group.code not in (doer.group, doer.second_group) or doer.left_on is not None:
        raise Refusal(
            "guard", _("“%(who)s”不在%(group)s里，不能承办。请选本组会员。") % {"who": doer, "group": case.group}
        )
    if due_on < today():
        raise Refusal("guard", _("期限 %(day)s 已经过了，请改晚。") % {"day": due_on})
    save(case, doer=doer, criteria=said(criteria, _("请写验收标准，验收时对照。"))[:300], due_on=due_on, hours=hours)
    letter = papers.write(
        LETTER, TASK.key(case), by=by.key, extra={"group": case.group.code.split("_")[0].upper()}, group=case.group, title=case.title, doer=doer,
        deliverable=case.deliverable, criteria=case.criteria, due=due_on, hours=hours,
    )  # fmt: skip
    return engine.take(TASK, "assign", case, by=by, papers=letter, doer=doer.pk, hours=hours)


@transaction.atomic
def deliver(case: Task, *, by: Actor, file: File | None, note: str = "") -> Event:
    """The result is handed in; each time it is another draft."""
    step = "redeliver" if case.state == Task.State.RETURNED else "deliver"
    engine.check(TASK, step, case, by=by)
    if file is None:
        raise Refusal("guard", _("请放上成果文件。"))
    save(case, delivered_by=by.key, delivered_on=case.delivered_on or today(), delivery=case.delivery + 1)
    return engine.take(
        TASK, step, case, by=by, note=note, papers=keep(TASK, case, RESULT, file, by), delivery=case.delivery
    )


@transaction.atomic
def accept(case: Task, *, by: Actor, quality: int, note: str) -> Event:
    """Somebody else than the doer finds it good, with a mark; the doer's unit has done a duty and given a result."""
    engine.check(TASK, "accept", case, by=by)
    if not 0 <= quality <= 100:
        raise Refusal("guard", _("质量分要在 0 到 100 之间。"))
    opinion = said(note, _("请写验收意见。"))
    assert case.doer is not None
    paper = papers.write(
        ACCEPTANCE, TASK.key(case), by=by.key, extra={"group": case.group.code.split("_")[0].upper()}, group=case.group, title=case.title,
        doer=case.doer, deliverable=case.deliverable, criteria=case.criteria, delivered=case.delivered_on, quality=quality, hours=case.hours,
        opinion=opinion,
    )  # fmt: skip
    save(case, quality=quality, accepted_on=today())
    event = engine.take(TASK, "accept", case, by=by, note=opinion, papers=paper, quality=quality)
    if case.doer.organisation.kind == "company":
        for kind in (facts.DELIVERABLE, facts.DUTY_DONE):
            ledger.announce(
                kind, case.doer.organisation.key, occurred_on=today(), quantity="1", trust="association_verified", by=by.key,
                source=f"{TASK.key(case)}/accepted", note=case.title,
            )  # fmt: skip
    return event


@transaction.atomic
def reassign(case: Task, *, by: Actor, note: str) -> Event:
    """Taken back, to be given to somebody else."""
    why = said(note, _("请写明理由，对方看得到。"))
    event = engine.take(TASK, "reassign", case, by=by, note=why, doer=case.doer_id)
    save(case, doer=None, delivered_by="", delivered_on=None, delivery=0)
    return event


@transaction.atomic
def evaluate(group: WorkGroup, *, by: Actor, year: int, quarter: int) -> Evaluation:
    """The mark of a quarter that is over, computed from tasks, acceptance and answers; once, and never by the group itself."""
    may(rules.leadership, group, by, _("季度评价"))
    if queries.span(year, quarter)[1] >= today():
        raise Refusal("guard", _("%(year)s 年第 %(quarter)s 季度还没有过完。") % {"year": year, "quarter": quarter})
    if Evaluation.objects.filter(group=group, year=year, quarter=quarter).exists():
        raise Refusal("guard", _("%(year)s 年第 %(quarter)s 季度已经评过。") % {"year": year, "quarter": quarter})
    found = queries.quarter(group, year, quarter)
    if found is None:
        raise Refusal("guard", _("%(group)s这一季没有到期的任务，没有可评的。") % {"group": group})
    made = Evaluation.objects.create(
        group=group, year=year, quarter=quarter, due=found.due, on_time=found.on_time, quality=found.quality, satisfaction=found.satisfaction,
        score=found.score, passed=found.passed, by=by.key, at=now(),
    )  # fmt: skip
    ledger.announce(
        facts.EVALUATED.code, queries.association_key(), occurred_on=today(), source=f"group_evaluation:{made.pk}", by=by.key,
        note=f"{made}：{found.on_time}/{found.due}",
    )  # fmt: skip
    return made
