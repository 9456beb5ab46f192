"""Sending what was told, after the commit; a failure is tried again by the outbox."""

from __future__ import annotations

from django.conf import settings
from django.db.models.functions import Now

from wuxie.kernel.jobs import outbox
from wuxie.kernel.parties.models import Person

from . import channels
from .models import Channel, Choice, Delivery, Message, Robot


@outbox.handler("notify.send", remote=True)
def send(message: str, channel: str) -> None:
    """Send one message on one way, if the person still wants it so and it has not left yet."""
    found = Message.objects.filter(pk=message).first()
    choice = Choice.objects.filter(person_key=found.person_key, channel=channel).first() if found else None
    if found is None or choice is None:
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
    found = Robot.objects.filter(pk=robot).first()
    if found is not None:
        channels.send_to_robot(found, text)


def _send(message: Message, choice: Choice) -> None:
    text = "\n".join(part for part in (message.title, message.body, _address(message.link)) if part)
    if choice.channel == Channel.MAIL:
        channels.send_by_mail(choice.address, message.title, text)
    elif choice.channel == Channel.SMS:
        person = Person.objects.filter(pk=int(message.person_key.partition(":")[2])).first()
        channels.send_sms(str(person.phone) if person else "", message.title)
    elif choice.robot is not None:
        channels.send_to_robot(choice.robot, text)


def _address(link: str) -> str:
    """A link that works from outside; kept short, since it is typed from a phone at times."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{link}" if link else ""
