"""Verbs on dues: the rates that an assembly carried, a year's bills, what came in."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.amounts import yuan_and_cents
from wuxie.kernel.clock.days import add
from wuxie.kernel.clock.now import today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import queries, rules
from ..models import Due, Item, Member, Rate
from ..words import Matter, Outcome
from ..workflow import DUE
from .common import save

LATE = Sentence(gettext_noop("会费逾期未缴：%(title)s"))


@transaction.atomic
def set_rate(*, by: Actor, item: Item, year: int, kind: str, amount: int) -> Rate:
    """What a kind of member owes for a year, in cents: only what an assembly carried by secret ballot."""
    may(rules.office, None, by, _("登记会费标准"))
    if item.matter != Matter.DUES or item.outcome != Outcome.CARRIED:
        raise Refusal("guard", _("会费标准要以会员大会通过的会费议题为依据。先在大会上无记名表决。"))
    if Due.objects.filter(year=year, member__kind=kind).exists():
        raise Refusal("guard", _("%(year)s 年度已经按原标准出账，不能再改。") % {"year": year})
    return Rate.objects.update_or_create(year=year, kind=kind, defaults={"amount": amount, "item": item})[0]


@transaction.atomic
def bill(year: int, *, by: Actor) -> int:
    """Everybody's dues of a year, by kind; who joined later or has a bill is left out. How many were written."""
    may(rules.office, None, by, _("会费出账"))
    rates = dict(Rate.objects.filter(year=year).values_list("kind", "amount"))
    if not rates:
        raise Refusal("guard", _("还没有 %(year)s 年度的会费标准。先登记会员大会通过的标准。") % {"year": year})
    due_on = add(today(), queries.term("pay"), "day", calendar()).on
    rows = Member.objects.on(today()).filter(kind__in=rates).exclude(dues__year=year).select_related("organisation")
    made = [Due(member=row, year=year, amount=rates[row.kind], due_on=due_on) for row in rows if rates[row.kind]]
    return engine.open_many(DUE, made, by=by)


@transaction.atomic
def pay(case: Due, *, by: Actor, amount: int, paid_on: datetime.date, receipt: str) -> Event:
    """The whole sum came in on a day, by the number of its receipt."""
    engine.check(DUE, "pay", case, by=by)
    if amount != case.amount:
        raise Refusal("guard", _("应缴 %(due)s，填的是 %(paid)s。要一分不差；多缴的退回，少缴的等补足再登记。") % {
            "due": yuan_and_cents(case.amount), "paid": yuan_and_cents(amount)})  # fmt: skip
    if paid_on > today():
        raise Refusal("guard", _("缴费日 %(day)s 还没有到。") % {"day": paid_on})
    number = said(receipt, _("请写票据号。"))[:40]
    if Due.objects.filter(receipt=number).exists():
        raise Refusal("guard", _("票据号 %(number)s 已经登记在别的会费上。") % {"number": number})
    save(case, paid_on=paid_on, receipt=number)
    return engine.take(DUE, "pay", case, by=by, receipt=number)


@DUE.by_time("overdue")
def overdue(case: Due) -> Event:
    """The day is over and nothing came in: the member is told."""
    event = engine.by_clock(DUE, "overdue", case)
    tell(rules.payer.people(case), LATE(title=str(case)), link=DUE.url(case.pk), key=f"due:{case.pk}:late", urgent=True)
    return event
