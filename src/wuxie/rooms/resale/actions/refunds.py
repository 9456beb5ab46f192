"""The verbs of a refund: given back with its voucher, posted up where nobody can be found, answered by the user."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.refusal import Refusal

from .. import rules
from ..models import Month, Refund
from ..words import Answer, Way
from ..workflow import POWER_MONTH

S = Month.State
PROOF, POSTING = "退款凭证", "清退公告"
PAID = Sentence(gettext_noop("已退 %(user)s"))
DENIED = Sentence(gettext_noop("用户说没收到退款：%(user)s"))
File = tuple[str, bytes]


def _still(refund: Refund, states: tuple[str, ...]) -> Month:
    month = Month.objects.select_related("account__project__estate", "account__project__company").get(
        pk=refund.month_id
    )
    if month.state not in states:
        raise Refusal("state", _("现在是“%(state)s”，不能登记退款。") % {"state": S(month.state).label})
    return month


@transaction.atomic
def pay(refund: Refund, *, by: Actor, way: str, paid_on: datetime.date, file: File, reason: str = "") -> Refund:
    """One user has got the money back; the voucher or the signature is kept."""
    may(rules.keeper, refund, by, _("登记退款"))
    month = _still(refund, Month.HOT)
    if refund.is_settled:
        raise Refusal("state", _("这一户已经登记过退款。"))
    if not month.ends_on < paid_on <= today():
        raise Refusal("guard", _("退款日要在账期结束 %(end)s 之后，不晚于今天。") % {"end": month.ends_on})
    kept = filing.attach(POWER_MONTH.key(month), file[1], file[0], kind=PROOF, by=by.key)
    refund.state, refund.way, refund.paid_on = Refund.State.PAID, Way(way), paid_on
    refund.proof, refund.reason, refund.answer, refund.answered_at = (
        f"attachment:{kept.pk}",
        reason.strip()[:200],
        "",
        None,
    )
    refund.save()
    engine.record(POWER_MONTH, month, gettext_noop("登记退款"), by=by, note=PAID(user=refund.user), refund=refund.pk)
    return refund


@transaction.atomic
def post_up(refund: Refund, *, by: Actor, reason: str, file: File) -> Refund:
    """Nobody can be found any more: the sum is posted up publicly (价格违法行为行政处罚规定第16条)."""
    may(rules.keeper, refund, by, _("登记公告"))
    month = _still(refund, (S.CONFIRMED, S.PLANNED, S.ESCALATED))
    if refund.is_settled:
        raise Refusal("state", _("这一户已经登记过退款。"))
    refund.reason = said(reason, _("请写为什么找不到人、怎么找过。"))[:200]
    kept = filing.attach(POWER_MONTH.key(month), file[1], file[0], kind=POSTING, by=by.key)
    refund.state, refund.proof = Refund.State.POSTED, f"attachment:{kept.pk}"
    refund.save()
    engine.record(POWER_MONTH, month, gettext_noop("登记公告"), by=by, note=refund.reason, refund=refund.pk)
    return refund


@transaction.atomic
def answer(refund: Refund, *, received: bool) -> Refund:
    """Whoever holds the number of the meter says whether the money has come. A "no" keeps the month open and is told."""
    if refund.state != Refund.State.PAID:
        raise Refusal("state", _("这一笔还没有登记退款。"))
    refund.answer, refund.answered_at = (Answer.YES if received else Answer.NO), now()
    refund.save(update_fields=["answer", "answered_at"])
    month = refund.month
    if not received:
        people = sorted({pk for who in (rules.keeper, rules.secretariat) for pk in who.people(month)})
        key = f"power_refund:{refund.pk}:{refund.answered_at:%Y%m%d}"
        tell(people, DENIED(user=refund.user), link=month.get_absolute_url(), key=key)
    return refund
