"""Each period of the tables: when it ends, and what happens by itself when nobody did anything."""

from __future__ import annotations

import datetime

import pytest

from wuxie.kernel.clock.now import end_of, frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.notify.models import Message
from wuxie.kernel.workflow import clock
from wuxie.kernel.workflow.models import DeadlineRow, Event
from wuxie.rooms.rating import jobs
from wuxie.rooms.rating.actions import after, hearing
from wuxie.rooms.rating.actions import application as apply
from wuxie.rooms.rating.actions import benefit as owed
from wuxie.rooms.rating.actions import dispute as disputing
from wuxie.rooms.rating.models import Application, Award, Benefit, FactDispute, Opinion

from . import factories
from .factories import DAY, awarded, checking, heard_below, in_review, published, reviewed, submitted

pytestmark = pytest.mark.django_db
S = Application.State
MINUTE = datetime.timedelta(minutes=1)
LEVELS = ("president", "community", "street", "district", "city")


def due(case, name, workflow="star_application"):
    return DeadlineRow.objects.get(workflow=workflow, case_pk=case.pk, name=name, state__in=["open", "overdue"])


def pass_day(day):
    """The clock comes by just before a day is over (nothing may happen yet), and just after."""
    with frozen(end_of(day) - MINUTE):
        clock.take_due()
    yield
    with frozen(end_of(day) + MINUTE):
        clock.take_due()


def over(case, name, on, workflow="star_application"):
    """The period ends on that day; until then the state stands. Returns the case afterwards."""
    row = due(case, name, workflow)
    assert row.due_on == on
    moments = pass_day(on)
    next(moments)
    before = type(case).objects.get(pk=case.pk).state
    assert before == case.state
    next(moments, None)
    case.refresh_from_db()
    return case


def overdue(case, name, on, workflow="star_application"):
    """Like ``over``, where nothing moves but the period is marked late."""
    over(case, name, on, workflow)
    assert due(case, name, workflow).state == "overdue"


def announced(kind):
    return Fact.objects.filter(kind=kind).exists()


def test_receiving_is_due_in_one_working_day_and_the_president_hears_of_it(world):
    application = submitted(world)  # Thursday 10 September

    overdue(application, "open_check", DAY(2026, 9, 11))

    assert announced("rating.check_overdue")
    with frozen(DAY(2026, 9, 14)):
        clock.take_due()
    assert Message.objects.filter(person_key=world.people["president"].key).exists()


def test_an_overdue_check_climbs_level_after_level(world):
    application = checking(world)
    overdue(application, "pre_check", DAY(2026, 9, 17))

    told = []
    for day in (18, 20, 21, 22, 23):  # Sunday the 20th is a make-up day, Saturday the 19th is not
        with frozen(datetime.datetime(2026, 9, day, 10, tzinfo=datetime.UTC)):
            clock.take_due()
        told.append([name for name in LEVELS if Message.objects.filter(person_key=world.people[name].key).exists()])
    assert told == [list(LEVELS[:level]) for level in (1, 2, 3, 4, 5)]


def test_a_supplement_that_does_not_come_ends_the_application(world):
    application = checking(world)
    apply.ask_supplement(application, by=world["secretary"], text="补电梯检验报告")

    assert over(application, "supplement", DAY(2026, 9, 17)).state == S.NOT_AWARDED
    assert due(application, "appeal").due_on == DAY(2026, 10, 8)  # 15 days from the 18th end in the holidays


def test_silence_of_community_and_street_is_logged_and_stops_nothing(world):
    application = checking(world)
    apply.pass_check(application, by=world["secretary"])
    apply.give_opinion(application, by=world["community"], stance="agrees")

    assert over(application, "opinion", DAY(2026, 9, 20)).state == S.SCORING
    assert dict(application.opinions.values_list("level", "stance")) == {
        Opinion.Level.COMMUNITY: Opinion.Stance.AGREES, Opinion.Level.STREET: Opinion.Stance.NONE,
    }  # fmt: skip


def test_freezing_waits_for_the_cutoff_and_is_done_by_the_job(world):
    application = heard_below(world)

    with frozen(DAY(2026, 9, 30)):
        assert jobs.freeze_what_is_ready() == 0
    with frozen(DAY(2026, 10, 1)):
        assert jobs.freeze_what_is_ready() == 1
    application.refresh_from_db()
    assert (application.state, application.snapshot.row_count) == (S.REVIEW, 4)


def test_a_freeze_that_failed_is_late_and_tried_again(world, monkeypatch):
    application = heard_below(world)
    monkeypatch.setattr("wuxie.rooms.rating.evidence.run", None)
    with frozen(DAY(2026, 10, 1)):
        assert jobs.freeze_what_is_ready() == 0
    overdue(application, "freeze", DAY(2026, 10, 1))
    monkeypatch.undo()
    with frozen(DAY(2026, 10, 2)):
        assert jobs.freeze_what_is_ready() == 1


def test_a_reviewer_who_does_not_hand_in_is_replaced_from_the_same_seed(world):
    application = in_review(world)
    first = application.draws.get()
    with frozen(DAY(2026, 10, 12)):
        busy = world.panel(application)[:2]
        for one in busy:
            for indicator in ("A6", "D6"):
                factories.review.give_mark(application, by=one, indicator=indicator, points="8", reason="按材料")
            factories.review.hand_in(application, by=one)

    over(application, "review", DAY(2026, 10, 28))

    second = application.draws.get(number=2)
    now_drawn = set(application.assignments.current().values_list("reviewer_id", flat=True))
    assert second.seed == first.seed and len(second.result) == 1
    assert now_drawn == {one.person_id for one in busy} | set(second.result)
    assert application.state == S.REVIEW and due(application, "review_again").due_on == DAY(2026, 11, 19)


def test_a_hearing_that_is_not_held_is_reported(world):
    application = reviewed(world)  # finished on Thursday 15 October
    overdue(application, "hearing", DAY(2026, 10, 29))
    assert announced("rating.hearing_overdue")


def test_publicity_ends_by_itself_and_the_award_is_due_five_working_days_later(world):
    application = published(world)

    over(application, "publicity", DAY(2026, 10, 27))

    assert announced("rating.publicity_ended") and application.state == S.PUBLICITY
    overdue(application, "award", DAY(2026, 11, 3))
    assert announced("rating.award_overdue")


def test_an_objection_that_is_not_answered_is_reported(world):
    application = published(world)
    with frozen(DAY(2026, 10, 22)):
        objection = hearing.object_to(application, text="有误")
    overdue(objection, "answer", DAY(2026, 11, 5), "star_objection")
    assert announced("rating.objection_overdue")


def test_a_star_expires_after_24_months(world):
    application = awarded(world)
    DeadlineRow.objects.filter(name="yearly_review").delete()

    assert over(application, "validity", DAY(2028, 10, 28)).state == S.EXPIRED
    with frozen(DAY(2028, 10, 29)):
        assert application.awards.get().state == Award.State.EXPIRED
        assert not Award.objects.shown().exists()


def test_a_yearly_review_that_nobody_begins_stops_the_display(world):
    application = awarded(world)

    over(application, "yearly_review", DAY(2027, 11, 25))

    with frozen(DAY(2027, 11, 26)):
        assert application.awards.get().state == Award.State.SUSPENDED
        assert not Award.objects.shown().exists()
        after.start_annual_review(application, by=world["secretary"])
        after.keep(application, by=world["city"])
        application.refresh_from_db()
        assert application.awards.get().state == Award.State.VALID
        assert due(application, "validity").due_on == DAY(2028, 10, 28)


def test_a_review_that_is_not_decided_is_reported(world):
    application = awarded(world)
    with frozen(DAY(2027, 10, 28)):
        after.start_annual_review(application, by=world["secretary"])
    overdue(application, "recheck", due(application, "recheck").due_on)
    assert announced("rating.recheck_overdue")


def test_a_lower_star_is_taken_when_nobody_appeals(world):
    application = awarded(world)
    with frozen(DAY(2027, 10, 28)):
        after.start_annual_review(application, by=world["secretary"])
        after.downgrade(application, by=world["city"], stars=3, reason="复核得分下降")

    assert over(application, "lower", DAY(2027, 11, 12)).state == S.AWARDED
    old, new = application.awards.order_by("pk")
    assert (new.stars, new.valid_until, old.successor_id) == (3, DAY(2028, 10, 28), new.pk)
    # The clock came by first at 23:59 and wrote the level on the next day.
    assert Fact.objects.filter(kind="star.awarded", quantity=3_000_000, valid_until=DAY(2028, 10, 28)).count() == 1


def test_a_plaque_that_is_kept_back_is_reported(world):
    application = _revoked(world)
    overdue(application, "plaque", DAY(2026, 11, 24))
    assert announced("rating.plaque_kept")


def _revoked(world):
    application = awarded(world)
    with frozen(DAY(2026, 11, 9)):
        after.start_annual_review(application, by=world["secretary"])
        after.revoke(application, by=world["city"], reason="弄虚作假", decision="攀组通〔2026〕70号")
    return application


def test_the_time_for_an_appeal_lapses_without_a_word(world):
    application = _revoked(world)
    over(application, "appeal", DAY(2026, 11, 24))
    assert application.state == S.REVOKED and announced("rating.appeal_lapsed")


def test_an_appeal_that_is_not_decided_is_reported(world):
    application = _revoked(world)
    with frozen(DAY(2026, 11, 16)):
        after.appeal(application, by=world["alice"], reason="事实有误")
    overdue(application, "appeal_decision", due(application, "appeal_decision").due_on)
    assert announced("rating.appeal_overdue")


def test_a_benefit_without_a_plan_is_published_as_pending(world):
    benefit = awarded(world).benefits.get(kind="media")

    over(benefit, "schedule", DAY(2026, 11, 11), "star_benefit")

    assert (benefit.state, benefit.published_pending) == (Benefit.State.PROMISED, True)


def test_a_late_benefit_is_held_against_the_office_that_owes_it(world):
    benefit = awarded(world).benefits.get(kind="plaque")
    with frozen(DAY(2026, 10, 29)):
        owed.schedule(benefit, by=world["city"], day=DAY(2026, 11, 20))

    overdue(benefit, "deliver", DAY(2026, 11, 27), "star_benefit")

    late = Fact.objects.get(kind="star.benefit_overdue")
    assert late.subject == benefit.owner.key and late.subject.startswith("government_unit:")


def test_a_receipt_that_does_not_come_counts_as_confirmed(world):
    benefit = awarded(world).benefits.get(kind="plaque")
    with frozen(DAY(2026, 10, 29)):
        owed.schedule(benefit, by=world["city"], day=DAY(2026, 10, 29))
        owed.deliver(benefit, by=world["city"], proof="照片编号1")

    assert over(benefit, "confirm", DAY(2026, 11, 12), "star_benefit").state == Benefit.State.CONFIRMED


def test_a_dispute_that_nobody_decides_expires_and_the_fact_counts_again(world):
    fact = Fact.objects.get(kind="ticket.closed_on_time")
    dispute = disputing.open_dispute(world.project, fact.pk, by=world["alice"], reason="漏记")

    assert over(dispute, "ruling", DAY(2026, 9, 23), "fact_dispute").state == FactDispute.State.EXPIRED


def test_a_failing_case_never_stops_the_others(world, monkeypatch):
    broken = checking(world)
    other = factories.serve(factories.company("另一物业"), factories.estate("另一小区"))
    world.someone("bo", "博", "company_admin", organisation=other.company)
    fine = checking(world, project=other, by="bo")
    for one, by in ((broken, "alice"), (fine, "bo")):
        apply.ask_supplement(one, by=world["secretary"], text="补")
    verb = apply.STAR_APPLICATION.clockwork["miss_supplement"]

    def fails(case):
        if case.pk == broken.pk:
            raise RuntimeError("broken")
        return verb(case)

    monkeypatch.setitem(apply.STAR_APPLICATION.clockwork, "miss_supplement", fails)
    with frozen(DAY(2026, 9, 18)):
        clock.take_due()

    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.state, fine.state) == (S.NEED_SUPPLEMENT, S.NOT_AWARDED)
    assert due(broken, "supplement").error == "broken"
    assert Event.objects.filter(case_pk=fine.pk, step="miss_supplement").count() == 1
