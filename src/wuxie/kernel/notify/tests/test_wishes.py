"""When people want to hear: at once or once a day; what is urgent never waits."""

import datetime

import pytest
from django.core import mail

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import SHANGHAI, frozen
from wuxie.kernel.jobs import outbox
from wuxie.kernel.notify import actions, jobs, robots, tell
from wuxie.kernel.notify.forms import Ways
from wuxie.kernel.notify.models import Choice, Delivery, Message, Robot, Wish
from wuxie.kernel.parties.models import Person

pytestmark = pytest.mark.django_db


def clock(hour: int, minute: int = 0, day: int = 24) -> datetime.datetime:
    return datetime.datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def alice():
    person = Person.objects.create(name="周敏", phone="13800001111")
    return Actor(person.key, person_id=person.pk)


@pytest.fixture
def daily(alice):
    actions.choose("mail", by=alice, on=True, address="zhou@example.org")
    actions.wish(by=alice, rhythm="daily", leads=[])
    return alice


def test_the_summary_leaves_once_in_the_morning_with_what_is_still_unread(daily):
    tell.tell([daily.key], "将到期：审查", "江湾壹号", link="/star/1/")
    tell.tell([daily.key], "将到期：答复", "和安物业")
    tell.tell([daily.key], "看过了")
    actions.read(Message.objects.get(title="看过了"), by=daily)
    outbox.drain_all()
    assert mail.outbox == []
    assert tell.unread(daily.key) == 2  # in the application they are there at once

    with frozen(clock(9, 29)):
        assert jobs.sum_up() == 0
    with frozen(clock(9, 30)):
        assert jobs.sum_up() == 1
        assert jobs.sum_up() == 0
    outbox.drain_all()
    (sent,) = mail.outbox
    assert sent.subject == "2 条提醒"
    assert all(words in sent.body for words in ("将到期：审查", "江湾壹号", "/star/1/", "将到期：答复"))
    assert "看过了" not in sent.body
    assert Delivery.objects.filter(sent_at__isnull=False).count() == 2


def test_what_comes_after_the_summary_waits_for_the_next_morning(daily):
    tell.tell([daily.key], "早上")
    with frozen(clock(9, 30)):
        jobs.sum_up()
    tell.tell([daily.key], "下午")
    with frozen(clock(15)):
        assert jobs.sum_up() == 0
    with frozen(clock(9, 30, day=25)):
        assert jobs.sum_up() == 1
    outbox.drain_all()
    assert ["早上" in one.body for one in mail.outbox] == [True, False]


def test_what_is_urgent_leaves_at_once_and_is_in_no_summary(daily):
    tell.tell([daily.key], "已逾期：答复", urgent=True)
    outbox.drain_all()
    assert [one.subject for one in mail.outbox] == ["已逾期：答复"]
    with frozen(clock(9, 30)):
        assert jobs.sum_up() == 0


def test_what_is_urgent_arrives_in_the_application_although_every_way_is_off(daily):
    actions.choose("mail", by=daily, on=False)
    tell.tell([daily.key], "已逾期：答复", urgent=True)
    outbox.drain_all()
    assert (mail.outbox, tell.unread(daily.key)) == ([], 1)


def test_who_turned_mail_off_before_the_morning_gets_no_summary(daily):
    tell.tell([daily.key], "将到期：审查")
    with frozen(clock(9, 30)):
        jobs.sum_up()
    actions.choose("mail", by=daily, on=False)
    outbox.drain_all()
    assert (mail.outbox, Choice.objects.count()) == ([], 0)


def test_a_robot_that_was_paused_before_the_summary_left_says_nothing(alice, monkeypatch):
    said = []
    monkeypatch.setattr(jobs.channels, "send_to_robot", lambda _robot, text: said.append(text))
    robot = Robot.objects.create(
        name="工作群", vendor="wecom", address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"
    )
    actions.choose("robot", by=alice, on=True, robot=robot)
    actions.wish(by=alice, rhythm="daily", leads=[])
    for paused in (False, True):
        tell.tell([alice.key], "将到期：审查")
        with frozen(clock(9, 30, day=25 if paused else 24)):
            jobs.sum_up()
        robots.pause(robot, by=alice, on=paused)
        outbox.drain_all()
    robots.pause(robot, by=alice, on=False)
    outbox.drain_all()
    assert len(said) == 1


def test_a_summary_that_failed_is_kept_with_its_error_and_sent_later(daily, monkeypatch):
    tell.tell([daily.key], "将到期：审查")
    with frozen(clock(9, 30)):
        jobs.sum_up()
    with monkeypatch.context() as broken:
        broken.setattr(jobs.channels, "send_by_mail", lambda *_args: (_ for _ in ()).throw(OSError("no route")))
        assert outbox.drain() == 0
    assert "no route" in Delivery.objects.get().error
    jobs.outbox.Outgoing.objects.update(due_at="2020-01-01T00:00:00Z")
    assert outbox.drain() == 1
    assert [one.subject for one in mail.outbox] == ["1 条提醒"]


@pytest.mark.parametrize(("rhythm", "leads"), [("daily", [7]), ("daily", [-1]), ("never", [5])])
def test_a_wish_outside_what_is_offered_is_refused(alice, rhythm, leads):
    with pytest.raises(Problem):
        actions.wish(by=alice, rhythm=rhythm, leads=leads)
    assert Wish.objects.count() == 0


def test_only_ways_that_work_here_are_offered(alice, monkeypatch):
    monkeypatch.delenv("WUXIE_SMS", raising=False)
    assert set(Ways().fields) == {"mail", "address", "rhythm", "leads"}
    monkeypatch.setenv("WUXIE_SMS", "wuxie.kernel.notify.channels.ConsoleSms")
    Robot.objects.create(
        name="工作群", vendor="wecom", address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"
    )
    assert {"sms", "robot"} <= set(Ways().fields)


def test_the_settings_say_what_cannot_be_switched_off_and_refuse_an_unknown_lead(alice, enter):
    browser = enter(person=Person.objects.get(pk=alice.person_id))
    page = browser.get("/messages/ways/").content.decode()
    assert "提醒设置" in page
    assert "逾期逐级上报" in page
    assert browser.post("/messages/ways/", {"rhythm": "daily", "leads": ["10", "0"]}).status_code == 302
    assert Wish.objects.values_list("rhythm", "leads").get() == ("daily", [10, 0])
    assert browser.post("/messages/ways/", {"rhythm": "daily", "leads": ["7"]}).status_code == 422
    assert browser.post("/messages/ways/", {"rhythm": "never"}).status_code == 422
    assert Wish.objects.values_list("rhythm", "leads").get() == ("daily", [10, 0])
