"""Sending what was told, after the commit, at once or in the morning's summary; a failure is tried again by the outbox."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from wuxie.kernel.clock.now import local, now, today
from wuxie.kernel.jobs import outbox
from wuxie.kernel.jobs.periodic import every
from wuxie.kernel.parties.models import Person

from . import channels
from .models import Channel, Choice, Delivery, Message, Robot, RobotEvent, Wish

#: When the summary leaves, by the clock on the wall: the reminders of the day were written at nine.
MORNING = datetime.time(9, 30)


@outbox.handler("notify.send", remote=True)
def send(message: str, channel: str) -> None:
    """Send one message on one way, if the person still wants it so and it has not left yet."""
    found = Message.objects.filter(pk=message).first()
    choice = _choice(found.person_key, channel) if found else None
    if found is None or choice is None:
        return
    delivery, _made = Delivery.objects.get_or_create(message=found, channel=channel)
    if delivery.sent_at is not None:
        return
    try:
        _say(choice, found.title, _text(found))
    except Exception as error:
        Delivery.objects.filter(pk=delivery.pk).update(error=f"{type(error).__name__}: {error}"[:400])
        raise
    Delivery.objects.filter(pk=delivery.pk).update(sent_at=Now(), error="")


def _choice(person: str, channel: str) -> Choice | None:
    """The way, if the person still wants it; a paused robot says nothing, now or later."""
    rows = Choice.objects.filter(person_key=person, channel=channel).exclude(robot__paused=True)
    return rows.select_related("robot").first()


@outbox.handler("notify.robot", remote=True)
def to_group(robot: int, text: str) -> None:
    found = Robot.objects.filter(pk=robot, paused=False).first()
    if found is not None:
        _speak(found, text)


@outbox.handler("notify.robot_test", remote=True)
def try_robot(event: int) -> None:
    """Send the test message that somebody asked for; tried once, since that person looks for the outcome."""
    found = RobotEvent.objects.filter(pk=event, sent_at=None, error="").select_related("robot").first()
    if found is None or found.robot is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        text = _("物协测试消息：群机器人“%(name)s”已接通，由%(who)s发出。") % {
            "name": found.robot.name, "who": found.by_name or found.by}  # fmt: skip
    try:
        _speak(found.robot, text)
    except Exception as error:
        RobotEvent.objects.filter(pk=event).update(error=_reason(error))
    else:
        RobotEvent.objects.filter(pk=event).update(sent_at=Now())


def _speak(robot: Robot, text: str) -> None:
    """Send, and keep beside the robot what became of it."""
    try:
        channels.send_to_robot(robot, text)
    except Exception as error:
        Robot.objects.filter(pk=robot.pk).update(error=_reason(error), failed_at=Now())
        raise
    Robot.objects.filter(pk=robot.pk).update(error="", failed_at=None, sent_at=Now())


def _reason(error: Exception) -> str:
    """What is kept of a failure: the words of ``Unsent``, of anything else its kind; never an address."""
    return (str(error) if isinstance(error, channels.Unsent) else type(error).__name__)[:300]


@every(300, name="notify.summary")
def sum_up() -> int:
    """Once a morning, let what was held back leave in one piece for each person; how many people that were."""
    if local(now()).time() < MORNING:
        return 0
    with transaction.atomic():
        held = set(Message.objects.filter(held=True).values_list("person_key", flat=True))
        done = set(Wish.objects.filter(summed_up_on=today()).values_list("person_key", flat=True))
        people = sorted(held - done)
        for person in people:
            _sum_up(person)
        Wish.objects.filter(person_key__in=people).update(summed_up_on=today())
    return len(people)


def _sum_up(person: str) -> None:
    """Post one summary a way of what is still unread; what was read meanwhile needs no second word."""
    rows = Message.objects.filter(person_key=person, held=True)
    ids = list(rows.unread().order_by("pk").values_list("pk", flat=True))
    if ids:
        for channel in Choice.objects.filter(person_key=person).values_list("channel", flat=True):
            outbox.post("notify.summary", f"{ids[-1]}:{channel}", messages=ids, channel=channel)
    rows.update(held=False)


@outbox.handler("notify.summary", remote=True)
def send_summary(messages: list[str], channel: str) -> None:
    """Send several messages in one text on one way, if the person still wants it so."""
    found = list(Message.objects.filter(pk__in=messages).order_by("pk"))
    choice = _choice(found[0].person_key, channel) if found else None
    if choice is None or Delivery.objects.filter(message__in=found, channel=channel, sent_at__isnull=False).exists():
        return
    Delivery.objects.bulk_create([Delivery(message=one, channel=channel) for one in found], ignore_conflicts=True)
    rows = Delivery.objects.filter(message__in=found, channel=channel)
    title = _("%(count)s 条提醒") % {"count": len(found)}
    try:
        _say(choice, title, "\n\n".join([title, *map(_text, found)]))
    except Exception as error:
        rows.update(error=f"{type(error).__name__}: {error}"[:400])
        raise
    rows.update(sent_at=Now(), error="")


def _text(message: Message) -> str:
    return "\n".join(part for part in (message.title, message.body, _address(message.link)) if part)


def _say(choice: Choice, title: str, text: str) -> None:
    """Say something on one way; a text message has room for the title only."""
    if choice.channel == Channel.MAIL:
        channels.send_by_mail(choice.address, title, text)
    elif choice.channel == Channel.SMS:
        person = Person.objects.filter(pk=int(choice.person_key.partition(":")[2])).first()
        channels.send_sms(str(person.phone) if person else "", title)
    elif choice.robot is not None:
        _speak(choice.robot, text)


def _address(link: str) -> str:
    """A link that works from outside; kept short, since it is typed from a phone at times."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{link}" if link else ""
