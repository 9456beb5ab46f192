"""Publicity, the vote of those who bear it, and what happens where it does not carry."""

from __future__ import annotations

import pytest

from wuxie.kernel.access.actor import THE_CLOCK
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.fund.actions import planning
from wuxie.rooms.fund.models import Repair

from .factories import facts, later

pytestmark = pytest.mark.django_db
S = Repair.State


def test_publicity_is_waited_for(world):
    case = world.planned()
    planning.publish(case, by=world["member"], contact="王样")
    for day in (0, 7):
        with later(day), pytest.raises(Refusal, match="公示到 2027-03-17"):
            planning.call_vote(case, by=world["member"])
    with later(8):
        planning.call_vote(case, by=world["member"])


@pytest.mark.parametrize(
    ("part", "yes", "state"),
    [
        # A total of 629.49 m² and six heads.
        ((41_966, 4), (20_984, 3), S.APPROVED), ((41_965, 4), (41_965, 4), S.STUCK), ((62_949, 3), (62_949, 3), S.STUCK),
        ((41_966, 4), (20_983, 3), S.REJECTED), ((41_966, 4), (41_966, 2), S.REJECTED), ((0, 0), (0, 0), S.STUCK),
    ],
)  # fmt: skip
def test_the_vote_is_judged_by_the_thresholds_in_scope(world, part, yes, state):
    case = world.voting()
    world.result(case, part, yes)
    assert case.state == state
    if state == S.STUCK:
        assert case.stuck == "quorum" and "参与表决不够" in case.stuck_why


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"total_area": 62_948}, "列支范围的"), ({"total_heads": 7}, "总人数要在 1 和 6"), ({"total_heads": 0}, "总人数"),
        ({"part_area": 62_950}, "不能多于"), ({"yes_heads": 6}, "不能多于"), ({"reference": " "}, "编号或名称"), ({"file": None}, "计票清单"),
    ],
)  # fmt: skip
def test_a_counting_sheet_that_cannot_be_is_refused(world, given, words):
    case = world.voting()
    with pytest.raises(Refusal, match=words):
        world.result(case, **given)
    assert Repair.objects.get(pk=case.pk).state == S.VOTING


def test_a_vote_held_elsewhere_reports_by_itself(world):
    case = world.voting()
    units = [door.pk for door in world.doors]
    given = {"by": THE_CLOCK, "passed": True, "quorate": True, "matter": "fund_use", "reference": "assembly:7"}
    with pytest.raises(Refusal, match="一户不多、一户不少"):
        planning.vote_result(case, scope=[*units, world.other.pk], **given)
    with pytest.raises(Refusal, match="不是使用维修资金"):
        planning.vote_result(case, scope=units, **given | {"matter": "covenant"})
    planning.vote_result(case, scope=units, **given)
    assert case.state == S.APPROVED and case.vote_reference == "assembly:7"


def test_too_few_are_asked_once_more_and_a_refused_plan_is_made_anew(world):
    case = world.voting()
    planning.extend(case, by=world["member"])
    with pytest.raises(Refusal, match="只能延长一次"):
        planning.extend(case, by=world["member"])
    world.result(case, (10, 1), (10, 1))
    with pytest.raises(Refusal, match="再征集"):
        planning.go_on(case, by=world["manager"])
    planning.call_again(case, by=world["member"])
    assert case.state == S.VOTING and case.stuck == ""
    world.result(case, (62_949, 6), (0, 0))
    assert case.state == S.REJECTED
    planning.replan(case, by=world["manager"])
    assert (case.state, case.budget, case.quotes.count(), case.opens_at) == (S.APPRAISED, None, 0, None)


def test_stuck_for_money_is_on_record_and_goes_on_with_a_new_plan(world):
    case = world.planned()
    with pytest.raises(Refusal, match="别人才帮得上"):
        planning.halt(case, by=world["manager"], stuck="money", why=" ")
    planning.halt(case, by=world["manager"], stuck="money", why="五户账户是空的")
    assert case.state == S.STUCK and facts("fund.stuck")
    planning.go_on(case, by=world["manager"])
    assert case.state == S.APPRAISED and case.stuck == "" and case.stuck_why == ""
