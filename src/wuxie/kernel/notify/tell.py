"""Telling people something: written in the caller's transaction, sent elsewhere only after its commit."""

from __future__ import annotations

from collections.abc import Iterable
from string import Template

from django.db.models import QuerySet

from wuxie.kernel.counting import counted
from wuxie.kernel.jobs import outbox
from wuxie.kernel.parties.models import Person

from .models import Choice, Message, Robot, Wish

People = Iterable["Person | int | str"]

_wordings: dict[str, tuple[str, str]] = {}


def wording(code: str, title: str, body: str = "") -> None:
    """Give a notice its words; ``$name`` marks where a value goes, and there is no other magic in them."""
    _wordings[code] = (title, body)


def tell(
    people: People, title: str, body: str = "", *, link: str = "", key: str = "", urgent: bool = False, **values: object
) -> int:
    """Tell people (persons, their ids or keys) something; the number who had not been told yet.

    ``title`` may be the code of a ``wording``. Values are put in for ``$name``; a value is text and is not looked into.
    With a ``key`` the same person is told the same thing once. ``link`` is an address inside this site. What is
    ``urgent`` (a period that is over, the ladder) leaves at once on every way that is on; the rest may wait for the
    morning's summary where a person wants one.
    """
    title, body = _wordings.get(title, (title, body))
    if values:
        title, body = fill(title, values), fill(body, values)
    keys = list(dict.fromkeys(map(person_key, people)))
    if key:
        told = set(Message.objects.filter(person_key__in=keys, key=key).values_list("person_key", flat=True))
        keys = [one for one in keys if one not in told]
    link = link if link.startswith("/") and not link.startswith("//") else ""
    ways = list(Choice.objects.filter(person_key__in=keys).values_list("person_key", "channel"))
    waiting = set() if urgent else _who_wait({person for person, _channel in ways})
    messages = [
        Message(person_key=one, key=key, title=title[:200], body=body, link=link, held=one in waiting) for one in keys
    ]
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    ids = {message.person_key: message.pk for message in messages}
    for person, channel in ways:
        if person not in waiting:
            outbox.post("notify.send", f"{ids[person]}:{channel}", message=ids[person], channel=channel)
    return len(messages)


def _who_wait(keys: set[str]) -> set[str]:
    """Who of these people wants one summary a day."""
    return set(Wish.objects.filter(person_key__in=keys, rhythm=Wish.Rhythm.DAILY).values_list("person_key", flat=True))


def tell_group(topic: str, title: str, body: str = "", *, key: str, **values: object) -> int:
    """Tell the group chats that have a robot for this topic, once per key; the number of robots.

    A group chat is read by many: nothing about a private person goes there.
    """
    text = fill("\n".join(part for part in _wordings.get(title, (title, body)) if part), values)
    robots = list(Robot.objects.filter(topic=topic, paused=False).values_list("pk", flat=True))
    for robot in robots:
        outbox.post("notify.robot", f"{key}:{robot}", robot=robot, text=text)
    return len(robots)


def fill(text: str, values: dict[str, object]) -> str:
    """Put values in for ``$name``; an unknown name stays as it is."""
    return Template(text).safe_substitute({name: str(value) for name, value in values.items()})


def person_key(person: Person | int | str) -> str:
    if isinstance(person, str):
        return person
    return f"person:{person}" if isinstance(person, int) else person.key


def _unread(key: str) -> QuerySet[Message]:
    return Message.objects.filter(person_key=key).unread()


def unread(key: str) -> int:
    """How many messages of a person are unread."""
    return counted(_unread, key)
