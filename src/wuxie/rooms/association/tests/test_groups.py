"""Working groups: what a period brings, who does it, who accepts it, how the work lies, how a quarter went."""

import datetime
from fractions import Fraction

import pytest

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.notify.models import Message
from wuxie.kernel.papers.models import Document
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.workflow import clock
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.association import catalogue, jobs, queries
from wuxie.rooms.association.actions import desk, groups
from wuxie.rooms.association.actions.common import with_reason
from wuxie.rooms.association.models import Evaluation, Member, Task, WorkGroup
from wuxie.rooms.association.workflow import TASK

from .factories import PDF, SITS, TODAY, task
from .test_meetings import everybody

pytestmark = pytest.mark.django_db
DAY = datetime.date
OFFICE, MANAGERS, DOER = {"office"}, {"office", "m0"}, {"m1"}
#: The second member does the task, the first one's contact leads the group.
STEPS = {
    "assign": ("planned", "assigned", MANAGERS), "deliver": ("assigned", "delivered", DOER), "redeliver": ("returned", "delivered", DOER),
    "accept": ("delivered", "accepted", MANAGERS), "return": ("delivered", "returned", MANAGERS),
    "reassign": ("assigned returned", "planned", MANAGERS), "drop": ("planned", "dropped", OFFICE),
}  # fmt: skip


def test_who_may_take_a_step_of_a_task(world):
    world.led()
    everybody(TASK, world.delivered(), STEPS, world)


def test_the_list_gives_every_period_its_task_once():
    monthly = [one for one in catalogue.duties() if one.cycle == "month"]
    assert len(list(catalogue.duties())) == 50 and len({one.code for one in catalogue.duties()}) == 50
    assert monthly[0].period(DAY(2027, 2, 3)) == ("2027-02", DAY(2027, 2, 28))
    quarterly = next(one for one in catalogue.duties() if one.cycle == "quarter")
    assert quarterly.period(DAY(2026, 12, 31)) == ("2026Q4", DAY(2026, 12, 31))

    jobs.lay_down_duties()
    assert (WorkGroup.objects.count(), Task.objects.count()) == (5, 50)
    assert groups.lay_down(TODAY) == 0
    assert groups.lay_down(DAY(2026, 12, 1)) == len(monthly)
    assert set(Task.objects.filter(period="2026Q4").values_list("due_on", flat=True)) == {DAY(2026, 12, 31)}


def test_a_task_from_its_letter_to_its_acceptance(world):
    world.led()
    case = world.assigned()
    groups.deliver(case, by=world["m1"], file=PDF)
    with_reason(TASK, "return")(case, by=world["m0"], note="缺附件")
    groups.deliver(case, by=world["m1"], file=PDF, note="补了")
    groups.accept(case, by=world["m0"], quality=86, note="齐全")

    case.refresh_from_db()
    assert (case.state, case.delivery, case.delivered_on, case.quality) == ("accepted", 2, TODAY, 86)
    assert set(Document.objects.values_list("label", flat=True)) == {"工作组任务书", "成果验收单"}
    unit = world.members[1].organisation
    assert set(Fact.objects.filter(subject=unit.key).values_list("kind", flat=True)) == {
        "member.group_deliverable",
        "member.duty_done",
    }
    assert {fact.trust for fact in Fact.objects.filter(subject=unit.key)} == {2}


def test_a_member_sees_what_its_groups_do_and_every_result(world):
    case = world.delivered()
    seen = {
        who
        for who in ("office", "president", "m1", "m3", "m4", "outsider", "city")
        if Task.objects.visible_to(world[who]).exists()
    }
    assert seen == {"office", "president", "m1", "m3"}, "the fourth is in the group, the fifth in none"
    groups.accept(case, by=world["office"], quality=80, note="好")
    assert Task.objects.visible_to(world["m4"]).exists() and not Task.objects.visible_to(world["outsider"]).exists()


def test_nobody_accepts_what_their_own_unit_did(world):
    world.led()
    case = world.assigned(0)
    groups.deliver(case, by=world["m0"], file=PDF)
    with pytest.raises(Refusal, match="不是承办方"):
        groups.accept(case, by=world["m0"], quality=100, note="好")
    groups.accept(case, by=world["office"], quality=70, note="可用")


def test_a_task_goes_to_a_member_of_the_group_and_needs_a_file(world):
    case = task()
    known = {"criteria": "可用", "due_on": SITS, "hours": 4}
    with pytest.raises(Refusal, match="“牛宿物业”不在培训组里"):
        groups.assign(case, by=world["office"], doer=world.members[8], **known)
    with pytest.raises(Refusal, match="写验收标准"):
        groups.assign(case, by=world["office"], doer=world.members[1], **known | {"criteria": " "})
    case.refresh_from_db()
    groups.assign(case, by=world["office"], doer=world.members[1], **known)
    with pytest.raises(Refusal, match="放上成果文件"):
        groups.deliver(case, by=world["m1"], file=None)
    groups.reassign(case, by=world["office"], note="太忙")
    assert (case.state, case.doer) == ("planned", None)


def test_late_work_is_told_rung_by_rung_and_counts_in_a_row(world):
    world.led()
    for _each in range(2):
        world.assigned()
    with frozen(SITS + datetime.timedelta(days=3)):
        for _again in range(4):
            clock.take_due()
        assert queries.late_in_a_row(WorkGroup.objects.get(code="training_group")) == 2
    for who in ("m1", "m0"):
        assert Message.objects.filter(person_key=world.people[who].key, title__contains="交付成果").exists()


def test_a_lead_speaks_for_a_member_of_the_group_and_for_a_term(world):
    group = queries.group_of("training_group")
    known = {"by": world["president"], "until": DAY(2027, 1, 1)}
    with pytest.raises(Refusal, match="不在培训组里"):
        groups.name_lead(group, unit=world.members[8], person=world.people["m8"], **known)
    with pytest.raises(Refusal, match="不是“角宿物业”的联络人"):
        groups.name_lead(group, unit=world.members[0], person=world.people["m1"], **known)
    with pytest.raises(Refusal, match="最长 24 个月"):
        groups.name_lead(
            group, unit=world.members[0], person=world.people["m0"], by=world["president"], until=DAY(2029, 1, 1)
        )
    world.led()
    with frozen(DAY(2027, 11, 26)), pytest.raises(Refusal, match="由组长"):
        groups.plan(WorkGroup.objects.get(), by=world["m0"], title="规范", deliverable="文本", due_on=DAY(2027, 12, 1))


def test_the_load_on_the_members_of_a_group(world):
    for doer, hours in ((1, 6), (2, 2)):
        case = task()
        groups.assign(case, by=world["office"], doer=world.members[doer], criteria="可用", due_on=SITS, hours=hours)
        groups.deliver(case, by=world[f"m{doer}"], file=PDF)
        groups.accept(case, by=world["office"], quality=90, note="好")
    load = queries.workload(2026)
    assert (sorted(load.hours), load.gini, load.hundredths) == ([0, 0, 0, 2, 6], Fraction(28, 40), 70)
    assert load.by_weight == Fraction(2, 3), (
        "0, 0, 0, 2 / 2 and 6 / 3: a vice president bears three parts, a council member two"
    )


def test_a_quarter_is_marked_from_its_tasks_and_answers(world):
    group = world.led()
    case = world.delivered()
    groups.accept(case, by=world["office"], quality=80, note="好")
    world.assigned(2)
    asked = desk.ask(world.members[3], by=world["m3"], subject="training", title="课表", text="什么时候开课")
    desk.hand_on(asked, by=world["office"], group=group)
    desk.answer(asked, by=world["m0"], answer="下月")
    desk.rate(asked, by=world["m3"], mark=4)
    with pytest.raises(Refusal, match="还没有过完"):
        groups.evaluate(group, by=world["president"], year=2026, quarter=4)
    with frozen(DAY(2027, 1, 5)):
        made = groups.evaluate(group, by=world["president"], year=2026, quarter=4)
        with pytest.raises(Refusal, match="已经评过"):
            groups.evaluate(group, by=world["president"], year=2026, quarter=4)
        with pytest.raises(Refusal, match="由协会秘书处、会长"):
            groups.evaluate(group, by=world["m0"], year=2026, quarter=3)
    assert (made.due, made.on_time, made.quality, made.satisfaction) == (2, 1, 8000, 400)
    assert (made.score, made.passed) == (3000 + 2000 + 1200, True)


def test_two_failed_quarters_ask_for_a_new_group(world):
    group = world.led()
    for number in (1, 2):
        Evaluation.objects.create(
            group=group,
            year=2026,
            quarter=number,
            due=4,
            on_time=1,
            score=2500,
            passed=False,
            by="person:0",
            at=datetime.datetime.now(datetime.UTC),
        )
        assert queries.failing(group) is (number == 2)
    groups.set_charter(group, by=world["president"], charter="只承办、只建议。", adopted_on=TODAY)
    assert Member.objects.in_group("training_group").count() == 5


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda w, past: groups.set_charter(w.led(), by=w["president"], charter="只建议。", adopted_on=SITS), "通过日 2026-12-18 还没有到"),
        (lambda w, past: task(due_on=past), "期限 2026-11-24 已经过了，请改晚"),
        (
            lambda w, past: groups.assign(task(), by=w["office"], doer=w.members[1], criteria="可用", due_on=past, hours=1),
            "期限 2026-11-24 已经过了，请改晚",
        ),
        (lambda w, past: groups.accept(w.delivered(), by=w["office"], quality=101, note="好"), "质量分要在 0 到 100 之间"),
        (
            lambda w, past: groups.evaluate(w.led(), by=w["president"], year=2026, quarter=1),
            "培训组这一季没有到期的任务，没有可评的",
        ),
    ],
)  # fmt: skip
def test_what_a_group_enters_is_refused_with_the_mend(world, act, sentence):
    with pytest.raises(Refusal, match=sentence):
        act(world, TODAY - datetime.timedelta(days=1))


def test_what_somebody_of_no_company_delivers_counts_for_no_company(world):
    case = world.delivered()
    Organisation.objects.filter(pk=world.members[1].organisation_id).update(kind="association")
    case.refresh_from_db()
    groups.accept(case, by=world["office"], quality=90, note="好")
    assert case.state == "accepted"
    assert not Fact.objects.filter(subject=world.members[1].organisation.key).exists()
