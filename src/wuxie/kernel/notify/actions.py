"""Reading messages and choosing how to hear of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from wuxie.kernel.calc.problems import Problem

from .models import Channel, Choice, Message, Robot, Wish


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


def wish(*, by: Any, rhythm: str, leads: Iterable[int]) -> Wish:
    """Say when one wants to be reminded. The procedure's own reminders, and what is overdue, come all the same.

    ``leads``: days before the due day, of ``Wish.LEADS``. Raises ``Problem`` for any other, and for an unknown rhythm.
    """
    wanted = sorted(set(leads), reverse=True)
    if any(lead not in Wish.LEADS for lead in wanted):
        offered = "、".join(str(lead) for lead in Wish.LEADS)
        raise Problem("range", "$.leads", _("提前几日提醒只能从 %(days)s 里选。") % {"days": offered})
    if rhythm not in Wish.Rhythm:
        raise Problem("range", "$.rhythm", _("发送方式只有“有一条发一条”和“每天早上汇总成一条”。"))
    made, _made = Wish.objects.update_or_create(
        person_key=by.key, defaults={"rhythm": rhythm, "leads": wanted, "reminded_on": None}
    )
    return made
