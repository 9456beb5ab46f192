"""Reminders asked for come beside those of the procedure; what is overdue climbs whatever anybody wished."""

from __future__ import annotations

import datetime

from django.core import mail

from wuxie.kernel.clock.now import SHANGHAI, frozen
from wuxie.kernel.jobs import outbox, periodic
from wuxie.kernel.notify import actions
from wuxie.kernel.notify.models import Message, Wish
from wuxie.kernel.workflow import clock, engine, wished
from wuxie.kernel.workflow.desk import Due, Order, desk

DAY = datetime.date
PAPER = {"答复书": "attachment:1"}


def told(person):
    return list(Message.objects.filter(person_key=person.key).order_by("pk").values_list("title", flat=True))


def test_the_clock_and_the_wishes_come_round_by_themselves(trial):
    assert {"workflow.clock", "workflow.wished", "notify.summary"} <= set(periodic._pieces)


def test_who_asked_is_reminded_that_many_days_ahead_once(trial, people, request_case):
    actions.wish(by=people["street"], rhythm="at_once", leads=[5])  # due on the 24th
    actions.wish(by=people["stranger"], rhythm="at_once", leads=[5])
    with frozen(datetime.datetime(2026, 9, 19, 8, 59, tzinfo=SHANGHAI)):
        assert wished.remind() == 0
    with frozen(DAY(2026, 9, 18)):
        assert wished.remind() == 0
    with frozen(DAY(2026, 9, 19)):
        assert wished.remind() == 1
        assert wished.remind() == 0
        Wish.objects.update(reminded_on=None)  # as after saving the settings again
        assert wished.remind() == 0
    assert told(people["street"]) == ["还有 5 日到期：答复"]
    assert told(people["stranger"]) == []


def test_on_the_last_day_and_not_once_it_is_over(trial, people, request_case):
    actions.wish(by=people["street"], rhythm="at_once", leads=[0])
    with frozen(DAY(2026, 9, 24)):
        assert wished.remind() == 1
    assert told(people["street"]) == ["今天到期：答复"]


def test_nothing_is_said_twice_where_the_procedure_reminds_itself(trial, people, request_case, monkeypatch):
    monkeypatch.setattr(Wish, "LEADS", (3,))
    actions.wish(by=people["street"], rhythm="at_once", leads=[3])
    with frozen(DAY(2026, 9, 21)):
        clock.take_due()
        assert wished.remind() == 0
    assert told(people["street"]) == ["将到期：答复"]


def test_the_procedure_reminds_whoever_wished_for_nothing(trial, people, request_case):
    actions.wish(by=people["street"], rhythm="daily", leads=[])
    with frozen(DAY(2026, 9, 21)):
        clock.take_due()
    assert told(people["street"]) == ["将到期：答复"]


def test_the_ladder_arrives_although_mail_is_off_and_at_once_although_a_summary_is_wished(trial, people, request_case):
    """The asker hears once a day and has mail; the district has neither mail nor any wish for reminders."""
    actions.choose("mail", by=people["asker"], on=True, address="li@example.org")
    actions.wish(by=people["asker"], rhythm="daily", leads=[])
    actions.choose("mail", by=people["district"], on=False)
    actions.wish(by=people["district"], rhythm="daily", leads=[])
    with frozen(DAY(2026, 9, 21)):
        engine.take(trial, "answer", request_case, by=people["street"], papers=PAPER)
    for day in (22, 24, 25, 26, 27, 28, 29):
        with frozen(DAY(2026, 9, day)):
            clock.take_due()
            outbox.drain_all()
    assert "已逾期：复核" in told(people["asker"])
    assert [one.subject for one in mail.outbox] == ["已逾期：复核"]  # the reminder before it waits for its summary
    assert told(people["district"]) == ["逾期 1 个工作日：复核"]


def test_the_desk_is_narrowed_and_ordered(trial, people, request_case):
    from wuxie.kernel.workflow.tests.procedure import Request

    with frozen(DAY(2026, 9, 21)):
        later = engine.open_case(trial, Request(place_code="510402001001", title="后来的事"), by=people["asker"])
        street = people["street"]
        assert [row.case_pk for row in desk(street).coming] == [request_case.pk, later.pk]
        assert [row.case_pk for row in desk(street, order=Order.RECEIVED).coming] == [later.pk, request_case.pk]
        assert [row.case_pk for row in desk(street, narrow=Due.WEEK.rows).coming] == [request_case.pk]  # till the 27th
        assert desk(street, narrow=Due.LATE.rows).count == desk(street, narrow=Due.TODAY.rows).count == 0
    with frozen(DAY(2026, 9, 24)):
        assert [row.case_pk for row in desk(street, narrow=Due.TODAY.rows).today] == [request_case.pk]
    with frozen(DAY(2026, 9, 28)):
        made = desk(street, narrow=Due.LATE.rows)
        assert [row.case_pk for row in made.late] == [request_case.pk]
        assert made.coming == made.today == []


def test_a_wish_that_cannot_be_met_leaves_the_others_theirs(trial, people, request_case, caplog):
    Wish.objects.create(person_key="person:x", leads=[5])
    Wish.objects.create(person_key="person:99999999", leads=[5])
    actions.wish(by=people["street"], rhythm="at_once", leads=[5])
    with frozen(DAY(2026, 9, 19)):
        assert wished.remind() == 1
    assert told(people["street"]) == ["还有 5 日到期：答复"]
    assert "the reminders of person:x could not be written" in caplog.text
    assert list(Wish.objects.filter(reminded_on=None).values_list("person_key", flat=True)) == ["person:x"]
