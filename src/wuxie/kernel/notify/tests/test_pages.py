"""One's own messages: read, followed, and nobody else's."""

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import Http404
from django.test import RequestFactory

from wuxie.kernel.access.actor import NOBODY, Actor
from wuxie.kernel.notify import tell, views
from wuxie.kernel.notify.models import Choice, Message, Robot
from wuxie.kernel.parties.models import Person

pytestmark = pytest.mark.django_db


def acting(person=None):
    return Actor(person.key, person_id=person.pk) if person else NOBODY


def call(view, actor, /, *args, method="get", **data):
    request = getattr(RequestFactory(), method)("/", data)
    request.actor, request.session = actor, {}
    request._messages = FallbackStorage(request)
    return view(request, *args)


@pytest.fixture
def alice():
    return acting(Person.objects.create(name="周敏"))


@pytest.fixture
def charlie():
    return acting(Person.objects.create(name="外人"))


def test_messages_are_listed_and_escaped(alice):
    tell.tell([alice.key], "<b>公示期满</b>", "<script>alert(1)</script>\n第二行")
    page = call(views.inbox, alice).content.decode()
    assert "&lt;b&gt;公示期满" in page
    assert "<script>alert" not in page
    assert "1 条未读" in page


def test_opening_a_message_reads_it_and_leads_on(alice):
    tell.tell([alice.key], "公示期满", link="/star/17/")
    answer = call(views.open_message, alice, Message.objects.get().pk, method="post")
    assert (answer.status_code, answer.url) == (302, "/star/17/")
    assert tell.unread(alice.key) == 0
    assert "没有未读的消息" in call(views.inbox, alice, view="unread").content.decode()


def test_nobody_opens_anothers_message(alice, charlie):
    tell.tell([alice.key], "公示期满")
    for stranger in (charlie, acting()):
        with pytest.raises(Http404):
            call(views.open_message, stranger, Message.objects.get().pk, method="post")
    with pytest.raises(Http404):
        call(views.inbox, acting())
    assert "公示期满" not in call(views.inbox, charlie).content.decode()
    assert tell.unread(alice.key) == 1


def test_a_look_alone_reads_nothing(alice):
    tell.tell([alice.key], "公示期满")
    assert call(views.open_message, alice, Message.objects.get().pk).status_code == 405
    assert tell.unread(alice.key) == 1


def test_all_are_read_at_once(alice, charlie):
    tell.tell([alice.key, charlie.key], "公示期满")
    call(views.read_all, alice, method="post")
    assert (tell.unread(alice.key), tell.unread(charlie.key)) == (0, 1)


def test_ways_are_chosen_and_kept(alice, monkeypatch):
    monkeypatch.setenv("WUXIE_SMS", "wuxie.kernel.notify.channels.ConsoleSms")
    robot = Robot.objects.create(
        name="工作群", vendor="wecom", address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"
    )
    assert call(views.ways, alice, method="post", mail="on").status_code == 422
    call(views.ways, alice, method="post", mail="on", address="zhou@example.org", sms="on", robot=robot.pk)
    assert set(Choice.objects.values_list("channel", flat=True)) == {"mail", "sms", "robot"}
    page = call(views.ways, alice).content.decode()
    assert "zhou@example.org" in page
    assert "key=1" not in page
    call(views.ways, alice, method="post")
    assert Choice.objects.count() == 0


def test_the_list_asks_the_same_for_one_message_and_for_three(alice):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    call(views.inbox, alice)
    counts = []
    for _number in (1, 2):
        tell.tell([alice.key], "公示期满")
        with CaptureQueriesContext(connection) as asked:
            call(views.inbox, alice)
        counts.append(len(asked))
    assert counts[0] == counts[1]
