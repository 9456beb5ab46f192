"""The panel: drawn so that anyone can check it, away from its interests, blind until all have spoken."""

from __future__ import annotations

import pytest

from wuxie.kernel.access.actor import actor_of
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact, Standing
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.rating import evidence, law, queries
from wuxie.rooms.rating.actions import application as apply
from wuxie.rooms.rating.actions import review
from wuxie.rooms.rating.models import Application, Assignment, LateFact, Mark, Recusal, Session, Visit

from . import factories
from .factories import DAY, SPOTS, heard_below, in_review, mark_all, record, reviewed

pytestmark = pytest.mark.django_db
S = Application.State
OCTOBER = DAY(2026, 10, 15)
MARKS = {"A6": ["8", "8.5", "9"], "D6": ["9", "9", "9.5"]}


def test_the_draw_is_recomputed_from_its_seed(world):
    draw = in_review(world).draws.get()

    assert law.drawn(draw.seed, draw.candidates, 3) == draw.result
    assert law.drawn(draw.seed, reversed(draw.candidates), 3) == draw.result
    assert len(set(draw.result)) == 3


def test_another_seed_draws_other_people():
    draws = {tuple(law.drawn(f"seed{number}", range(1, 40), 3)) for number in range(200)}
    assert len(draws) > 190


def test_nobody_of_the_company_or_of_a_rival_in_the_street_is_a_candidate(world):
    draw = in_review(world).draws.get()

    kept_out = {row["person"]: row["reason"] for row in draw.excluded}
    assert kept_out == {
        world.people["conflicted"].pk: "任职于同街道服务的竞争企业", world.people["own"].pk: "任职于申报企业",
    }  # fmt: skip
    assert not set(draw.candidates) & set(kept_out)


def test_a_declared_recusal_keeps_a_reviewer_out(world):
    review.recuse(world.company, by=world["reviewer1"], reason="配偶任职")
    draw = in_review(world).draws.get()
    assert {"person": world.people["reviewer1"].pk, "reason": "登记了回避"} in draw.excluded
    assert Recusal.objects.visible_to(world["reviewer2"]).count() == 0


def test_a_company_that_serves_another_street_is_no_rival(world):
    factories.serve(world.reviewers[0].appointments.get().organisation, factories.estate("远处小区", "510402002001"))
    assert world.people["reviewer1"].pk in in_review(world).draws.get().candidates


def test_too_few_near_by_widen_the_circle_and_the_record_says_so(world):
    draw = in_review(world).draws.get()
    # nobody fit comes from the street itself; the four come from the next street of the district
    assert draw.pool == "neighbour" and "本街道人数不足" in draw.said

    for person in world.reviewers[:2]:
        person.appointments.update(ends_on=DAY(2026, 9, 1))
    for number in (5, 6):
        body = factories.company(f"西区物业{number}", "510403001001")
        world.someone(f"reviewer{number}", f"评审{number}", "reviewer", organisation=body)
    pool = queries.reviewer_pool(Application.objects.get(), 3)
    assert (pool.pool, len(pool.candidates)) == ("city", 4)


def test_the_nearest_circle_with_enough_people_is_used(world):
    for number in (7, 8, 9):
        body = factories.company(f"本街物业{number}", factories.COMMUNITY)
        world.someone(f"reviewer{number}", f"评审{number}", "reviewer", organisation=body)
    draw = in_review(world).draws.get()
    assert (draw.pool, len(draw.candidates)) == ("street", 3)


def test_marks_are_blind_until_the_round_is_closed(world):
    application = in_review(world)
    with frozen(OCTOBER):
        first, second, third = world.panel(application)
        for indicator in ("A6", "D6"):
            review.give_mark(application, by=first, indicator=indicator, points="9", reason="好")
        review.hand_in(application, by=first)

        assert Mark.objects.visible_to(first).count() == 2
        for name in ("secretary", "city", "alice", "charlie", "street"):
            assert Mark.objects.visible_to(world[name]).count() == 0
        assert Mark.objects.visible_to(second).count() == 0
        for one in (second, third):
            for indicator in ("A6", "D6"):
                review.give_mark(application, by=one, indicator=indicator, points="8", reason="可")
            review.hand_in(application, by=one)

    assert [Mark.objects.visible_to(one).count() for one in (first, second, world["secretary"], world["city"])] == [
        6
    ] * 4
    assert Mark.objects.visible_to(world["alice"]).count() == 0


def test_a_mark_needs_a_reason_and_points_inside_the_indicator(world):
    application = in_review(world)
    one = world.panel(application)[0]
    for points, reason in (("10.01", "好"), ("-1", "好"), ("8.123", "好"), ("八", "好"), ("8", " ")):
        with pytest.raises(Refusal):
            review.give_mark(application, by=one, indicator="A6", points=points, reason=reason)
    with pytest.raises(Refusal, match="A1"):
        review.give_mark(application, by=one, indicator="A1", points="1", reason="好")
    with pytest.raises(Refusal, match="没有抽中你"):
        review.give_mark(application, by=world["conflicted"], indicator="A6", points="8", reason="好")


def test_marks_stand_once_handed_in(world):
    application = in_review(world)
    one = world.panel(application)[0]
    review.give_mark(application, by=one, indicator="A6", points="8", reason="可")
    review.give_mark(application, by=one, indicator="A6", points="8.5", reason="再看仍可")
    with pytest.raises(Refusal, match="D6"):
        review.hand_in(application, by=one)
    review.give_mark(application, by=one, indicator="D6", points="8", reason="可")
    review.hand_in(application, by=one)
    with pytest.raises(Refusal, match="已经交分"):
        review.give_mark(application, by=one, indicator="A6", points="9", reason="改")
    assert Mark.objects.get(indicator="A6").points == 850


def test_the_median_of_three_is_the_result(world):
    application = reviewed(world, {"A6": ["8", "9.5", "8.5"], "D6": ["7", "7", "10"]})
    judged = Fact.objects.filter(kind__startswith="rating.judged.").order_by("kind")
    assert [(fact.kind, fact.amount, fact.occurred_on) for fact in judged] == [
        ("rating.judged.A6", "8.5", DAY(2026, 8, 31)), ("rating.judged.D6", "7", DAY(2026, 8, 31)),
    ]  # fmt: skip
    # They count although they were recorded after the cut-off: admitted to it, on record.
    assert Standing.objects.get(pk=judged[0].pk).admitted_on == DAY(2026, 9, 30)
    assert application.snapshot.total == "90.4"


@pytest.mark.parametrize(
    ("points", "result"),
    [([100, 300, 200], 200), ([100, 900, 300, 500], 400), ([0, 100, 101, 900], 101), ([5, 5, 5, 5, 5], 5)],
)  # fmt: skip
def test_more_than_three_give_the_mean_without_the_extremes_half_up(points, result):
    assert law.settled(points) == result


def test_two_marks_are_no_result():
    with pytest.raises(ValueError, match="three"):
        law.settled([1, 2])


def test_a_spread_of_exactly_40_per_cent_is_no_session():
    assert not law.spread_too_wide([600, 1000, 800], 1000)
    assert law.spread_too_wide([599, 1000, 800], 1000)


def test_a_wide_spread_calls_a_session_and_the_second_round_stands(world):
    application = in_review(world)
    with frozen(OCTOBER):
        mark_all(world, application, {"A6": ["2", "9", "9"], "D6": ["9", "9", "9"]})
        assert application.review_round == 2
        session = Session.objects.get()
        assert (session.indicators, session.spreads) == (["A6"], {"A6": 700})
        one = world.panel(application)[0]
        with pytest.raises(Refusal, match="合议"):
            review.give_mark(application, by=one, indicator="A6", points="7", reason="合议后")
        review.hold_session(application, by=one, minutes="对前置研究的材料逐份核对")
        with pytest.raises(Refusal, match="D6"):
            review.give_mark(application, by=one, indicator="D6", points="7", reason="合议后")
        mark_all(world, application, {"A6": ["7", "8", "8"]}, rounds=2)
        review.record_visit(application, by=one, spots=SPOTS)
        review.finish_review(application, by=one)

    assert application.review_round == 3 and queries.settled_marks(application) == {"A6": 800, "D6": 900}
    assert Mark.objects.filter(indicator="A6", round=1).count() == 3  # the first ones stay on record


def test_a_wide_second_round_is_not_repeated(world):
    application = in_review(world)
    with frozen(OCTOBER):
        mark_all(world, application, {"A6": ["2", "9", "9"], "D6": ["9", "9", "9"]})
        review.hold_session(application, by=world.panel(application)[0], minutes="各持己见")
        mark_all(world, application, {"A6": ["1", "9", "10"]}, rounds=2)
    assert application.review_round == 3


def test_review_is_not_finished_before_marks_visit_and_late_facts(world):
    application = in_review(world)
    with frozen(OCTOBER):
        one = world.panel(application)[0]
        with pytest.raises((Refusal, ValueError)):
            review.finish_review(application, by=one)
        mark_all(world, application, MARKS)
        with pytest.raises(Refusal, match="暗访"):
            review.finish_review(application, by=one)


def test_a_visit_needs_all_five_spots_and_stays_unknown_to_the_company(world):
    application = in_review(world)
    with frozen(OCTOBER):
        one = world.panel(application)[0]
        with pytest.raises(Refusal, match="党群服务阵地"):
            review.record_visit(application, by=one, spots={**SPOTS, "party": {}})
        review.record_visit(application, by=one, spots=SPOTS)
        assert Visit.objects.visible_to(one).count() == Visit.objects.visible_to(world["city"]).count() == 1
        assert (
            Visit.objects.visible_to(world["alice"]).count() == Visit.objects.visible_to(world["street"]).count() == 0
        )
        mark_all(world, application, MARKS)
        review.finish_review(application, by=one)
    assert Visit.objects.visible_to(world["alice"]).count() == 1


def test_a_late_fact_is_out(world):
    application = heard_below(world)
    with frozen(DAY(2026, 10, 8)):
        record(world.project.key, "ticket.closed_on_time", 10, on=DAY(2026, 8, 1))
        review.freeze_snapshot(application)
    rows = {row["id"]: row for row in application.snapshot.rows}
    # A1 25.5 of 30 and D1 29.4 of 30 carry their groups: the judged indicators do not apply yet.
    assert len(rows) == 5 and application.snapshot.total == "93.2"
    run = evidence.run(application.snapshot.document, application.snapshot.rows, world.project.key)
    assert run.total == "93.2"


def test_a_late_fact_counts_when_the_panel_says_why(world):
    application = in_review(world)
    with frozen(DAY(2026, 10, 9)):
        late = record(world.project.key, "ticket.closed_on_time", 10, on=DAY(2026, 8, 1))
    with frozen(OCTOBER):
        first, second, _third = world.panel(application)
        asked = review.ask_late(application, by=world["alice"], fact_id=late.pk, plea="业主回执在国庆后才收齐")
        mark_all(world, application, MARKS)
        review.record_visit(application, by=first, spots=SPOTS)
        with pytest.raises(Refusal, match="补录事实"):
            review.finish_review(application, by=first)
        with pytest.raises(Refusal):
            review.decide_late(asked, by=world["secretary"], admit=True, reason="可以")
        with pytest.raises(Refusal, match="理由"):
            review.decide_late(asked, by=second, admit=True, reason=" ")
        review.decide_late(asked, by=second, admit=True, reason="回执日期可核")
        review.finish_review(application, by=first)

    row = next(row for row in application.snapshot.rows if row["id"] == late.pk)
    assert row["recorded_on"] == "2026-09-30"
    assert application.snapshot.total == "95.4"  # A1: 95 of 100
    assert Fact.objects.get(kind="rating.late_admitted").regards == late.pk


def test_a_refused_late_fact_stays_out(world):
    application = in_review(world)
    with frozen(DAY(2026, 10, 9)):
        late = record(world.project.key, "ticket.closed_on_time", 10, on=DAY(2026, 8, 1))
        asked = review.ask_late(application, by=world["alice"], fact_id=late.pk, plea="晚了")
        review.decide_late(asked, by=world.panel(application)[0], admit=False, reason="没有说得通的理由")
    assert asked.decision == LateFact.Decision.REFUSED
    assert not Fact.objects.filter(kind="rating.late_admitted").exists()


def test_only_late_facts_of_the_project_itself_are_asked_for(world):
    application = in_review(world)
    with frozen(DAY(2026, 10, 9)):
        early = Fact.objects.get(kind="ticket.total")
        foreign = record("project:999", "ticket.total", on=DAY(2026, 8, 1))
        for fact, word in ((early, "本来就计入"), (foreign, "没有查到")):
            with pytest.raises(Refusal, match=word):
                review.ask_late(application, by=world["alice"], fact_id=fact.pk, plea="请计入")
        with pytest.raises(Refusal):
            review.ask_late(application, by=world["charlie"], fact_id=early.pk, plea="请计入")


def test_a_reviewer_sees_only_what_was_drawn_for_them(world):
    application = in_review(world)
    drawn = world.panel(application)
    others = [world[f"reviewer{number}"] for number in range(1, 5)]
    for one in others:
        expected = one.key in {person.key for person in drawn}
        assert Application.objects.visible_to(one).filter(pk=application.pk).exists() is expected
        assert Assignment.objects.visible_to(one).exists() is expected
    assert not Application.objects.visible_to(world["conflicted"]).exists()


def test_a_reviewer_who_changes_to_the_company_loses_the_task(world):
    application = in_review(world)
    one = application.assignments.first().reviewer
    one.appointments.update(ends_on=DAY(2026, 9, 1))
    assert apply.STAR_APPLICATION.steps["finish_review"].by.test(actor_of(one), application) is False


def test_the_panel_is_drawn_once_and_replaced_while_marks_are_missing(world):
    application = heard_below(world)
    with pytest.raises(Refusal, match="只有在评审开始、还没有抽过的时候才抽取评审"):
        review.draw_panel(application, by=world["secretary"])
    with frozen(DAY(2026, 10, 8)):
        review.freeze_snapshot(application)
    with frozen(OCTOBER):
        mark_all(world, application, MARKS)
        with pytest.raises(Refusal, match="已进入合议或已交齐，不能再换评审"):
            review.replace_reviewer(application, by=world["secretary"])
        with pytest.raises(Refusal, match="本轮已经交分"):
            review.hand_in(application, by=world.panel(application)[0])
        with pytest.raises(Refusal, match="现在没有要开的合议"):
            review.hold_session(application, by=world.panel(application)[0], minutes="核对")


def test_a_late_fact_is_asked_for_once_in_time_and_decided_once_by_somebody_else(world):
    application = in_review(world)
    with frozen(DAY(2026, 10, 9)):
        late = record(world.project.key, "ticket.closed_on_time", 10, on=DAY(2026, 8, 1))
    known = {"by": world["alice"], "fact_id": late.pk, "plea": "晚了"}
    with frozen(OCTOBER):
        first, second, _third = world.panel(application)
        asked = review.ask_late(application, **known)
        with pytest.raises(Refusal, match="这条事实已经申请过"):
            review.ask_late(application, **known)
        LateFact.objects.filter(pk=asked.pk).update(asked_by=first.key)
        asked.refresh_from_db()
        with pytest.raises(Refusal, match="申请人不能自己决定，请由另一位评审决定"):
            review.decide_late(asked, by=first, admit=True, reason="可以")
        review.decide_late(asked, by=second, admit=False, reason="没有说得通的理由")
        with pytest.raises(Refusal, match="这条补录事实已经决定过"):
            review.decide_late(asked, by=second, admit=True, reason="可以")
    Application.objects.filter(pk=application.pk).update(state=S.PUBLICITY)
    application.refresh_from_db()
    with pytest.raises(Refusal, match="补录事实只能在评审结束前申请计入"):
        review.ask_late(application, **known)
