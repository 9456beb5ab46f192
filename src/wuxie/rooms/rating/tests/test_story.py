"""A year's work becomes a star; someone objects, the score is corrected, the benefits are delivered."""

from __future__ import annotations

import pytest

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers.actions import printed
from wuxie.kernel.papers.models import Document
from wuxie.kernel.workflow.desk import turns_of
from wuxie.kernel.workflow.models import DeadlineRow, Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.rating import codes
from wuxie.rooms.rating.actions import award as giving
from wuxie.rooms.rating.actions import benefit as owed
from wuxie.rooms.rating.actions import hearing
from wuxie.rooms.rating.actions.hearing import Correction
from wuxie.rooms.rating.models import Application, Award, Benefit, Objection

from .factories import DAY, a_year, awarded, open_cycle, published, record

pytestmark = pytest.mark.django_db
S = Application.State


def test_a_year_of_work_becomes_a_star_with_a_plaque_and_benefits(world):
    application = awarded(world)

    assert application.state == S.AWARDED
    assert application.number == "XJ-2026-510402-0001"
    # A1 25.5 + A6 8.5, D1 29.4 + D6 9, F2 20
    assert (application.snapshot.total, application.snapshot.stars) == ("92.4", 4)
    with frozen(DAY(2026, 10, 28)):
        award = application.awards.get()
        assert (award.stars, award.state, award.valid_from, award.valid_until) == (
            4, Award.State.VALID, DAY(2026, 10, 28), DAY(2028, 10, 28),
        )  # fmt: skip
    assert codes.unsign(award.code) == award.plaque and codes.is_well_formed(award.plaque)
    given = Fact.objects.get(kind="star.awarded")
    assert (given.amount, given.valid_until, given.trust, given.pk) == ("4", DAY(2028, 10, 28), 3, award.fact_id)
    assert list(application.benefits.order_by("due_on").values_list("kind", "owner_role", "due_on")) == [
        ("tender_recommend", "association_secretariat", DAY(2026, 11, 2)),
        ("plaque", "gov_city", DAY(2026, 11, 27)),
        ("media", "gov_city", DAY(2026, 12, 27)),
        ("reward", "gov_city", DAY(2027, 1, 26)),
    ]


def test_every_step_of_the_way_left_its_event_its_fact_and_its_paper(world):
    application = awarded(world)

    events = Event.objects.filter(workflow="star_application", case_pk=application.pk).order_by("at", "pk")
    assert [event.step for event in events if event.step != "note"] == [
        "open", "submit", "open_check", "pass_check", "give_opinion", "freeze_snapshot", "finish_review", "resolve", "award",
    ]  # fmt: skip
    assert all(Fact.objects.filter(pk=event.fact_id).exists() for event in events if event.step not in ("open", "note"))
    papers = set(Document.objects.on(application.key).values_list("label", flat=True))
    assert papers == {
        "星级评定申报表", "自评得分表", "形式审查意见书", "社区街道意见表", "得分明细表", "评审打分表", "暗访记录",
        "联席会议纪要", "公示公告", "授星决定书", "权益兑现清单",
    }  # fmt: skip


def test_every_paper_of_the_way_is_printed(world):
    application = awarded(world)
    for paper in Document.objects.on(application.key):
        assert printed(paper).startswith(b"%PDF") and printed(paper) == printed(Document.objects.get(pk=paper.pk))
    notice = Document.objects.get(code="star_decision")
    assert notice.number == "攀组通〔2026〕58号-01"
    assert notice.values["fields"]["plaque"] == application.awards.get().plaque


def test_a_benefit_is_planned_delivered_with_proof_and_confirmed(world):
    application = awarded(world)
    plaque = application.benefits.get(kind="plaque")

    with frozen(DAY(2026, 10, 29)):
        owed.schedule(plaque, by=world["city"], day=DAY(2026, 11, 5))
    with frozen(DAY(2026, 11, 5)):
        with pytest.raises(Refusal):
            owed.deliver(plaque, by=world["alice"], proof="照片")
        owed.deliver(plaque, by=world["city"], proof="https://example.org/handed-over")
    with frozen(DAY(2026, 11, 6)):
        owed.confirm(plaque, by=world["alice"])

    plaque.refresh_from_db()
    assert (plaque.state, plaque.delivered_on) == (Benefit.State.CONFIRMED, DAY(2026, 11, 5))
    delivered = Fact.objects.get(kind="star.benefit_delivered")
    assert (delivered.subject, delivered.occurred_on) == (world.project.key, DAY(2026, 11, 5))


def test_a_reward_without_a_budget_paper_is_to_be_settled_and_never_shown_as_enjoyed(world):
    reward = awarded(world).benefits.get(kind="reward")

    with frozen(DAY(2026, 10, 29)):
        with pytest.raises(Refusal, match="预算文件"):
            owed.schedule(reward, by=world["city"], day=DAY(2026, 12, 1))
        owed.no_budget(reward, by=world["city"], reason="当年预算尚未批复")
        assert reward.state == Benefit.State.BLOCKED
        owed.budget_arrived(reward, by=world["city"], day=DAY(2026, 12, 1), budget="攀财〔2026〕9号")
    assert reward.state == Benefit.State.SCHEDULED


def test_an_upheld_objection_corrects_the_ledger_scores_anew_and_publishes_again(world):
    application = published(world)
    first = application.snapshot
    before = Fact.objects.get(kind="ticket.closed_on_time")

    with frozen(DAY(2026, 10, 22)):
        objection = hearing.object_to(
            application, text="三月的渗水报修至今没有处理", indicator="A1", contact="13900000000"
        )
        application.refresh_from_db()
        assert application.state == S.OBJECTION
    with frozen(DAY(2026, 10, 26)):
        hearing.uphold_objection(
            objection, by=world["second"], reply="经查有15件超时", corrections=[Correction(before.pk, "60")]
        )

    application.refresh_from_db()
    objection.refresh_from_db()
    # A1 falls from 25.5 to 18: 84.9 is three stars, published for seven new days
    assert (application.snapshot.total, application.snapshot.stars, application.proposed_stars) == ("84.9", 3, 3)
    assert application.snapshot.reason == "rescore" and first.pk != application.snapshot_id
    assert (objection.state, objection.facts) == (Objection.State.UPHELD, [before.pk])
    assert (application.state, application.publicity_from, application.publicity_to) == (
        S.PUBLICITY, DAY(2026, 10, 26), DAY(2026, 11, 2),
    )  # fmt: skip
    due = DeadlineRow.objects.filter(case_pk=application.pk, workflow="star_application", state="open")
    assert dict(due.values_list("name", "due_on")) == {"publicity": DAY(2026, 11, 2), "award": DAY(2026, 11, 9)}
    with frozen(DAY(2026, 11, 3)):
        assert giving.award(application, by=world["city"], decision="攀组通〔2026〕60号").stars == 3


def test_a_rejected_objection_changes_nothing_and_the_dates_stand(world):
    application = published(world)
    with frozen(DAY(2026, 10, 22)):
        one = hearing.object_to(application, text="甲")
        two = hearing.object_to(application, text="乙")
    with frozen(DAY(2026, 10, 23)):
        hearing.reject_objection(one, by=world["second"], reply="查无此事")
        application.refresh_from_db()
        assert application.state == S.OBJECTION  # one is still open
        assert not turns_of(world["second"]).filter(workflow="star_application").exists()  # it goes back by itself
        hearing.reject_objection(two, by=world["second"], reply="查无此事")

    application.refresh_from_db()
    assert (application.state, application.publicity_to) == (S.PUBLICITY, DAY(2026, 10, 27))
    assert application.snapshots.count() == 2


def test_an_objection_that_takes_the_star_ends_in_no_award(world):
    application = published(world)
    facts = {fact.kind: fact.pk for fact in Fact.objects.filter(subject=world.project.key)}
    with frozen(DAY(2026, 10, 22)):
        objection = hearing.object_to(application, text="履职记录不实")
        corrections = [
            Correction(facts["safety.duty_on_time"], "10"), Correction(facts["ticket.closed_on_time"]),
        ]  # fmt: skip
        hearing.uphold_objection(objection, by=world["second"], reply="经查不实", corrections=corrections)
        application.refresh_from_db()
        assert (application.snapshot.stars, application.state) == (0, S.PUBLICITY)
        with pytest.raises(Refusal):
            giving.award(application, by=world["city"], decision="攀组通〔2026〕60号")
        hearing.decline_after_objection(application, by=world["city"], reason="复算后不足一星")
    assert application.state == S.NOT_AWARDED


def test_a_veto_that_arrives_in_publicity_stops_the_award(world):
    application = published(world)
    with frozen(DAY(2026, 10, 26)):
        record(world.project.key, "safety.accident_liable.fatal", on=DAY(2026, 10, 25))
    with frozen(DAY(2026, 10, 28)):
        with pytest.raises(Refusal, match="V1"):
            giving.award(application, by=world["city"], decision="攀组通〔2026〕60号")
        hearing.decline_after_objection(application, by=world["city"], reason="发生有责死亡事故")
    assert application.state == S.NOT_AWARDED


def test_a_new_star_ends_the_old_one(world):
    first = awarded(world)
    with frozen(DAY(2027, 9, 10)):
        a_year(world.project, year=2027)
        open_cycle(world, 2027)
        second = awarded(world)

    first.refresh_from_db()
    old, new = Award.objects.order_by("pk")
    assert (first.state, old.state, old.successor_id, old.ended_on) == (
        S.EXPIRED, Award.State.SUPERSEDED, new.pk, DAY(2027, 10, 28),
    )  # fmt: skip
    assert second.awards.get() == new
    levels = Fact.objects.filter(kind="star.awarded").order_by("valid_until")
    assert [(fact.amount, fact.valid_until) for fact in levels] == [
        ("4", DAY(2027, 10, 27)), ("4", DAY(2028, 10, 28)), ("4", DAY(2029, 10, 28)),
    ]  # fmt: skip


def test_an_objection_is_upheld_by_naming_a_fact_of_the_project(world):
    application = published(world)
    foreign = record(world.rival.key, "credit.graded.d", on=DAY(2026, 8, 1))
    with frozen(DAY(2026, 10, 22)):
        objection = hearing.object_to(application, text="渗水报修没有处理")
        with pytest.raises(Refusal, match="认定成立要指明更正哪条事实"):
            hearing.uphold_objection(objection, by=world["second"], reply="属实")
        with pytest.raises(Refusal, match=f"没有查到属于这个项目的事实 {foreign.pk}，请核对编号"):
            hearing.uphold_objection(objection, by=world["second"], reply="属实", corrections=[Correction(foreign.pk)])
    objection.refresh_from_db()
    assert objection.state == Objection.State.RECEIVED
