"""What the public site may do about disputes: take one down for a stranger, say how far it is by its receipt, take an answer.

The public site reads here and nowhere else: never who told of it, never what was said at the table, never an agreement.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from wuxie.kernel import labels
from wuxie.kernel.access.actor import NOBODY
from wuxie.rooms.register.models import Estate
from wuxie.web.throttle import Limit

from .actions import intake
from .models import Dispute, Voice
from .words import Channel

S = Dispute.State
#: How many matters one address may tell of in an hour.
TELLING = Limit("dispute", 10, 3600)
SAYS: dict[str, tuple[str | Promise, str]] = {
    S.REGISTERED: (gettext_lazy("已收到，三个工作日内告诉你办不办"), "blue"), S.ACCEPTED: (gettext_lazy("已受理，正在找调解员"), "blue"),
    S.ASSIGNED: (gettext_lazy("调解员已接手"), "blue"), S.INVESTIGATING: (gettext_lazy("正在收材料、看现场"), "blue"),
    S.IN_SESSION: (gettext_lazy("正在调解"), "blue"), S.SUSPENDED: (gettext_lazy("暂停，等鉴定等"), "amber"),
    S.SETTLED: (gettext_lazy("双方达成了协议"), "green"), S.CONFIRMING: (gettext_lazy("正在申请法院确认"), "blue"),
    S.PERFORMING: (gettext_lazy("正在履行协议"), "blue"), S.PERFORMED: (gettext_lazy("协议已履行"), "green"), S.CLOSED: (gettext_lazy("已办结"), "green"),
    S.FAILED: (gettext_lazy("没有达成协议，可以起诉"), ""), S.BREACHED: (gettext_lazy("协议没有履行，可以申请执行或起诉"), "red"),
    S.NOT_ACCEPTED: (gettext_lazy("依法不能调解"), ""), S.TRANSFERRED: (gettext_lazy("已转到有权处理的单位"), ""),
    S.WITHDRAWN: (gettext_lazy("已撤回"), ""),
}  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """How far a matter is, for whoever holds its receipt."""

    receipt: str
    estate: Estate
    title: str
    state: str
    tone: str
    received_on: datetime.date
    reply: str
    question: str
    answered: bool
    said: str
    referred_to: str


def tell(
    estate: Estate,
    *,
    title: str,
    words: str,
    name: str,
    phone: str,
    hidden: bool,
    occurred_on: datetime.date | None = None,
) -> Voice:
    """Take a matter down for a stranger; a refusal says why not."""
    return intake.register(
        estate, by=NOBODY, channel=Channel.ONLINE, title=title, words=words, name=name, phone=phone, hidden=hidden, occurred_on=occurred_on,
    )  # fmt: skip


def voice(number: str) -> Voice | None:
    """The voice behind a receipt."""
    return (
        Voice.objects.filter(receipt=number)
        .select_related("dispute__project__estate", "dispute__merged_into__project__estate")
        .first()
    )


def standing(number: str) -> Standing | None:
    """How far the matter behind a receipt is; one that was joined to another stands where that one stands."""
    found = voice(number)
    if found is None:
        return None
    case = found.dispute.merged_into or found.dispute
    words, tone = SAYS.get(case.state, ("", ""))
    return Standing(
        found.receipt, case.project.estate, found.dispute.title, str(words), tone, found.received_on, case.reply, found.question,
        found.answered_at is not None, labels.said(found.said), labels.said(case.referred_to),
    )  # fmt: skip


def answer(number: str, *, words: str) -> None:
    """What the holder of the receipt says to a question."""
    found = voice(number)
    if found is not None:
        intake.answer(found, words=words)
