"""The live score: what a project sees all year, and what hangs on a disputed fact."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.db import connection

from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.standards.document import load_yaml
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.rating import evidence, figures, live, queries, reading, scorecard
from wuxie.rooms.rating.actions import benefit as owed
from wuxie.rooms.rating.actions import dispute as disputing
from wuxie.rooms.rating.decimals import decimal
from wuxie.rooms.rating.models import Application, Benefit, FactDispute, Snapshot
from wuxie.rooms.rating.standards import DEMONSTRATION

from . import factories
from .factories import DAY, awarded, heard_below, in_review, record, reviewed

pytestmark = pytest.mark.django_db


def shown(project):
    """The page of the live score, with what hangs on the open disputes; ``None`` where there is nothing to show."""
    found = live.live_score(project)
    if found is None:
        return None
    card = scorecard.card(found)
    disputes = FactDispute.objects.filter(project=project, state=FactDispute.State.OPENED).select_related("project")
    card.contested = scorecard.contested(found, list(disputes))
    return card


def test_the_card_says_where_the_project_stands_and_what_would_gain_most(world):
    found = shown(world.project)

    # A1 34 of 40 and D1 39.2 of 40 carry their groups, F2 is full
    assert (found.total, found.stars, found.facts) == ("93.2", 5, 4)
    assert found.grades == [("60", "1★"), ("70", "2★"), ("78", "3★"), ("86", "4★"), ("93", "5★")]
    assert (found.says, found.gap) == ("守住五星：高出五星线 0.2 分。", "")
    assert [(step.id, step.gain) for step in found.first] == [("A1", "+6.00"), ("D1", "+0.80")]
    assert (found.gain, found.after) == ("6.80", "100.0")
    assert [line.id for line in found.spread] == ["A6", "D6"]
    assert [(section.id, section.percent, section.tone) for section in found.sections] == [
        ("A", "85", "green"), ("D", "98", "green"), ("F", "100", "green"),
    ]  # fmt: skip


def test_each_indicator_shows_its_figures_and_its_facts(world):
    line = next(line for line in shown(world.project).sections[0].lines if line.id == "A1")

    assert (line.value, line.points) == ("34.00", "40.00")
    assert line.figures == [("工单按时闭环", "85"), ("报事工单数", "100")]
    assert line.counted == 2
    newest = scorecard.newest(live.live_score(world.project), "A1")
    assert {one.fact.kind for one in newest} == {"ticket.total", "ticket.closed_on_time"}


def test_what_has_no_facts_is_said_aloud_and_counts_as_nought(world):
    found = shown(factories.serve(world.company, factories.estate("新苑")))
    assert [line.id for line in found.nothing] == ["A1", "D1"]
    assert [line.value for section in found.sections for line in section.lines if not line.counted and line.value] == [
        "0.00", "0.00", "20.00",
    ]  # fmt: skip
    assert found.first[0].says == "还没有事实：工单按时闭环、报事工单数"


def test_nobody_is_told_to_bring_facts_of_breaches(world):
    bad = {str(kind.label) for kind in kinds.all_kinds() if kind.polarity == "bad"}
    project = factories.serve(world.company, factories.estate("新苑"))
    document = queries.document_of(world.cycle, project.estate.klass, load_yaml(DEMONSTRATION.read_bytes()))
    standard = queries.compiled(document).for_days(today(), cutoff=today())
    found = scorecard.card(reading.Now(standard, project, today()))
    assert "岗位责任清单履职率" in [step.label for step in found.first]
    assert [step.says for step in found.first if any(label in step.says for label in bad)] == []


def test_there_is_nothing_to_show_without_a_cycle(world):
    type(world.cycle).objects.all().update(state="draft")
    assert shown(world.project) is None


def test_a_disputed_fact_does_not_count_until_it_is_decided(world):
    fault = record(world.project.key, "petition.valid_fault", 2, on=DAY(2026, 8, 8))
    assert shown(world.project).total == "83.2"
    dispute = disputing.open_dispute(world.project, fault.pk, by=world["alice"], reason="事发在水务管段")

    found = shown(world.project)
    assert found.total == "93.2"
    (one,) = found.contested
    assert (one.label, one.effect, one.then) == ("查实由企业负责的投诉", "F2 −10.00", "总分 83.2，三星")

    with pytest.raises(Refusal):
        disputing.reject(dispute, by=world["alice"], reply="我们自己定")
    disputing.reject(dispute, by=world["secretary"], reply="管段属本项目")
    assert shown(world.project).total == "83.2"


def test_an_upheld_dispute_takes_the_fact_out_for_good(world):
    fault = record(world.project.key, "petition.valid_fault", 2, on=DAY(2026, 8, 8))
    dispute = disputing.open_dispute(world.project, fault.pk, by=world["manager"], reason="事发在水务管段")
    disputing.uphold(dispute, by=world["second"], reply="查属水务")
    assert dispute.state == FactDispute.State.UPHELD and shown(world.project).total == "93.2"
    assert Fact.objects.filter(pk=fault.pk).exists()


def test_a_dispute_upheld_after_the_cutoff_still_counts_for_the_application_under_way(world):
    fault = record(world.project.key, "petition.valid_fault", 2, on=DAY(2026, 8, 8))
    application = heard_below(world)
    with frozen(DAY(2026, 10, 1)):
        dispute = disputing.open_dispute(world.project, fault.pk, by=world["alice"], reason="事发在水务管段")
        disputing.uphold(dispute, by=world["second"], reply="查属水务")
        factories.review.freeze_snapshot(application)
    assert application.snapshot.total == "93.2"


def test_a_fact_withdrawn_after_the_cutoff_without_admission_still_counts(world):
    from wuxie.kernel.facts import ledger

    fault = record(world.project.key, "petition.valid_fault", 2, on=DAY(2026, 8, 8))
    application = heard_below(world)
    with frozen(DAY(2026, 10, 1)):
        ledger.withdraw(fault, by="test", reason="想起来了")
        factories.review.freeze_snapshot(application)
    assert application.snapshot.total == "83.2"


def test_a_withdrawn_dispute_lets_the_fact_count_again(world):
    fault = record(world.project.key, "petition.valid_fault", 2, on=DAY(2026, 8, 8))
    dispute = disputing.open_dispute(world.project, fault.pk, by=world["alice"], reason="事发在水务管段")
    disputing.withdraw(dispute, by=world["alice"])
    assert shown(world.project).total == "83.2"


def test_only_ones_own_facts_are_disputed_and_each_once(world):
    foreign = record("project:999", "petition.valid_fault", on=DAY(2026, 8, 8))
    with pytest.raises(Refusal, match="没有查到"):
        disputing.open_dispute(world.project, foreign.pk, by=world["alice"], reason="不对")
    own = record(world.project.key, "petition.valid_fault", on=DAY(2026, 8, 8))
    with pytest.raises(Refusal):
        disputing.open_dispute(world.project, own.pk, by=world["charlie"], reason="不对")
    disputing.open_dispute(world.project, own.pk, by=world["alice"], reason="不对")
    with pytest.raises(Refusal, match="已有争议"):
        disputing.open_dispute(world.project, own.pk, by=world["manager"], reason="不对")


def test_todays_score_reads_the_same_rows_as_a_frozen_one(world):
    other = factories.serve(world.company, factories.estate("二期"))
    record(world.company.key, "credit.graded.a", on=DAY(2026, 8, 2))
    record(world.project.key, "petition.valid_fault", 2, on=DAY(2026, 8, 8))
    both = [world.project, other]
    today = DAY(2026, 9, 10)
    source = reading.relation(both, day=today, cutoff=today)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT subject, id, kind, quantity FROM {source} AS chosen")
        found = sorted(cursor.fetchall())
    rows = [row for one in both for row in evidence.rows(one, window_to=today, cutoff=today)]
    assert found == sorted(
        (row["subject"], row["id"], row["kind"], int(Fraction(row["quantity"]) * 1_000_000)) for row in rows
    )

    now = live.live_score(world.project)
    frozen_now = reading.Frozen(
        now.standard, evidence.rows(world.project, window_to=today, cutoff=today), world.project.key
    )
    assert scorecard.card(now) == scorecard.card(frozen_now)
    assert now.newest("A1", 1) == frozen_now.newest("A1", 1) != []


# Rows


def test_rows_leave_out_what_nobody_stands_behind_and_the_procedures_own_events(world):
    record(world.project.key, "ticket.total", on=DAY(2026, 8, 1), trust="self_declared")
    in_review(world)
    rows = evidence.rows(world.project, window_to=DAY(2026, 8, 31), cutoff=DAY(2026, 9, 30))
    assert len(rows) == 4 and not [row for row in rows if row["kind"].startswith("rating.")]


def test_a_company_fact_counts_for_the_projects_it_names_or_reaches(world):
    other = factories.serve(world.company, factories.estate("新苑"))
    record(world.company.key, "mediation.agreement_due", on=DAY(2026, 8, 1), also_counts_for=(other.key,))
    record(world.company.key, "ip.mark_registered", on=DAY(2026, 8, 1))
    record(world.company.key, "culture.activity_held", on=DAY(2026, 8, 1))
    window = {"window_to": DAY(2026, 8, 31), "cutoff": DAY(2026, 9, 30)}
    assert {row["kind"] for row in evidence.rows(other, **window)} == {"mediation.agreement_due", "ip.mark_registered"}
    mine = {row["kind"] for row in evidence.rows(world.project, **window)}
    assert "ip.mark_registered" in mine and "mediation.agreement_due" not in mine


def test_the_same_rows_score_the_same_and_have_the_same_digest(world):
    application = in_review(world)
    snapshot = application.snapshot
    again = evidence.run(snapshot.document, snapshot.rows, world.project.key)
    assert (again.explained, again.exact) == (snapshot.result, snapshot.exact)
    assert evidence.pack(snapshot.rows)[1] == snapshot.rows_sha256


def test_an_indicator_that_a_class_is_not_asked_hands_its_points_on(world):
    type(world.cycle).objects.update(not_applicable={"new_residential": ["A1"]})
    world.cycle.refresh_from_db()
    application = in_review(world)
    states = {one["id"]: one["state"] for group in application.snapshot.result["groups"] for one in group["indicators"]}
    assert states["A1"] == "not_applicable" and application.snapshot.total == "98.7"


# Figures


def test_figures_of_a_cycle(world):
    application = reviewed(world)
    assert figures.stars(world.cycle)[4] == ("四星", 1) and sum(n for _word, n in figures.stars(world.cycle)) == 1
    assert figures.losses(world.cycle) == []  # fewer than five
    (gap,) = figures.panel_gaps(world.cycle)
    assert (gap.application, gap.machine, gap.panel, gap.gap) == (application, "93.6", "87.5", "-6.1")
    assert figures.reviewer_deviation(world.cycle) == [] and figures.satisfaction(world.cycle) is None


def test_what_is_not_decided_or_was_withdrawn_is_in_no_figure(world):
    application = in_review(world)
    assert application.snapshot is not None
    assert sum(n for _word, n in figures.stars(world.cycle)) == 0 and figures.panel_gaps(world.cycle) == []


def test_losses_and_reviewers_once_there_are_enough(world, monkeypatch):
    monkeypatch.setattr(figures, "FEWEST", 1)
    reviewed(world)
    losses = figures.losses(world.cycle)
    assert [(one.id, one.percent, decimal(one.lost, 2)) for one in losses] == [
        ("A1", "15.0", "4.50"), ("A6", "15.0", "1.50"), ("D6", "10.0", "1.00"), ("D1", "2.0", "0.60"), ("F2", "0.0", "0.00"),
    ]  # fmt: skip
    deviations = figures.reviewer_deviation(world.cycle)
    assert sorted((one.marks, one.distance, one.lean) for one in deviations) == [
        (2, "0.0", "0.0"), (2, "2.5", "-2.5"), (2, "5.0", "5.0"),
    ]  # fmt: skip


def test_points_lost_are_weighed_by_the_points_that_were_asked(world, monkeypatch):
    monkeypatch.setattr(figures, "FEWEST", 1)
    application = reviewed(world)
    other = Snapshot.objects.get(pk=application.snapshot_id)
    exact = {**other.exact, "indicators": {"A1": ["60/1", "60/1"]}}
    twin = Application.objects.get(pk=application.pk)
    twin.pk, twin.number, twin.project = (
        None,
        "XJ-TWIN",
        factories.serve(factories.company("孪生物业"), factories.estate("孪生苑")),
    )
    twin.snapshot = None
    twin.save()
    other.pk, other.application, other.exact = None, twin, exact
    other.save()
    twin.snapshot = other
    twin.save()
    (first,) = [one for one in figures.losses(world.cycle) if one.id == "A1"]
    # 4.5 of 30 and nothing of 60 lost: 5 %, not the mean of 15 % and 0 %.
    assert (first.percent, first.projects) == ("5.0", 2)


def test_satisfaction_is_set_beside_the_stars(world, monkeypatch):
    said = {3: [80, 70], 4: [75, 90, 85]}
    monkeypatch.setattr(
        figures,
        "sums",
        lambda cycle: figures.Sums(5, [], [], {n: list(map(Fraction, rows)) for n, rows in said.items()}),
    )
    found = figures.satisfaction(world.cycle)
    assert (found.pairs, found.agreeing, found.by_stars) == (6, "83.3", [])
    monkeypatch.setattr(figures, "FEWEST", 2)
    assert figures.satisfaction(world.cycle).by_stars == [("三星", 2, "75.0"), ("四星", 3, "83.3")]
    said.pop(3)
    assert figures.satisfaction(world.cycle) is None  # one star class alone: nothing to compare


def test_fulfilment_counts_what_was_due_and_how_late_it_is(world):
    application = awarded(world)
    plaque = application.benefits.get(kind="plaque")
    with frozen(DAY(2026, 12, 2)):
        owed.schedule(plaque, by=world["city"], day=DAY(2026, 12, 2))
        owed.deliver(plaque, by=world["city"], proof="照片")
        rows = {one.label: one for one in figures.fulfilment(world.cycle)}
    assert (rows["授牌表扬"].due, rows["授牌表扬"].rate, rows["授牌表扬"].in_time, rows["授牌表扬"].delay) == (
        1,
        "100.0",
        0,
        "5.0",
    )
    assert (rows["投标推荐"].due, rows["投标推荐"].rate, rows["投标推荐"].overdue, rows["投标推荐"].delay) == (
        1,
        "0.0",
        1,
        "30.0",
    )
    assert (rows["资金奖励"].due, rows["资金奖励"].rate) == (0, "")
    assert Benefit.objects.count() == 4 and Application.objects.count() == 1


def test_a_dispute_upheld_before_the_cutoff_needs_no_admission(world):
    fault = record(world.project.key, "petition.valid_fault", 2, on=DAY(2026, 8, 8))
    heard_below(world)
    dispute = disputing.open_dispute(world.project, fault.pk, by=world["manager"], reason="事发在水务管段")
    disputing.uphold(dispute, by=world["second"], reply="查属水务")
    assert not Fact.objects.filter(kind="rating.result_admitted").exists()
    assert shown(world.project).total == "93.2"
