"""Telling: with the transaction, once, on the ways people chose."""

import pytest
from django.core import mail
from django.db import transaction

from wuxie.kernel.jobs import outbox
from wuxie.kernel.jobs.models import Outgoing
from wuxie.kernel.notify import actions, channels, jobs, tell
from wuxie.kernel.notify.models import Choice, Delivery, Message, Robot, RobotEvent, Wish
from wuxie.kernel.parties.models import Person

pytestmark = pytest.mark.django_db


class Acting:
    def __init__(self, person):
        self.key, self.person_id = person.key, person.pk


@pytest.fixture
def alice():
    return Person.objects.create(name="周敏", phone="13800001111")


@pytest.fixture
def bo():
    return Person.objects.create(name="陈岚", phone="13800002222")


def test_people_are_told_in_the_application(alice, bo):
    assert tell.tell([alice, bo.pk, alice.key], "公示期满", "可以作出决定", link="/star/17/") == 2
    assert list(Message.objects.visible_to(Acting(alice)).values_list("title", "body", "link")) == [
        ("公示期满", "可以作出决定", "/star/17/")]  # fmt: skip
    assert tell.unread(bo.key) == 1
    assert Outgoing.objects.count() == 0


def test_nobody_is_told_what_was_rolled_back(alice):
    with pytest.raises(RuntimeError), transaction.atomic():
        tell.tell([alice], "公示期满")
        raise RuntimeError
    assert Message.objects.count() == 0


def test_the_same_key_is_told_once_and_another_person_still_hears(alice, bo):
    tell.tell([alice], "将到期", key="remind:7:1")
    assert tell.tell([alice, bo], "将到期", key="remind:7:1") == 1
    assert (tell.unread(alice.key), tell.unread(bo.key)) == (1, 1)


def test_without_a_key_the_same_words_may_come_again(alice):
    tell.tell([alice], "公示期满")
    tell.tell([alice], "公示期满")
    assert tell.unread(alice.key) == 2


@pytest.mark.parametrize("link", ["https://evil.example", "//evil.example/x", "javascript:alert(1)"])
def test_a_link_never_leaves_the_site(alice, link):
    tell.tell([alice], "看", link=link)
    assert Message.objects.get().link == ""


@pytest.mark.parametrize(
    "hostile",
    [
        "${name.__class__}",
        "{name.__class__}",
        "{{ name }}",
        "{% debug %}",
        "%(name)s",
        "$unknown",
        "$$name",
        "${",
        "#{1+1}",
    ],
)
def test_a_wording_has_no_magic_but_names(alice, hostile):
    text = tell.fill(f"$name：{hostile}", {"name": "江湾壹号 $name {{ x }}"})
    assert text.startswith("江湾壹号 $name {{ x }}：")
    assert "class" not in text.replace(hostile, "")


def test_a_registered_wording_is_filled(alice):
    tell.wording("test.works_coming", "$estate 将施工", "$day 开始")
    tell.tell([alice], "test.works_coming", estate="江湾壹号", day="11月27日")
    assert Message.objects.values_list("title", "body").get() == ("江湾壹号 将施工", "11月27日 开始")


def test_mail_leaves_only_after_the_commit_and_once(alice):
    actions.choose("mail", by=Acting(alice), on=True, address="zhou@example.org")
    tell.tell([alice], "公示期满", "可以作出决定", link="/star/17/")
    assert mail.outbox == []
    outbox.drain_all()
    outbox.drain_all()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["zhou@example.org"], "公示期满")
    assert sent.body.endswith("/star/17/")
    assert Delivery.objects.get().sent_at is not None


def test_a_header_cannot_be_smuggled_into_a_mail(alice):
    actions.choose("mail", by=Acting(alice), on=True, address="zhou@example.org")
    tell.tell([alice], "标题\r\nBcc: all@example.org")
    outbox.drain_all()
    assert "\n" not in mail.outbox[0].subject


def test_who_turned_a_way_off_meanwhile_is_not_disturbed(alice):
    actions.choose("mail", by=Acting(alice), on=True, address="zhou@example.org")
    tell.tell([alice], "公示期满")
    actions.choose("mail", by=Acting(alice), on=False)
    assert outbox.drain_all() == 1
    assert (mail.outbox, Choice.objects.count()) == ([], 0)


def test_a_failed_way_is_tried_again_and_the_message_stays_in_the_application(alice, monkeypatch):
    actions.choose("sms", by=Acting(alice), on=True)
    tell.tell([alice], "公示期满")
    sent = []

    def broken(phone, text):
        raise channels.Unsent("busy")

    monkeypatch.setattr(channels, "send_sms", broken)
    assert outbox.drain() == 0
    assert Delivery.objects.get().error == "Unsent: busy"
    assert tell.unread(alice.key) == 1
    monkeypatch.setattr(channels, "send_sms", lambda phone, text: sent.append((phone, text)))
    Outgoing.objects.update(due_at="2020-01-01T00:00:00Z")
    assert outbox.drain() == 1
    assert sent == [("13800001111", "公示期满")]


def test_the_console_gateway_never_writes_a_whole_number(alice, caplog):
    channels.send_sms("13800001111", "公示期满")
    assert "138****1111: 公示期满" in caplog.text
    assert "13800001111" not in caplog.text


def test_what_a_person_chose_is_kept_encrypted(alice):
    actions.choose("mail", by=Acting(alice), on=True, address="zhou@example.org")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM notify_choice")
        assert b"example" not in bytes(cursor.fetchone()[0])


def test_a_group_is_told_once_per_key(monkeypatch):
    robot = Robot.objects.create(
        name="安全群", vendor="wecom", address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", topic="safety"
    )
    said = []
    monkeypatch.setattr(channels, "send_to_robot", lambda robot, text: said.append((robot, text)))
    assert tell.tell_group("safety", "本周 $n 项隐患", key="week:48", n=3) == 1
    tell.tell_group("safety", "本周 $n 项隐患", key="week:48", n=3)
    outbox.drain_all()
    assert said == [(robot, "本周 3 项隐患")]


def test_messages_are_read_one_by_one_or_all_at_once_by_their_own_person(alice, bo):
    tell.tell([alice, bo], "一")
    tell.tell([alice], "二")
    actions.read(Message.objects.get(person_key=bo.key), by=Acting(alice))
    assert (tell.unread(alice.key), tell.unread(bo.key)) == (2, 1)
    actions.read(Message.objects.filter(person_key=alice.key).first(), by=Acting(alice))
    assert tell.unread(alice.key) == 1
    assert actions.read_all(by=Acting(alice)) == 1
    assert tell.unread(bo.key) == 1


@pytest.mark.parametrize(
    ("send", "words"), [(channels.send_sms, "no phone number"), (channels.send_by_mail, "no mail address")]
)
def test_where_there_is_no_number_and_no_address_nothing_is_sent(send, words):
    with pytest.raises(channels.Unsent, match=words):
        send("", *["公示期满"] * (send.__code__.co_argcount - 1))
    assert mail.outbox == []


def test_what_has_left_does_not_leave_again(alice):
    actions.choose("mail", by=Acting(alice), on=True, address="zhou@example.org")
    tell.tell([alice], "公示期满")
    outbox.drain_all()
    made = Message.objects.get()
    jobs.send(str(made.pk), "mail")
    assert len(mail.outbox) == 1
    assert (str(made), str(Choice.objects.get())) == ("公示期满", f"{alice.key} mail")
    assert str(Delivery.objects.get()) == f"{made.pk} mail"


def test_a_test_message_is_sent_once_and_never_for_a_robot_that_is_gone(monkeypatch):
    said = []
    monkeypatch.setattr(channels, "send_to_robot", lambda robot, text: said.append(text))
    address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"
    kept, gone = (Robot.objects.create(name=name, vendor="wecom", address=address) for name in ("安全群", "应急群"))
    events = [
        RobotEvent.objects.create(robot=robot, robot_name=robot.name, did="tested", by="person:1")
        for robot in (kept, gone)
    ]
    gone.delete()
    for event in (*events, *events):
        jobs.try_robot(event.pk)
    assert said == ["物协测试消息：群机器人“安全群”已接通，由person:1发出。"]


def test_a_way_whose_robot_is_gone_and_a_summary_without_news_say_nothing(alice, monkeypatch):
    said = []
    monkeypatch.setattr(channels, "send_to_robot", lambda robot, text: said.append(text))
    jobs._say(Choice(person_key=alice.key, channel="robot"), "公示期满", "公示期满")
    wish = actions.wish(by=Acting(alice), rhythm="daily", leads=[])
    Message.objects.create(person_key=alice.key, title="读过了", held=True, read_at="2026-11-24T01:00:00Z")
    jobs._sum_up(alice.key)
    assert (said, Outgoing.objects.count(), Message.objects.get().held) == ([], 0, False)
    assert str(Wish.objects.get()) == f"{alice.key} {Wish.objects.get().rhythm}", wish
