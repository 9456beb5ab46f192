"""Every step, in every state, by every person; each period by moving the clock."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from wuxie.kernel.clock.now import frozen, now
from wuxie.kernel.notify.models import Message
from wuxie.kernel.workflow import clock, engine
from wuxie.kernel.workflow.diagram import BEGIN, END, mermaid
from wuxie.kernel.workflow.models import DeadlineRow, Event, Turn
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms import fund
from wuxie.rooms.fund.actions import planning, reporting, works
from wuxie.rooms.fund.models import Repair
from wuxie.rooms.fund.workflow import REPAIR

from .factories import DAY, HOUR, PDF, later, shot

pytestmark = pytest.mark.django_db
S = Repair.State
PEOPLE = (
    "admin", "contact", "manager", "member", "community", "street", "district", "city", "center", "office", "owner", "visitor", "clock",
)  # fmt: skip
KEEPERS, COMMITTEE, CLOCK, CENTER = {"manager", "admin"}, {"member"}, {"clock"}, {"center"}
PROPOSERS = KEEPERS | COMMITTEE
#: step → (from, to: a dash stays, who). The estate has a committee, so the community does not organise.
STEPS = {
    "guard": ("reported", "guarded", KEEPERS),
    "check_guard": ("guarded appraised", "-", COMMITTEE | {"community"}),
    "appraise": ("reported guarded", "appraised", PROPOSERS),
    "classify": ("appraised", "-", PROPOSERS),
    "refer": ("appraised", "referred", PROPOSERS),
    "mended": ("referred", "closed", COMMITTEE),
    "take_back": ("referred", "appraised", PROPOSERS),
    "scope": ("appraised emergency_applied emergency_confirmed building accepted", "-", PROPOSERS),
    "quote": ("appraised", "-", PROPOSERS),
    "open_quotes": ("appraised", "-", COMMITTEE),
    "plan": ("appraised", "planned", PROPOSERS),
    "publish": ("planned", "published", COMMITTEE),
    "vote": ("published", "voting", COMMITTEE),
    "extend": ("voting", "-", COMMITTEE),
    "approve": ("voting", "approved", COMMITTEE | CLOCK),
    "reject": ("voting", "rejected", COMMITTEE | CLOCK),
    "no_quorum": ("voting", "stuck", COMMITTEE | CLOCK),
    "replan": ("rejected", "appraised", PROPOSERS),
    "halt": ("appraised planned published voting approved applied", "stuck", PROPOSERS),
    "retry": ("stuck", "voting", COMMITTEE),
    "go_on": ("stuck", "appraised", PROPOSERS),
    "apply": ("approved", "applied", PROPOSERS),
    "return": ("applied", "approved", CENTER),
    "release": ("applied", "advanced", CENTER),
    "ask": ("appraised", "emergency_applied", PROPOSERS | {"community"}),
    "witness": ("emergency_applied", "-", CENTER | {"street", "community"}),
    "deny": ("emergency_applied", "appraised", CENTER | {"street"}),
    "confirm": ("emergency_applied", "emergency_confirmed", CLOCK),
    "build": ("advanced emergency_confirmed", "building", KEEPERS),
    "rework": ("building", "-", COMMITTEE),
    "accept": ("building", "accepted", COMMITTEE),
    "settle": ("accepted", "settled", CENTER),
    "allocate": ("settled", "allocated", CENTER | KEEPERS),
    "finish": ("allocated", "warranty", CLOCK),
    "recall": ("warranty", "-", PROPOSERS | {"community"}),
    "make_good": ("warranty", "-", COMMITTEE | {"community"}),
    "close": ("warranty", "closed", CLOCK),
    "misuse": ("advanced building accepted settled allocated warranty", "-", {"district", "city"}),
}


def test_the_table_and_the_matrix_name_the_same_steps():
    assert set(STEPS) == set(REPAIR.steps)


@pytest.fixture
def actors(world):
    return {one: world[one] for one in PEOPLE}


def test_who_may_take_a_step_in_which_state(world, actors):
    case = world.repair()
    for state in S.values:
        Repair.objects.filter(pk=case.pk).update(state=state)
        found = Repair.objects.select_related("project__estate", "project__company").get(pk=case.pk)
        for name, (source, target, who) in STEPS.items():
            for person, actor in actors.items():
                try:
                    engine.check(REPAIR, name, found, by=actor)
                    got = True
                except Refusal as refusal:
                    got = refusal.code == "guard"
                    assert refusal.message
                assert got == (state in source.split() and person in who), (name, state, person)
            assert (REPAIR.steps[name].target or "-") == target


def test_the_desks_on_which_a_repair_lies(world):
    case = world.repair()
    assert set(Turn.objects.values_list("step", "role")) == {
        ("guard", "company_admin"), ("guard", "project_manager"), ("appraise", "company_admin"), ("appraise", "project_manager"),
        ("appraise", "committee_member"),
    }  # fmt: skip
    Turn.objects.all().delete()
    case = world.asked()
    assert {("witness", "gov_street"), ("witness", "maintenance_fund_center"), ("witness", "gov_community")} <= set(
        Turn.objects.filter(case_pk=case.pk).values_list("step", "role")
    )


def row(case, name):
    return DeadlineRow.objects.filter(case_pk=case.pk, name=name).latest("pk")


def told(world, name, words):
    return Message.objects.filter(person_key=world.people[name].key, title__contains=words).count()


def test_two_hours_and_not_a_minute_more(world):
    case = world.repair()
    assert row(case, "guard").due_at == now() + 2 * HOUR
    with frozen(now() + 2 * HOUR - datetime.timedelta(minutes=1)):
        clock.take_due()
        assert row(case, "guard").state == "open"
    with frozen(now() + 2 * HOUR):
        for _again in range(3):
            clock.take_due()
    assert row(case, "guard").state == "overdue" and told(world, "manager", "已逾期：围护危险部位") == 1
    assert (
        told(world, "community", "围护危险部位")
        and told(world, "admin", "围护危险部位")
        and not told(world, "street", "围护危险部位")
    )
    with later(1, 10):
        clock.take_due()
        assert told(world, "street", "围护危险部位")
        reporting.guard(case, by=world["manager"], photo=shot())
        assert row(case, "guard").state == "met"


def test_what_hurts_nobody_has_no_two_hours(world):
    case = world.repair(is_dangerous=False)
    assert set(DeadlineRow.objects.filter(case_pk=case.pk).values_list("name", flat=True)) == {"appraise"}


def test_the_periods_of_the_way(world):
    """Ten, fifteen and ten working days, seven and thirty days, from the day after; the calendar of 2027 is not published."""
    case = world.repair()
    assert row(case, "appraise").due_on == DAY(2027, 3, 24)
    case = world.voting()
    found = {one.name: (one.due_on, one.state) for one in DeadlineRow.objects.filter(case_pk=case.pk)}
    assert found["plan"] == (DAY(2027, 3, 31), "met") and found["publicity"] == (DAY(2027, 3, 17), "met")
    assert found["vote"] == (DAY(2027, 4, 19), "open"), "thirty days end on a Saturday, so on the Monday after it"
    world.result(case)
    works.apply(case, by=world["manager"], account="0")
    assert row(case, "release").due_on == DAY(2027, 3, 24)
    with frozen(DAY(2027, 3, 25)):
        for _again in range(4):
            clock.take_due()
    assert told(world, "center", "已逾期：审核拨付") == 1 and told(world, "city", "审核拨付") == 1


def test_street_and_fund_centre_have_two_working_days_and_then_the_city_hears_of_it(world):
    case = world.asked()
    assert row(case, "confirm").due_on == DAY(2027, 3, 12)
    with frozen(DAY(2027, 3, 13)):
        for _again in range(4):
            clock.take_due()
    assert told(world, "street", "已逾期：现场确认") and told(world, "center", "已逾期：现场确认")
    with frozen(DAY(2027, 3, 15)):
        clock.take_due()
    assert told(world, "city", "现场确认")


def test_works_settling_and_sharing_have_their_days(world):
    case = world.settled()
    found = {one.name: (one.due_on, one.state) for one in DeadlineRow.objects.filter(case_pk=case.pk)}
    assert found["start"] == (DAY(2027, 3, 24), "met") and found["settle"] == (DAY(2027, 4, 9), "met")
    assert found["allocate"] == (DAY(2027, 3, 17), "open")
    with frozen(DAY(2027, 3, 18)):
        for _again in range(4):
            clock.take_due()
    assert (
        told(world, "center", "公布各户分摊")
        and told(world, "community", "公布各户分摊")
        and told(world, "member", "公布各户分摊")
    )


def test_a_second_vote_and_a_longer_one_have_their_days_anew(world):
    case = world.voting()
    with frozen(DAY(2027, 4, 1)):
        planning.extend(case, by=world["member"])
        assert row(case, "vote").due_on == DAY(2027, 5, 3), "the first two of May are a holiday and a weekend"


def test_each_step_leaves_its_event_and_a_fact(world):
    case = world.settled()
    works.allocate(case, by=world["center"])
    rows = Event.objects.filter(workflow="repair", case_pk=case.pk).order_by("at", "id")
    steps = list(rows.values_list("step", flat=True))
    assert sorted(set(steps)) == sorted([
        "open", "guard", "appraise", "classify", "scope", "quote", "open_quotes", "plan", "publish", "vote", "approve", "apply", "release",
        "build", "accept", "settle", "allocate",
    ])  # fmt: skip
    silent = {"open", "scope", "quote"}
    assert all(bool(one.fact_id) != (one.step in silent) for one in rows)


def test_a_paper_is_asked_for(world):
    case = world.repair(is_dangerous=False)
    with pytest.raises(Refusal, match="查勘或鉴定意见"):
        reporting.appraise(case, by=world["manager"], appraiser="所", findings="坏", file=None)
    with pytest.raises(Refusal, match="谁查勘"):
        reporting.appraise(case, by=world["manager"], appraiser=" ", findings="坏", file=PDF)


def test_the_diagram_of_the_readme_is_that_of_the_table():
    text = (Path(fund.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert f"{BEGIN.format(name=REPAIR.name)}\n{mermaid(REPAIR)}\n{END}" in text
