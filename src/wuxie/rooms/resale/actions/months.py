"""The verbs of a month: begun with the grid's bill, reported and checked at once, corrected, found too high, planned, given back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.amounts import plain
from wuxie.kernel.clock import days
from wuxie.kernel.clock.now import today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.facts import kinds, ledger
from wuxie.kernel.facts.queries import fact_of
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import check, facts, figures, queries, rules
from ..models import Account, Month, Refund
from ..models.months import next_start
from ..money import energy
from ..workflow import BILL, MENDING, PLAN, POWER_ACCOUNT, POWER_MONTH, REFERRAL, VERDICT
from . import notices

ONE = datetime.timedelta(days=1)
File = tuple[str, bytes]
S = Month.State
FOUND = Sentence(gettext_noop("核验疑似多收：%(what)s"))
DOUBTED = Sentence(gettext_noop("抄表对不上，先校正：%(what)s"))
CONFIRMED = Sentence(gettext_noop("认定多收：%(what)s"))
LATE = gettext_noop("逾期没有清退")
AGAIN = gettext_noop("多次多收")
SETTLED = gettext_noop("已清退到户")


def _bill_flaws(month: Month) -> None:
    """Refuse a bill that contradicts itself."""
    energies = sum(kwh for kwh, _cents in month.bands.values())
    if month.bands and energies != month.kwh:
        raise Refusal("guard", _("各时段电量加起来是 %(sum)s，总表是 %(all)s。照账单核对。") % {
            "sum": energy(energies), "all": energy(month.kwh)})  # fmt: skip
    if sum(cents for _kwh, cents in month.bands.values()) > month.amount:
        raise Refusal("guard", _("各时段电费加起来比账单金额还多。照账单核对。"))
    if month.refunds > month.amount:
        raise Refusal("guard", _("电网退费比账单金额还多。照账单核对。"))
    if month.basic + max(month.penalty, 0) > month.amount:
        raise Refusal("guard", _("基本电费和力调电费加起来比账单金额还多。照账单核对。"))


def _period(account: Account, starts_on: datetime.date, ends_on: datetime.date) -> None:
    """Months follow each other without a gap, each about a month long: the price of power changes monthly."""
    wanted = next_start(account)
    if starts_on != wanted:
        raise Refusal("guard", (
            _("缺了一段：上一期到 %(last)s，这一期要从 %(wanted)s 起，写的是 %(start)s。先补中间的月账，不能跳月。")
            if starts_on > wanted else _("和上一期重叠：上一期到 %(last)s，这一期要从 %(wanted)s 起，写的是 %(start)s。")
        ) % {"last": wanted - ONE, "wanted": wanted, "start": starts_on})  # fmt: skip
    length = (ends_on - starts_on).days + 1
    least, most = figures.term("period_least"), figures.term("period_most")
    if not least <= length <= most:
        raise Refusal("guard", _("一个账期要在 %(least)s 到 %(most)s 天之间，写的是 %(n)s 天。购电价按月变动，几个月的账要分开报。")
                      % {"least": least, "most": most, "n": length})  # fmt: skip
    if ends_on >= today():
        raise Refusal("guard", _("账期还没有完。%(day)s 以后再填。") % {"day": ends_on})


@transaction.atomic
def begin(
    account: Account, *, by: Actor, starts_on: datetime.date, ends_on: datetime.date, file: File, **bill: Any
) -> Month:
    """The grid's bill of the next month, with its paper; the readings follow."""
    may(rules.keeper, account, by, _("填报月账"))
    if account.is_over:
        raise Refusal("state", _("已经直供到户，不再报月账。"))
    open_one = Month.objects.filter(account=account, state=S.DRAFT).first()
    if open_one is not None:
        raise Refusal("state", _("%(month)s 还在填报，先报完。") % {"month": open_one.name})
    _period(account, starts_on, ends_on)
    month = Month(
        account=account, starts_on=starts_on, ends_on=ends_on, place_code=account.place_code, number=account.account_no
    )
    _fill(month, bill)
    engine.open_case(POWER_MONTH, month, by=by)
    filing.attach(POWER_MONTH.key(month), file[1], file[0], kind=BILL, by=by.key)
    return month


def _fill(month: Month, bill: Mapping[str, Any]) -> None:
    for name in ("kwh", "amount", "basic", "penalty", "refunds", "bands", "resident_price", "apart"):
        if name in bill:
            setattr(month, name, bill[name])
    if not month.kwh:
        raise Refusal("guard", _("总表电量要大于 0。"))
    _bill_flaws(month)


@transaction.atomic
def change_bill(month: Month, *, by: Actor, file: File | None = None, **bill: Any) -> Month:
    """Put the grid's figures right while the month is being filled in."""
    may(rules.keeper, month, by, _("改电网账单"))
    if not month.is_open:
        raise Refusal("state", _("这个月已经报送。抄错了的，先“更正数据”。"))
    _fill(month, bill)
    month.save()
    if file is not None:
        filing.attach(POWER_MONTH.key(month), file[1], file[0], kind=BILL, by=by.key)
    return month


@transaction.atomic
def submit(month: Month, *, by: Actor, note: str = "") -> Event:
    """Report a month: it is judged at once, the notice is written, and what follows begins."""
    event = engine.take(POWER_MONTH, "submit", month, by=by, note=note)
    month.submitted_on = today()
    month.save(update_fields=["submitted_on"])
    engine.take(POWER_ACCOUNT, "report", month.account, by=by, note=month.name)
    _check(month)
    return event


def _check(month: Month) -> None:
    """Judge, keep what was found with the figures it was judged by, write the notice, go on."""
    engine.by_clock(POWER_MONTH, "check", month)
    rows = queries.readings_of(month)
    terms = figures.terms(month.account.mode, month.ends_on)
    judged = check.judge(
        queries.grid_of(month), queries.uses_of(rows), terms, branches=queries.branches_of(rows), has_own=month.account.has_own,
        usual_own=queries.usual_own(month),
    )  # fmt: skip
    findings = [{"code": one.code, "level": one.level, "says": dict(one.says)} for one in judged.findings]
    if expired := queries.expired(month):
        findings.append({"code": "expired", "level": check.AMBER, "says": {"n": str(expired)}})
    if not month.apart:
        findings.append({"code": "together", "level": check.AMBER, "says": {}})
    owed = judged.refunds()
    month.verdict, month.over = judged.verdict, sum(owed.values())
    month.result = {
        "findings": findings, "average": check.price(judged.average), "allowed": check.price(judged.allowed),
        "own": check.kwh(judged.own), "terminal": check.kwh(judged.terminal), "loss": check.kwh(judged.loss),
        "rate": check.percent(judged.loss_of_main), "mark_up": check.percent(judged.mark_up), "charged": check.yuan(judged.charged),
        "due": check.yuan(judged.due), "excess": check.yuan(judged.excess),
        "lines": [
            {"meter": line.use.meter, "band": line.use.band, "kwh": check.kwh(line.use.kwh), "price": check.price(line.use.price),
             "allowed": check.price(line.allowed), "charged": check.yuan(line.charged), "due": check.yuan(line.due), "over": check.yuan(line.over)}
            for line in judged.lines
        ],
        "terms": {"mode": terms.mode, "cap": None if terms.cap is None else str(terms.cap), "amber": str(terms.amber)},
    }  # fmt: skip
    month.correct_by = None
    if judged.verdict == check.SUSPECTED:
        month.correct_by = days.add(today(), figures.term("self_correct"), "day", calendar()).on
    month.save(update_fields=["verdict", "over", "result", "correct_by"])
    _owe(month, owed)
    notices.posted(month)
    _go_on(month)


def _owe(month: Month, owed: Mapping[str, int]) -> None:
    """The list of who gets what back; an earlier one that nothing was paid of goes."""
    month.refunded.all().delete()
    users = dict(month.account.meters.values_list("pk", "user"))
    Refund.objects.bulk_create(
        Refund(month=month, meter_id=int(meter), user=users[int(meter)], amount=cents) for meter, cents in owed.items()
    )


def _go_on(month: Month) -> None:
    if month.verdict == check.COMPLIANT:
        engine.by_clock(POWER_MONTH, "clear", month)
        _announce_checked(month, THE_CLOCK)
        return
    step, title = ("doubt", DOUBTED) if month.verdict == check.REVIEW else ("suspect", FOUND)
    engine.by_clock(POWER_MONTH, step, month, note=notices.findings(month)[:1000])
    _tell(month, title(what=POWER_MONTH.title(month)), rules.keeper)


def _announce_checked(month: Month, by: Actor) -> None:
    """A month that is settled counts as checked, once."""
    ledger.announce(
        facts.CHECKED, month.account.project.key, occurred_on=today(), by=by.key, trust="association_verified",
        source=f"{POWER_MONTH.key(month)}/checked", note=str(month)[:300],
    )  # fmt: skip


@transaction.atomic
def amend(month: Month, *, by: Actor, note: str, file: File) -> Event:
    """Something was misread or mistyped: open the figures again, with the reason and its paper."""
    engine.check(POWER_MONTH, "amend", month, by=by)
    if Month.objects.filter(account=month.account, state=S.DRAFT).exists():
        raise Refusal("state", _("这个户号还有一个月在填报，先报完。"))
    note = said(note, _("请写哪里错了、怎么发现的。"))
    kept = filing.attach(POWER_MONTH.key(month), file[1], file[0], kind=MENDING, by=by.key)
    month.amended += 1
    month.save(update_fields=["amended"])
    before = {
        "kwh": month.kwh,
        "amount": month.amount,
        "refunds": month.refunds,
        "over": month.over,
        "result": month.result,
    }
    readings = [
        [row.meter.code, row.band, row.start, row.end, row.price, row.surcharge] for row in queries.readings_of(month)
    ]
    return engine.take(
        POWER_MONTH, "amend", month, by=by, note=note, papers={MENDING: f"attachment:{kept.pk}"}, before=before, readings=readings,
    )  # fmt: skip


@transaction.atomic
def correct(month: Month, *, by: Actor, note: str, file: File) -> Event:
    """Everybody has got back what was too much, within the days for correcting by oneself."""
    engine.check(POWER_MONTH, "correct", month, by=by)
    note = said(note, _("请写怎么多收的、以后怎么收。"))
    kept = filing.attach(POWER_MONTH.key(month), file[1], file[0], kind=MENDING, by=by.key)
    event = engine.take(POWER_MONTH, "correct", month, by=by, note=note, papers={MENDING: f"attachment:{kept.pk}"})
    _announce_checked(month, by)
    return event


@transaction.atomic
def confirm(month: Month, *, by: Actor, note: str = "") -> Event:
    """The association finds that too much was charged, by what the check found; the sum goes on record."""
    engine.check(POWER_MONTH, "confirm", month, by=by)
    month.confirmed_on = today()
    month.save(update_fields=["confirmed_on"])
    paper = notices.verdict(month, by=by)
    event = engine.take(POWER_MONTH, "confirm", month, by=by, note=note, papers={VERDICT: f"document:{paper.pk}"})
    ledger.announce(
        facts.OVERCHARGED, month.account.project.key, occurred_on=today(), quantity=plain(month.over), by=by.key,
        trust="association_verified", source=f"{POWER_MONTH.key(month)}/overcharged", note=str(month)[:300],
    )  # fmt: skip
    _tell(month, CONFIRMED(what=POWER_MONTH.title(month)), rules.keeper, rules.principal)
    return event


@transaction.atomic
def plan(month: Month, *, by: Actor, plan: str) -> Event:
    """Say how and until when everybody gets it back; the list is written."""
    engine.check(POWER_MONTH, "plan", month, by=by)
    month.plan = said(plan, _("请写怎么退、什么时候退完。"))[:400]
    month.save(update_fields=["plan"])
    until = days.add(today(), figures.term("refund"), "day", calendar()).on
    paper = notices.refund_list(month, until, by=by)
    return engine.take(POWER_MONTH, "plan", month, by=by, note=month.plan, papers={PLAN: f"document:{paper.pk}"})


@transaction.atomic
def refund(month: Month, *, by: Actor, note: str = "") -> Event:
    """Everybody has got it back. What had counted as not given back in time ends its months from today."""
    event = engine.take(POWER_MONTH, "refund", month, by=by, note=note)
    _announce_checked(month, by)
    fact = fact_of(f"{POWER_MONTH.key(month)}/unrefunded")
    if fact is not None:
        until = days.add(today(), kinds.get(facts.UNREFUNDED).bars_months or 0, "month", calendar(), roll=False).on
        ledger.supersede(fact, by=by.key, reason=SETTLED, valid_until=until)
    return event


@POWER_MONTH.by_time("escalate")
@transaction.atomic
def escalate(month: Month) -> Event:
    """The days are over and somebody has not got it back: referred, and held against the project until it is made good."""
    owed = queries.owed(month)
    event = _refer(month, "escalate", LATE, by=THE_CLOCK)
    if owed:
        ledger.announce(
            facts.UNREFUNDED, month.account.project.key, occurred_on=today(), quantity=plain(owed), by=THE_CLOCK.key,
            trust="association_verified", source=f"{POWER_MONTH.key(month)}/unrefunded", note=str(month)[:300],
        )  # fmt: skip
    _tell(month, CONFIRMED(what=POWER_MONTH.title(month)), rules.keeper, rules.principal, rules.secretariat)
    return event


@transaction.atomic
def refer(month: Month, *, by: Actor, note: str = "") -> Event:
    """Not for the first time: the office refers it at once; giving back goes on."""
    engine.check(POWER_MONTH, "refer", month, by=by)
    return _refer(month, "refer", AGAIN, by=by, note=note)


def _refer(month: Month, step: str, why: str, *, by: Actor, note: str = "") -> Event:
    paper = notices.referral(month, why, by=by)
    return engine.take(POWER_MONTH, step, month, by=by, note=note or why, papers={REFERRAL: f"document:{paper.pk}"})


def _tell(month: Month, title: str, *who: rules.Who) -> None:
    people = sorted({pk for one in who for pk in one.people(month)})
    key = f"power_month:{month.pk}:{month.state}:{month.version}"
    tell(people, title, notices.findings(month)[:400], link=month.get_absolute_url(), key=key, urgent=True)
