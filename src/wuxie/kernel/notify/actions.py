"""Reading messages and choosing how to hear of them."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Now

from .models import Channel, Choice, Message, Robot


def read(message: Message, *, by: Any) -> None:
    """Note that a person has seen one message."""
    Message.objects.visible_to(by).unread().filter(pk=message.pk).update(read_at=Now())


def read_all(*, by: Any) -> int:
    return Message.objects.visible_to(by).unread().update(read_at=Now())


def choose(channel: str, *, by: Any, on: bool, address: str = "", robot: Robot | None = None) -> Choice | None:
    """Turn one way on or off for oneself."""
    if not on:
        Choice.objects.filter(person_key=by.key, channel=channel).delete()
        return None
    choice, _made = Choice.objects.update_or_create(
        person_key=by.key,
        channel=Channel(channel),
        defaults={"address": address if channel == Channel.MAIL else "", "robot": robot},
    )
    return choice
