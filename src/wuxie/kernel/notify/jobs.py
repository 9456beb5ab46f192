"""Sending what was told, after the commit; a failure is tried again by the outbox."""

from __future__ import annotations

from django.conf import settings
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from wuxie.kernel.jobs import outbox
from wuxie.kernel.parties.models import Person

from . import channels
from .models import Channel, Choice, Delivery, Message, Robot, RobotEvent


@outbox.handler("notify.send", remote=True)
def send(message: str, channel: str) -> None:
    """Send one message on one way, if the person still wants it so and it has not left yet."""
    found = Message.objects.filter(pk=message).first()
    choice = (
        Choice.objects.filter(person_key=found.person_key, channel=channel).select_related("robot").first()
        if found
        else None
    )
    if found is None or choice is None or (choice.robot is not None and choice.robot.paused):
        return
    delivery, _made = Delivery.objects.get_or_create(message=found, channel=channel)
    if delivery.sent_at is not None:
        return
    try:
        _send(found, choice)
    except Exception as error:
        Delivery.objects.filter(pk=delivery.pk).update(error=f"{type(error).__name__}: {error}"[:400])
        raise
    Delivery.objects.filter(pk=delivery.pk).update(sent_at=Now(), error="")


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


def _send(message: Message, choice: Choice) -> None:
    text = "\n".join(part for part in (message.title, message.body, _address(message.link)) if part)
    if choice.channel == Channel.MAIL:
        channels.send_by_mail(choice.address, message.title, text)
    elif choice.channel == Channel.SMS:
        person = Person.objects.filter(pk=int(message.person_key.partition(":")[2])).first()
        channels.send_sms(str(person.phone) if person else "", message.title)
    elif choice.robot is not None:
        _speak(choice.robot, text)


def _address(link: str) -> str:
    """A link that works from outside; kept short, since it is typed from a phone at times."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{link}" if link else ""
