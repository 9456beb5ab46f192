"""A step happens wholly or not at all, once; time takes its own; nobody's failure stops the others."""

from __future__ import annotations

import datetime

import pytest
from django.utils import translation

from wuxie.kernel.access.actor import NOBODY, THE_CLOCK
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.notify.models import Message
from wuxie.kernel.workflow import clock, deadlines, engine, verbs
from wuxie.kernel.workflow.desk import desk, turns_of
from wuxie.kernel.workflow.diagram import mermaid, rewrite
from wuxie.kernel.workflow.models import DeadlineRow, Event, Turn
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.kernel.workflow.table import Step, Workflow, within

from .procedure import Request

pytestmark = pytest.mark.django_db
DAY = datetime.date
PAPER = {"答复书": "document:1"}


def due(case, name="reply"):
    return DeadlineRow.objects.get(case_pk=case.pk, name=name, state__in=["open", "paused", "overdue"])


def refused(code, *args, **rest):
    with pytest.raises(Refusal) as caught:
        engine.take(*args, **rest)
    assert caught.value.code == code
    return caught.value.message


def test_a_step_moves_the_case_and_leaves_event_fact_and_the_next_turn(trial, people, request_case):
    with frozen(DAY(2026, 9, 21)):
        event = engine.take(trial, "answer", request_case, by=people["street"], note="照办", papers=PAPER, floor=3)

    request_case.refresh_from_db()
    fact = Fact.objects.get(pk=event.fact_id)
    assert (request_case.state, request_case.version) == ("answered", 1)
    assert (event.source, event.target, event.by, event.note, event.data) == (
        "asked", "answered", people["street"].key, "照办", {"floor": 3})  # fmt: skip
    assert (fact.kind, fact.subject, fact.occurred_on, fact.by) == (
        "trial.answered", "estate:1", DAY(2026, 9, 21), people["street"].key)  # fmt: skip
    assert list(Turn.objects.values_list("step", "role", "place_code")) == [("close", "gov_community", "510402001001")]
    assert due(request_case, "review").due_on == DAY(2026, 9, 23)
    assert not DeadlineRow.objects.filter(case_pk=request_case.pk, name="reply", state="open").exists()


@pytest.mark.parametrize("who", ["asker", "district", "stranger"])
def test_others_are_refused_and_nothing_is_written(trial, people, request_case, who):
    before = (Event.objects.count(), Fact.objects.count())

    assert "街道" in refused("person", trial, "answer", request_case, by=people[who], papers=PAPER)
    assert "街道" in refused("person", trial, "answer", request_case, by=NOBODY, papers=PAPER)
    request_case.refresh_from_db()
    assert (request_case.state, Event.objects.count(), Fact.objects.count()) == ("asked", *before)


def test_what_is_missing_is_said(trial, people, request_case):
    request_case.ready = False
    assert refused("guard", trial, "answer", request_case, by=people["street"], papers=PAPER) == "先把材料备齐。"
    request_case.ready = True
    assert "答复书" in refused("guard", trial, "answer", request_case, by=people["street"])


def test_a_step_out_of_season_names_the_state(trial, people, request_case):
    assert "已提出" in refused("state", trial, "close", request_case, by=people["asker"])


def test_of_two_people_deciding_at_the_same_time_one_wins_and_the_other_is_told(trial, people, request_case):
    other = Request.objects.get(pk=request_case.pk)
    engine.take(trial, "answer", request_case, by=people["street"], papers=PAPER)

    assert "刚刚有人" in refused("raced", trial, "answer", other, by=people["street"], papers=PAPER)
    assert Fact.objects.filter(kind="trial.answered").count() == 1


def test_people_cannot_take_the_steps_of_the_clock(trial, people, request_case):
    refused("person", trial, "pass_up", request_case, by=people["street"])
    assert engine.take(trial, "pass_up", request_case, by=THE_CLOCK).target == "late"


def test_silence_passes_it_up_on_the_day_after_and_not_before(trial, people, request_case):
    assert due(request_case).due_on == DAY(2026, 9, 24)  # the 20th is a make-up working day

    with frozen(DAY(2026, 9, 24)):
        clock.take_due()
        request_case.refresh_from_db()
        assert request_case.state == "asked"
    with frozen(DAY(2026, 9, 25)):
        clock.take_due()
        request_case.refresh_from_db()
    assert request_case.state == "late"
    assert Fact.objects.get(kind="trial.passed_up").by == "clock"


def test_a_pause_keeps_the_used_days_over_a_holiday(trial, people, request_case):
    with frozen(DAY(2026, 9, 22)):  # used: the 20th and the 21st
        engine.pause(trial, request_case, by=people["street"], reason="鉴定期间", paper="attachment:1")
    with frozen(DAY(2026, 10, 9)):
        clock.take_due()
        request_case.refresh_from_db()
        assert request_case.state == "asked"
        engine.resume(trial, request_case, by=people["street"])

    row = due(request_case)
    assert (row.used, row.due_on) == (2, DAY(2026, 10, 13))  # the 10th (made up), the 12th, the 13th


def test_a_period_may_be_given_some_days_more(trial, people, request_case):
    before = due(request_case).due_on
    row = deadlines.extend(trial, request_case, "reply", 15)
    assert row.unit == "day" and (row.due_on - before).days in range(15, 25), "a rest day at the end rolls on"
    assert due(request_case).state == "open"
    with pytest.raises(Refusal, match="没有正在计时"):
        deadlines.extend(trial, request_case, "review", 15)


def test_a_pause_wants_a_reason_a_paper_and_the_right_person(trial, people, request_case):
    for reason, paper, who in (
        ("", "attachment:1", "street"),
        ("鉴定", "", "street"),
        ("鉴定", "attachment:1", "asker"),
    ):
        with pytest.raises(Refusal):
            engine.pause(trial, request_case, by=people[who], reason=reason, paper=paper)
    assert due(request_case).state == "open"


def test_an_overdue_period_is_announced_then_climbs_the_ladder(trial, people, request_case):
    with frozen(DAY(2026, 10, 12)):
        engine.take(trial, "answer", request_case, by=people["street"], papers=PAPER)
    with frozen(DAY(2026, 10, 13)):
        clock.take_due()
    with frozen(DAY(2026, 10, 15)):
        clock.take_due()
        assert due(request_case, "review").state == "overdue"
        clock.take_due()
    with frozen(DAY(2026, 10, 16)):
        clock.take_due()

    assert Fact.objects.filter(kind="trial.review_late").count() == 1
    titles = {key: list(Message.objects.filter(person_key=people[key].key).order_by("pk").values_list("title", flat=True))
              for key in ("asker", "district")}  # fmt: skip
    assert titles["asker"] == ["将到期：复核", "已逾期：复核"]
    assert titles["district"] == ["逾期 1 个工作日：复核"]


def test_one_failing_case_does_not_stop_the_others(trial, people, request_case, monkeypatch):
    with frozen(DAY(2026, 9, 18)):
        other = engine.open_case(trial, Request(place_code="510402001001", title="另一件"), by=people["asker"])
    real = engine.by_clock

    def breaks(table, name, case, **rest):
        if case.pk == request_case.pk:
            raise RuntimeError("磁盘满")
        return real(table, name, case, **rest)

    monkeypatch.setattr(engine, "by_clock", breaks)
    with frozen(DAY(2026, 9, 25)):
        clock.take_due()
    request_case.refresh_from_db()
    other.refresh_from_db()
    assert (request_case.state, other.state) == ("asked", "late")
    assert due(request_case).error == "磁盘满"

    monkeypatch.setattr(engine, "by_clock", real)
    with frozen(datetime.datetime(2026, 9, 25, 12, tzinfo=datetime.UTC)):
        clock.take_due()
    request_case.refresh_from_db()
    assert request_case.state == "late"


def test_reopening_is_counted_and_starts_nothing_twice(trial, people, request_case):
    engine.take(trial, "answer", request_case, by=people["street"], papers=PAPER)
    engine.take(trial, "reopen", request_case, by=people["asker"])

    request_case.refresh_from_db()
    assert (request_case.state, request_case.reopened) == ("asked", 1)


def test_the_desk_groups_by_what_is_due(trial, people, request_case):
    with frozen(DAY(2026, 9, 21)):
        assert [row.title for row in desk(people["street"]).coming] == ["一件事"]
        assert desk(people["stranger"]).count == 0
    with frozen(DAY(2026, 9, 24)):
        assert [row.labels for row in desk(people["street"]).today] == [["答复"]]
    with frozen(DAY(2026, 9, 28)):
        assert len(desk(people["street"]).late) == 1


def test_who_acted_waits_for_others_and_sees_what_changed(trial, people, request_case):
    with frozen(DAY(2026, 9, 21)):
        engine.take(trial, "answer", request_case, by=people["street"], papers=PAPER)
        made = desk(people["street"])
        assert [row.labels for row in made.waiting] == [["办结"]]
        assert [(change.event.label, change.title) for change in desk(people["asker"]).changes] == [("答复", "一件事")]


def test_a_quiet_step_is_on_no_desk_but_can_be_taken(trial, people, request_case):
    assert set(turns_of(people["asker"]).values_list("step", flat=True)) == set()
    engine.take(trial, "withdraw", request_case, by=people["asker"])
    assert not Turn.objects.filter(case_pk=request_case.pk).exists()
    assert not DeadlineRow.objects.filter(case_pk=request_case.pk, state="open").exists()


def test_offers_say_what_is_open_and_why_the_rest_is_not(trial, people, request_case):
    request_case.ready = False
    offers = {offer.name: offer for offer in engine.offers(trial, request_case, people["street"])}

    assert (offers["answer"].open, offers["answer"].reason) == (False, "先把材料备齐。")
    assert (offers["withdraw"].open, offers["withdraw"].reason) == (False, "由社区办理。")
    assert "pass_up" not in offers


def test_periods_are_counted_again_when_a_calendar_arrives(trial, people, request_case):
    row = due(request_case)
    DeadlineRow.objects.filter(pk=row.pk).update(provisional=True, due_on=DAY(2026, 9, 23))

    assert deadlines.recount() == 1
    assert (due(request_case).due_on, due(request_case).provisional) == (DAY(2026, 9, 24), False)


def test_the_diagram_is_the_table(trial):
    drawn = mermaid(trial)
    assert "asked --> answered: 答复" in drawn
    assert "asked --> late: 逾期上报 ⏱" in drawn
    page = "# x\n<!-- diagram trial_request -->\nold\n<!-- /diagram -->\n"
    assert rewrite(rewrite(page, trial), trial) == rewrite(page, trial)
    assert "old" not in rewrite(page, trial)


def test_what_is_written_down_stays_in_the_language_of_the_papers(trial, people, request_case):
    with translation.override("en"):
        event = engine.take(trial, "answer", request_case, by=people["street"], papers=PAPER)

    assert event.label == "答复"


def test_many_cases_open_as_one_does(trial, people):
    def new():
        return Request(place_code="510402001001")

    def left(case):
        rows = DeadlineRow.objects.filter(case_pk=case.pk)
        return (
            case.state, list(Event.objects.filter(case_pk=case.pk).values_list("step", "label", "target", "by")),
            sorted(rows.values_list("name", "due_on", "look_at", "state")),
            sorted(Turn.objects.filter(case_pk=case.pk).values_list("step", "role", "place_code", "subject", "due_on")),
        )  # fmt: skip

    with frozen(DAY(2026, 9, 21)):
        one = engine.open_case(trial, new(), by=people["asker"])
        several = [new(), new()]
        assert (
            engine.open_many(trial, several, by=people["asker"]) == 2
            and engine.open_many(trial, [], by=people["asker"]) == 0
        )
    assert [left(case) for case in several] == [left(one)] * 2 and left(one)[1]


def test_the_days_of_reminding_may_be_figures():
    from wuxie.kernel.workflow.table import within

    assert within(5, name="a", label="甲", remind=lambda: (1, 30, 7)).reminders == [30, 7, 1]
    assert within(5, name="a", label="甲").reminders == [3, 1]


def test_a_moment_that_the_case_names_is_kept_to_the_minute_and_no_pause_stops_it(trial, people, request_case):
    moment = datetime.datetime(2026, 10, 1, 6, 30, tzinfo=datetime.UTC)
    named = within(0, "hour", name="moment", label="到点", at=lambda _case: moment)
    with frozen(moment - datetime.timedelta(minutes=90)):
        row = deadlines.start(trial, request_case, named)
        assert (row.due_at, row.due_on, row.unit, row.count, row.look_at) == (
            moment, DAY(2026, 10, 1), "hour", 2, moment)  # fmt: skip
        engine.pause(trial, request_case, by=people["street"], reason="等鉴定", paper="document:1")
    row.refresh_from_db()
    assert (row.state, row.due_at) == ("open", moment)
    with frozen(moment + datetime.timedelta(hours=3)):
        assert deadlines.start(trial, request_case, named).count == 0, "a moment that is over is due at once"


def test_clocks_are_stopped_and_started_by_the_right_person_and_only_if_they_run(trial, people, request_case):
    def refusal(act, who, **rest):
        with pytest.raises(Refusal) as caught:
            act(trial, request_case, by=people[who], **rest)
        return caught.value.message

    assert refusal(engine.resume, "asker") == "这类事项不由你恢复计时。"
    assert refusal(engine.resume, "street") == "没有中止的期限。"
    engine.pause(trial, request_case, by=people["street"], reason="鉴定期间", paper="attachment:1")
    assert refusal(engine.pause, "street", reason="鉴定期间", paper="attachment:1") == "没有正在计时的期限。"


def test_what_is_left_of_a_month_goes_on_in_days(trial, people, request_case):
    DeadlineRow.objects.filter(pk=due(request_case).pk).update(unit="month", count=1)
    with frozen(DAY(2026, 9, 28)):
        engine.pause(trial, request_case, by=people["street"], reason="鉴定期间", paper="attachment:1")
    row = due(request_case)
    assert (row.unit, row.count, row.used) == ("day", 21, 0)  # of 18 September to 18 October


def test_a_calendar_that_changes_nothing_moves_no_period(trial, request_case):
    from wuxie.kernel.clock.tables import calendar

    DeadlineRow.objects.filter(pk=due(request_case).pk).update(provisional=True)
    assert deadlines.moved_by(calendar()) == []


def test_the_period_of_a_case_that_is_gone_is_dropped(trial, request_case):
    row = due(request_case)
    Request.objects.filter(pk=request_case.pk).delete()
    with frozen(DAY(2026, 9, 25)):
        clock.take_due()
        assert clock._look(row.pk) == 0, "another worker that comes late finds nothing to do"
    row.refresh_from_db()
    assert row.state == "dropped"


def test_where_the_step_of_the_clock_is_refused_the_period_is_overdue_and_says_why(trial, request_case, monkeypatch):
    def refuse(case):
        raise Refusal("guard", "先把材料备齐。")

    monkeypatch.setitem(trial.clockwork, "pass_up", refuse)
    with frozen(DAY(2026, 9, 25)):
        clock.take_due()
    assert (due(request_case).state, due(request_case).error) == ("overdue", "先把材料备齐。")
    DeadlineRow.objects.filter(pk=due(request_case).pk).update(look_at="2026-09-25T01:00:00Z")
    with frozen(DAY(2026, 9, 28)):
        clock.take_due()
    assert (due(request_case).state, due(request_case).rung) == ("overdue", 0)


def test_a_step_that_wants_a_reason_takes_none_without(trial, people, request_case):
    withdraw = verbs.with_reason(trial, "withdraw")
    with pytest.raises(Refusal) as caught:
        withdraw(request_case, by=people["asker"], note=" ")
    assert caught.value.message == "请写明理由，对方看得到。"
    assert withdraw(request_case, by=people["asker"], note=" 已自行解决 ").note == "已自行解决"


def test_a_table_that_contradicts_itself_is_a_mistake_of_the_program(trial):
    words = {"label": "x", "initial": "asked", "subject": str, "title": str, "url": str}
    nobody = trial.steps["pass_up"].by
    for steps, said in (
        ({"go": Step("asked", "nowhere", by=nobody, label="x")}, "unknown states"),
        (
            {"go": Step("asked", "late", by=nobody, label="x", then=within(1, name="d", label="x", orelse="no"))},
            "unknown step no",
        ),
        ({}, "declared twice"),
    ):
        with pytest.raises(ValueError, match=said):
            Workflow(trial.name, Request, steps=steps, **words)
    assert repr(trial) == "<Workflow trial_request>"
