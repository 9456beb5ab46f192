"""What becomes of a star: vetoes, yearly review, lowering, revocation, appeal; and the rules that hold it at four."""

from __future__ import annotations

import secrets
from fractions import Fraction
from itertools import chain, repeat

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.jobs import outbox
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.rating import evidence, jobs, law, queries
from wuxie.rooms.rating.actions import after, hearing
from wuxie.rooms.rating.actions import application as apply
from wuxie.rooms.rating.actions import award as giving
from wuxie.rooms.rating.actions import benefit as owed
from wuxie.rooms.rating.actions import cycle as founding
from wuxie.rooms.rating.forms import application as forms
from wuxie.rooms.rating.models import Application, Award, Benefit, Cycle, Objection

from . import factories
from .factories import DAY, a_year, awarded, drafted, open_cycle, published, record, reviewed

pytestmark = pytest.mark.django_db
S = Application.State
NOVEMBER = DAY(2026, 11, 9)


def another(world):
    """A second person of the city's authority: whoever decided does not decide the appeal."""
    if "city2" not in world.people:
        world.someone("city2", "另一位", "gov_city", place_code="5104")
    return world["city2"]


def fatal(world, day=NOVEMBER):
    return record(world.project.key, "safety.accident_liable.fatal", on=day, valid_until=DAY(2028, 11, 9))


def test_a_veto_fact_puts_a_star_under_review_and_suspends_its_display(world):
    application = awarded(world)
    with frozen(NOVEMBER):
        fact = fatal(world)
        assert after.follow_fact(fact) == 1
        assert after.follow_fact(fact) == 0  # once only
        application.refresh_from_db()
        award = application.awards.get()
        assert (application.state, award.state) == (S.UNDER_REVIEW, Award.State.SUSPENDED)
        assert application.review_facts == [fact.pk] and "V1" in application.review_reason
        assert not Award.objects.shown().exists() and Award.objects.standing().exists()


def test_the_join_brings_a_veto_to_its_star_by_itself(world):
    application = awarded(world)
    with frozen(NOVEMBER):
        fatal(world)
        outbox.drain_all()
    application.refresh_from_db()
    assert application.state == S.UNDER_REVIEW


def test_a_fact_that_is_no_veto_changes_nothing(world):
    application = awarded(world)
    with frozen(NOVEMBER):
        assert after.follow_fact(record(world.project.key, "petition.valid_fault", on=NOVEMBER)) == 0
    application.refresh_from_db()
    assert application.state == S.AWARDED


def test_a_veto_of_the_company_reaches_its_projects(world):
    application = awarded(world)
    with frozen(NOVEMBER):
        assert after.follow_fact(record(world.company.key, "credit.graded.d", on=NOVEMBER)) == 1
        assert after.follow_fact(record(world.rival.key, "credit.graded.d", on=NOVEMBER)) == 0
    application.refresh_from_db()
    assert application.state == S.UNDER_REVIEW


def test_the_net_finds_a_veto_that_the_join_has_missed(world):
    awarded(world)
    with frozen(NOVEMBER):
        assert jobs.look_for_vetoes() == 0
        fatal(world)
        assert jobs.look_for_vetoes() == 1


def test_a_star_is_not_kept_while_the_veto_holds(world):
    application = awarded(world)
    with frozen(NOVEMBER):
        fact = fatal(world)
        after.follow_fact(fact)
        application.refresh_from_db()
        with pytest.raises(Refusal, match="V1"):
            after.keep(application, by=world["city"])
        ledger.withdraw(fact, by="test", reason="复核认定无责")
        after.keep(application, by=world["city"], note="事故认定已更正")
        assert application.state == S.AWARDED
        assert application.awards.get().state == Award.State.VALID


def test_a_veto_that_ran_out_is_none(world):
    awarded(world)
    with frozen(DAY(2026, 11, 9)):
        fatal(world)
    with frozen(DAY(2028, 11, 9)):
        assert queries.vetoes_today(Application.objects.get()) == ["V1 有责死亡事故"]
    with frozen(DAY(2028, 11, 10)):
        assert queries.vetoes_today(Application.objects.get()) == []


def test_revocation_reverses_every_benefit_and_ends_the_level(world):
    application = awarded(world)
    plaque = application.benefits.get(kind="plaque")
    with frozen(NOVEMBER):
        owed.schedule(plaque, by=world["city"], day=NOVEMBER)
        owed.deliver(plaque, by=world["city"], proof="照片")
        owed.confirm(plaque, by=world["alice"])
        after.follow_fact(fatal(world))
        application.refresh_from_db()
        after.revoke(application, by=world["city"], reason="发生有责死亡事故", decision="攀组通〔2026〕70号")
        award = application.awards.get()

    assert (application.state, award.state, award.ending_reason) == (S.REVOKED, Award.State.REVOKED, "发生有责死亡事故")
    assert set(application.benefits.values_list("state", flat=True)) == {Benefit.State.REVERSED}
    assert Fact.objects.filter(kind="star.revoked", trust=3).count() == 1
    rows = evidence.rows(world.project, window_to=NOVEMBER, cutoff=DAY(9999, 1, 1), as_of=NOVEMBER)
    levels = [(row["valid_until"], bool(row["superseded_by"])) for row in rows if row["kind"] == "star.awarded"]
    assert sorted(levels) == [("2026-11-08", False), ("2028-10-28", True)]
    with frozen(DAY(2026, 11, 12)):
        after.return_plaque(application, by=world["alice"])
    assert application.state == S.CLOSED


def test_a_granted_appeal_brings_a_revoked_star_back_with_its_old_time(world):
    application = awarded(world)
    with frozen(NOVEMBER):
        after.start_annual_review(application, by=world["secretary"])
        after.revoke(application, by=world["city"], reason="误认", decision="攀组通〔2026〕70号")
        after.appeal(application, by=world["alice"], reason="事实有误")
        with pytest.raises(Refusal):
            after.overturn(application, by=world["secretary"], reason="成立")
        after.overturn(application, by=another(world), reason="经查成立")
        award = application.awards.get()
        assert (award.state, award.valid_until) == (Award.State.VALID, DAY(2028, 10, 28))
    assert application.state == S.AWARDED
    assert application.benefits.filter(state=Benefit.State.PROMISED).count() == 4
    assert Fact.objects.filter(kind="star.awarded").count() == 3  # given, ended, given again


def test_an_appeal_is_dismissed_once_and_not_repeated(world):
    application = awarded(world)
    with frozen(NOVEMBER):
        after.start_annual_review(application, by=world["secretary"])
        after.revoke(application, by=world["city"], reason="弄虚作假", decision="攀组通〔2026〕70号")
        after.appeal(application, by=world["alice"], reason="事实有误")
        after.dismiss_appeal(application, by=another(world), reason="事实清楚")
        assert application.state == S.REVOKED
        with pytest.raises(Refusal, match="一次为限"):
            after.appeal(application, by=world["alice"], reason="再申诉")


@pytest.mark.parametrize("how", ["uphold", "overturn"])
def test_whoever_lowered_a_star_does_not_decide_the_appeal_against_it(world, how):
    application = awarded(world)
    decide = after.dismiss_appeal if how == "uphold" else after.overturn
    with frozen(NOVEMBER):
        after.start_annual_review(application, by=world["secretary"])
        after.downgrade(application, by=world["city"], stars=3, reason="得分下降")
        after.appeal(application, by=world["alice"], reason="得分没有下降")
        with pytest.raises(Refusal, match="作出原决定的人不能自己审申诉"):
            decide(application, by=world["city"], reason="我定的没错")
        application.refresh_from_db()
        assert application.state == S.APPEALED
        decide(application, by=another(world), reason="查过了")
    assert application.state == (S.DOWNGRADED if how == "uphold" else S.AWARDED)


def test_an_appeal_too_late_is_refused_with_the_last_day(world):
    application = awarded(world)
    with frozen(NOVEMBER):
        after.start_annual_review(application, by=world["secretary"])
        after.revoke(application, by=world["city"], reason="弄虚作假", decision="攀组通〔2026〕70号")
    with frozen(DAY(2026, 11, 25)), pytest.raises(Refusal, match="2026-11-24"):
        after.appeal(application, by=world["alice"], reason="事实有误")


def test_each_decision_is_upheld_by_its_own_step_only(world):
    application = reviewed(world)
    with frozen(DAY(2026, 10, 20)):
        hearing.decline(application, by=world["city"], reason="材料存疑")
        after.appeal(application, by=world["alice"], reason="材料真实")
        for wrong in ("uphold_downgraded", "uphold_revoked"):
            with pytest.raises(Refusal, match="针对的不是"):
                apply.engine.take(
                    apply.STAR_APPLICATION, wrong, application, by=another(world), papers={"申诉决定书": "document:1"}
                )
        after.overturn(application, by=another(world), reason="材料属实", stars=4)
        award = application.awards.get()
        assert (application.state, award.stars, award.valid_until) == (S.AWARDED, 4, DAY(2028, 10, 20))


def test_a_lower_star_reverses_what_it_no_longer_gives(world):
    application = awarded(world)
    with frozen(NOVEMBER):
        after.start_annual_review(application, by=world["secretary"])
        for stars in (4, 5, 0):
            with pytest.raises(Refusal, match="低于"):
                after.downgrade(application, by=world["city"], stars=stars, reason="下降")
        assert [stars for stars, _word in forms.Downgrade(case=application).fields["stars"].choices] == [1, 2, 3]
        after.downgrade(application, by=world["city"], stars=3, reason="得分下降")
        after.take_lower_star(application)
    old, new = application.awards.order_by("pk")
    assert (old.state, new.stars, new.valid_until) == (Award.State.SUPERSEDED, 3, DAY(2028, 10, 28))
    assert set(old.benefits.values_list("state", flat=True)) == {Benefit.State.REVERSED}
    assert sorted(new.benefits.values_list("kind", "offer")) == [("media", "县区融媒1篇"), ("plaque", "县区授牌")]
    assert new.benefits.get(kind="plaque").owner_role == "gov_district"


def test_a_star_ends_with_the_service_and_the_new_company_starts_unrated(world):
    application = awarded(world)
    world.project.left_on = DAY(2026, 12, 31)
    world.project.save()
    newcomer = factories.serve(world.rival, world.project.estate, DAY(2027, 1, 1))
    with frozen(DAY(2026, 12, 31)):
        assert jobs.end_stars_of_those_who_left() == 0
    with frozen(DAY(2027, 1, 1)):
        assert jobs.end_stars_of_those_who_left() == 1
        application.refresh_from_db()
        assert application.state == S.EXPIRED
        assert not Award.objects.standing().exists() and not Award.objects.filter(project=newcomer).exists()
        assert evidence.rows(newcomer, window_to=DAY(2027, 1, 1), cutoff=DAY(2027, 1, 1)) == []


def test_facts_stay_with_the_company_that_served_that_day(world):
    """A change of company in the middle of a window: the old project keeps its score, the new one has its own."""
    world.project.left_on = DAY(2026, 3, 31)
    world.project.save()
    newcomer = factories.serve(world.rival, world.project.estate, DAY(2026, 4, 1))
    record(world.rival.key, "credit.graded.a", on=DAY(2026, 4, 1))
    record(world.company.key, "credit.graded.b", on=DAY(2026, 1, 1))
    window = {"window_to": DAY(2026, 8, 31), "cutoff": DAY(2026, 9, 30)}
    assert {row["kind"] for row in evidence.rows(newcomer, **window)} == {"credit.graded.a"}
    # the company served no more on the window's last day: its levels no longer reach the old project
    assert "credit.graded.b" not in {row["kind"] for row in evidence.rows(world.project, **window)}


def test_applying_needs_twelve_months_of_service(world):
    young = factories.serve(world.company, factories.estate("新苑"), DAY(2026, 1, 1))
    application = drafted(world, project=young)
    with pytest.raises(Refusal, match="2027-01-0"):
        apply.submit(application, by=world["alice"])
    world.cycle.min_service_months = 0
    Cycle.objects.filter(pk=world.cycle.pk).update(min_service_months=0)
    application = Application.objects.get(pk=application.pk)
    apply.submit(application, by=world["alice"])
    assert application.state == S.SUBMITTED


def test_applying_is_refused_outside_the_window_and_without_promise_or_scores(world):
    application = apply.start(world.project, world.cycle, by=world["alice"])
    with pytest.raises(Refusal) as caught:
        apply.submit(application, by=world["alice"])
    assert "自评" in caught.value.message and "承诺" in caught.value.message
    apply.fill_in(application, by=world["alice"], self_scores=factories.SCORES, promise=True)
    with frozen(DAY(2026, 10, 1)), pytest.raises(Refusal, match="申报期"):
        apply.submit(application, by=world["alice"])


def test_false_data_bars_from_applying(world):
    record(world.company.key, "report.false_data", on=DAY(2026, 5, 1), also_counts_for=(world.project.key,),
           valid_until=DAY(2028, 5, 1))  # fmt: skip
    with pytest.raises(Refusal, match="填报不实"):
        apply.submit(drafted(world), by=world["alice"])


def test_one_application_a_project_and_cycle_but_again_after_a_withdrawal(world):
    application = drafted(world)
    with pytest.raises(Refusal, match="已有一份"):
        apply.start(world.project, world.cycle, by=world["alice"])
    apply.withdraw(application, by=world["alice"])
    assert application.state == S.WITHDRAWN
    assert apply.start(world.project, world.cycle, by=world["alice"]).pk != application.pk


def test_a_supplement_is_asked_for_once(world):
    application = factories.checking(world)
    apply.ask_supplement(application, by=world["secretary"], text="补批复")
    with pytest.raises(Refusal, match="补正材料"):
        apply.supplement(application, by=world["alice"])
    apply.supplement(application, by=world["alice"], papers={"补正材料": "link:1"})
    with pytest.raises(Refusal, match="一次为限"):
        apply.ask_supplement(application, by=world["secretary"], text="再补")


# The five-star rule


def contender(key, total, safety=1, harmony=1, proven=True):
    return law.Contender(key, Fraction(total), Fraction(safety), Fraction(harmony), proven)


def test_five_stars_are_for_at_most_ten_per_cent_of_the_projects_scored():
    five = [contender(1, "95"), contender(2, "97"), contender(3, "96")]
    assert law.capped(five, 29, 10) == {1: "quota"}
    assert law.capped(five, 30, 10) == {}
    assert law.capped(five, 9, 10) == {1: "quota", 2: "quota", 3: "quota"}


def test_ties_are_broken_by_safety_then_harmony_and_else_nobody_of_them_gets_in():
    assert law.capped([contender(1, "95", "0.9"), contender(2, "95", "0.95")], 10, 10) == {1: "quota"}
    assert law.capped([contender(1, "95", 1, "0.9"), contender(2, "95", 1, "0.95")], 10, 10) == {1: "quota"}
    tied = [contender(1, "96"), contender(2, "95"), contender(3, "95"), contender(4, "94")]
    assert law.capped(tied, 20, 10) == {2: "tied", 3: "tied", 4: "quota"}
    assert law.capped(tied, 10, 10) == {2: "quota", 3: "quota", 4: "quota"}
    assert law.capped([contender(1, "95.04"), contender(2, "95.03")], 10, 10) == {2: "quota"}  # unrounded


def test_without_two_years_of_four_stars_nobody_gets_five():
    assert law.capped([contender(1, "99", proven=False), contender(2, "94")], 10, 10) == {1: "unproven"}


def test_who_is_held_at_four_has_it_on_record_with_the_minutes(world):
    five = {"A6": ["10", "10", "10"], "D6": ["10", "10", "10"]}
    a_year_more = record(world.project.key, "ticket.closed_on_time", 10, on=DAY(2026, 8, 1))
    application = reviewed(world, five)
    assert a_year_more and (application.snapshot.total, application.snapshot.stars) == ("97.9", 5)
    with frozen(DAY(2026, 10, 19)):
        with pytest.raises(Refusal, match="五星限额"):
            hearing.resolve(application, by=world["city"], minutes="11号")
        assert founding.settle_quota(world.cycle, by=world["secretary"], minutes="11号") == {application.pk: "unproven"}
        application = Application.objects.get(pk=application.pk)
        assert (application.snapshot.total, application.snapshot.stars, application.snapshot.vetoes) == (
            "97.9",
            4,
            ["Q5"],
        )
        with pytest.raises(Refusal, match="已在"):
            founding.settle_quota(world.cycle, by=world["secretary"], minutes="11号")
    fact = Fact.objects.get(kind="rating.capped_at_four")
    assert (fact.trust, fact.details["minutes"]) == (3, "11号")


def test_the_quota_waits_until_everyone_was_reviewed(world):
    factories.in_review(world)
    with frozen(DAY(2026, 10, 19)), pytest.raises(Refusal, match="还有 1 份"):
        founding.settle_quota(world.cycle, by=world["secretary"], minutes="11号")


def prove(application):
    """Stars of four and five in the two cycles before."""
    for year, stars in ((2025, 4), (2024, 5)):
        cycle = Cycle.objects.create(
            name=str(year), year=year, place_code="5104", window_from=DAY(year - 1, 9, 1), window_to=DAY(year, 8, 31),
            cutoff=DAY(year, 9, 30), apply_from=DAY(year, 9, 1), apply_to=DAY(year, 9, 30),
        )  # fmt: skip
        assert not queries.proven(application)
        old = Application.objects.create(
            cycle=cycle, project=application.project, klass="x", state=S.EXPIRED, opened_at=application.opened_at,
            changed_at=application.opened_at,
        )  # fmt: skip
        Award.objects.create(
            application=old, project=application.project, stars=stars, plaque=str(year), decided_on=DAY(year, 10, 1),
            valid_from=DAY(year, 10, 1), valid_until=DAY(year + 2, 10, 1), ended_on=DAY(year + 1, 10, 1),
            ending=Award.Ending.SUPERSEDED,
        )  # fmt: skip


def test_two_cycles_of_four_stars_prove_a_project(world):
    application = awarded(world)
    prove(application)
    assert queries.proven(application)


# The cycle


def test_no_cycle_without_a_founding_paper_and_a_published_standard(world):
    draft = {
        "name": "试", "year": 2030, "place_code": "5104", "window_from": DAY(2029, 9, 1), "window_to": DAY(2030, 8, 31),
        "cutoff": DAY(2030, 9, 30), "apply_from": DAY(2030, 9, 1), "apply_to": DAY(2030, 9, 30),
    }  # fmt: skip
    with pytest.raises(ValidationError) as caught:
        founding.draft_cycle(by=world["secretary"], **{**draft, "cutoff": DAY(2030, 8, 1)})
    assert set(caught.value.message_dict) == {"cutoff"}
    cycle = founding.draft_cycle(by=world["secretary"], **draft)
    with pytest.raises(ValidationError) as caught:
        founding.open_cycle(cycle, by=world["secretary"])
    assert set(caught.value.message_dict) == {"document_number", "document_title", "document_authority", "standard"}
    with pytest.raises(Refusal):
        founding.open_cycle(cycle, by=world["alice"])
    assert not Cycle.objects.visible_to(world["alice"]).filter(pk=cycle.pk).exists()


def test_an_open_cycle_changes_only_its_budget_paper(world):
    with pytest.raises(Refusal):
        founding.amend_cycle(world.cycle, by=world["secretary"], quota_percent=50)
    founding.amend_cycle(world.cycle, by=world["secretary"], budget_number="攀财〔2026〕9号", budget_text="四星2万元")
    assert giving.offers(awarded(world).awards.get())[1].text == "四星2万元"


def test_a_cycle_ends_when_nothing_is_pending(world):
    published(world)
    with pytest.raises(Refusal, match="还有 1 份"):
        founding.close_cycle(world.cycle, by=world["secretary"])


def test_a_second_year_has_its_own_evidence(world):
    awarded(world)
    with frozen(DAY(2027, 9, 10)):
        a_year(world.project, year=2027, closed=50)
        open_cycle(world, 2027)
        second = reviewed(world)
    # A1 15 + 8.5, D1 29.4 + 9, F 20: the first year's marks and tickets lie outside the window
    assert second.snapshot.total == "81.9"


def test_a_granted_appeal_ends_the_star_of_an_earlier_cycle(world):
    first = awarded(world)
    with frozen(DAY(2027, 9, 10)):
        a_year(world.project, year=2027)
        open_cycle(world, 2027)
        second = reviewed(world)
    with frozen(DAY(2027, 10, 20)):
        hearing.decline(second, by=world["city"], reason="材料存疑")
        after.appeal(second, by=world["alice"], reason="材料真实")
        with pytest.raises(Refusal, match="请写明改授几星"):
            after.overturn(second, by=another(world), reason="材料属实")
        after.overturn(second, by=another(world), reason="材料属实", stars=3)
    first.refresh_from_db()
    old, new = Award.objects.order_by("pk")
    assert (first.state, old.state, old.successor_id, new.state, new.stars) == (
        S.EXPIRED, Award.State.SUPERSEDED, new.pk, Award.State.VALID, 3,
    )  # fmt: skip


def same_number(monkeypatch, number, then=""):
    """Chance draws the letters of a number that is taken already, and after that these (none: for ever the same)."""
    taken = number.replace("-", "")[:-1]
    letters = chain(taken, then) if then else chain.from_iterable(repeat(taken))
    monkeypatch.setattr(secrets, "choice", lambda _letters: next(letters))


def test_a_plaque_number_that_is_taken_is_drawn_again(world, monkeypatch):
    first = awarded(world).awards.get()
    other = drafted(world, factories.serve(world.rival, factories.estate("谷雨里")), by="charlie")
    known = {"until": DAY(2028, 10, 28), "decision": "攀组通〔2026〕59号"}
    with pytest.raises(IntegrityError):
        giving.give(first.application, 3, **known)  # one star stands at a time
    same_number(monkeypatch, first.plaque)
    with pytest.raises(IntegrityError, match="no free plaque number"):
        giving.give(other, 3, **known)
    same_number(monkeypatch, first.plaque, then="WXYZ2345")
    assert giving.give(other, 3, **known).plaque.startswith("WXYZ-2345-")


def test_a_receipt_that_is_taken_is_drawn_again(world, monkeypatch):
    application = published(world)
    with frozen(DAY(2026, 10, 22)):
        first = hearing.object_to(application, text="甲")
        other = Objection(application=application, text="乙", place_code=application.place_code)
        same_number(monkeypatch, first.receipt)
        with pytest.raises(IntegrityError, match="no free receipt number"):
            hearing._open_with_receipt(other)
        same_number(monkeypatch, first.receipt, then="WXYZ2345")
        hearing._open_with_receipt(other)
    assert other.receipt.startswith("WXYZ-2345-") and Objection.objects.count() == 2


@pytest.mark.parametrize(
    ("begin", "act", "sentence"),
    [
        (
            drafted,
            lambda w, case: apply.start(w.project, founding.draft_cycle(by=w["secretary"], **DRAFT), by=w["alice"]),
            "这个评定周期没有在受理申报",
        ),
        (
            factories.submitted,
            lambda w, case: apply.fill_in(case, by=w["alice"], contact="刘洋"),
            "申报已经报送，不能再改。需要更正时请等补正通知，或撤回重报",
        ),
        (
            factories.checking,
            lambda w, case: apply.give_opinion(case, by=w["community"], stance="agrees"),
            "现在不在征求意见的时候",
        ),
        (factories.checking, lambda w, case: apply.reject(case, by=w["secretary"], reason=" "), "驳回要写明理由"),
        (drafted, lambda w, case: after.take_lower_star(case), "没有可以降低的星级"),
        (drafted, lambda w, case: founding.open_cycle(w.cycle, by=w["secretary"]), "这个周期已经启动过"),
        (
            drafted,
            lambda w, case: founding.settle_quota(w.cycle, by=w["secretary"], minutes=" "),
            "请写会议纪要编号：封顶四星要有依据",
        ),
        (
            awarded,
            lambda w, case: owed.schedule(case.benefits.get(kind="media"), by=w["city"], day=DAY(2026, 9, 9)),
            "计划日不能早于今天",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_done_with_an_application_is_refused_with_the_mend(world, begin, act, sentence):
    case = begin(world)
    with pytest.raises(Refusal, match=sentence):
        act(world, case)


DRAFT = {
    "name": "试", "year": 2030, "place_code": "5104", "window_from": DAY(2029, 9, 1), "window_to": DAY(2030, 8, 31),
    "cutoff": DAY(2030, 9, 30), "apply_from": DAY(2030, 9, 1), "apply_to": DAY(2030, 9, 30),
}  # fmt: skip


def test_dates_of_a_cycle_are_refused_at_their_fields(world):
    with pytest.raises(ValidationError) as caught:
        founding.draft_cycle(
            by=world["secretary"], **DRAFT | {"window_to": DAY(2029, 9, 1), "apply_to": DAY(2030, 8, 31)}
        )
    assert caught.value.message_dict == {
        "window_to": ["取数止日要晚于取数起日 2029-09-01。"], "apply_to": ["申报止日早于申报起日 2030-09-01。"],
    }  # fmt: skip


def test_an_application_is_turned_down_at_the_check_and_may_be_appealed(world):
    application = factories.checking(world)
    apply.reject(application, by=world["secretary"], reason="不在本市服务")
    assert (application.state, application.decided_on) == (S.NOT_AWARDED, DAY(2026, 9, 10))
    after.appeal(application, by=world["alice"], reason="合同在附件")
    assert application.appealed_from == S.NOT_AWARDED


def test_an_opinion_says_one_of_three_things_and_gives_reasons(world):
    application = factories.checking(world)
    apply.pass_check(application, by=world["secretary"])
    with pytest.raises(Refusal, match="请选同意、同意并有建议，或不同意"):
        apply.give_opinion(application, by=world["community"], stance="perhaps")
    with pytest.raises(Refusal, match="有建议或不同意时要写明理由"):
        apply.give_opinion(application, by=world["community"], stance="disagrees")
    made = apply.give_opinion(application, by=world["community"], stance="disagrees", text="电梯常坏")
    assert (made.stance, made.text) == ("disagrees", "电梯常坏")


def test_a_draft_keeps_what_is_not_typed_again(world):
    application = drafted(world)
    before = application.self_total
    apply.fill_in(application, by=world["alice"], contact="刘洋 13900000000")
    application.refresh_from_db()
    assert (application.self_total, application.contact, application.promise) == (before, "刘洋 13900000000", True)


def test_a_cycle_without_anything_pending_is_closed_and_says_so(world):
    published(world)
    Application.objects.update(state=S.NOT_AWARDED)
    founding.close_cycle(world.cycle, by=world["secretary"])
    assert world.cycle.state == Cycle.State.CLOSED and world.cycle.closed_on == DAY(2026, 9, 10)
    assert Fact.objects.filter(subject="city:5104", source=f"star_cycle:{world.cycle.pk}").count() == 2


def test_what_was_given_with_the_higher_star_is_not_owed_again_with_the_lower(world):
    application = awarded(world)
    media = application.benefits.get(kind="media")
    with frozen(NOVEMBER):
        owed.schedule(media, by=world["city"], day=NOVEMBER)
        owed.deliver(media, by=world["city"], proof="https://example.org/media")
        after.start_annual_review(application, by=world["secretary"])
        after.downgrade(application, by=world["city"], stars=3, reason="得分下降")
        after.take_lower_star(application)
    assert list(application.awards.get(stars=3).benefits.values_list("kind", flat=True)) == ["plaque"]
    media.refresh_from_db()
    assert media.state == Benefit.State.DELIVERED


def corrected(world, application, quantity):
    """An objection in publicity is upheld: so many tickets were closed on time."""
    closed = Fact.objects.get(kind="ticket.closed_on_time")
    with frozen(DAY(2026, 10, 22)):
        objection = hearing.object_to(application, text="闭环的件数不对")
    with frozen(DAY(2026, 10, 26)):
        hearing.uphold_objection(
            objection, by=world["second"], reply="核对过", corrections=[hearing.Correction(closed.pk, quantity)]
        )
    application.refresh_from_db()


@pytest.mark.parametrize(("proven", "stars"), [(False, 4), (True, 5)])
def test_a_score_that_rises_to_five_in_publicity_takes_a_place_only_if_one_is_free(world, proven, stars):
    Cycle.objects.filter(pk=world.cycle.pk).update(quota_percent=100)
    world.cycle.refresh_from_db()
    application = published(world)
    if proven:
        prove(application)
    corrected(world, application, "98")
    assert (application.snapshot.stars, application.proposed_stars) == (stars, stars)


def test_a_score_that_stays_is_not_published_again(world):
    application = published(world)
    corrected(world, application, "85")
    assert (application.state, application.publicity_to) == (S.PUBLICITY, DAY(2026, 10, 27))
