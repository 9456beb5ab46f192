"""The verbs of one inspection: booked, done, passed or failed, mended; and what the clock does when nobody came."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.amounts import in_yuan
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.queries import not_replaced
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.papers.models import Document
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import facts, law, papers, queries, rules
from ..models import Asset, Inspection, Obligation
from ..words import Agency, Payer
from ..workflow import FAILED_REPORT, INSPECTION, NOTICE, REPORT
from . import obligations

IDLE = Sentence(gettext_noop("停用自 %(day)s 起，检验合格后才能启用"))
PASSED = Sentence(gettext_noop("已检验合格，报告 %(number)s"))
LIFTED = Sentence(gettext_noop("已检验合格，恢复使用，报告 %(number)s"))
UNBOOKED = Sentence(gettext_noop("还没有预约：%(what)s"))
LATE = Sentence(gettext_noop("过了应检日 %(day)s 没有检验"))
HAZARD = gettext_lazy("隐患")
AGAIN = Sentence(gettext_noop("检验合格，恢复使用：%(what)s"))
STANDS = Sentence(gettext_noop("停止使用：%(what)s"))

#: Whose coming needs no licence of an inspection body.
UNLICENSED = (Agency.OWN, Agency.OPERATOR, Agency.OFFICE, Agency.SEPTIC, Agency.GAS, Agency.SERVICE, Agency.INSURER)
S = Inspection.State
ONE = datetime.timedelta(days=1)
File = tuple[str, bytes]


def new_case(row: Obligation, due_on: datetime.date, **known: object) -> Inspection:
    """A case of an obligation, not yet written."""
    return Inspection(
        project=row.project, obligation=row, asset=row.asset, label=str(row)[:80], level=row.level, due_on=due_on,
        place_code=row.project.estate.place_id, number=row.asset.code if row.asset else "", **known,
    )  # fmt: skip


@transaction.atomic
def open_now(row: Obligation, *, by: Actor) -> Inspection:
    """Begin before the lead time: somebody wants to book early, or has a report in hand."""
    may(rules.keeper, row.project, by, _("提前办理"))
    if row.ended_on is not None or row.exempt_why:
        raise Refusal("state", _("这一项不再适用，不用办。"))
    there = Inspection.objects.open().filter(obligation=row).first()
    if there is not None:
        return there
    # Where no date is known there is as much time as for one that is: what was never dated is not late today.
    due_on = row.due_on or today() + datetime.timedelta(days=row.spec.lead)
    return engine.open_case(INSPECTION, new_case(row, due_on), by=by)  # type: ignore[no-any-return]


@transaction.atomic
def enter_report(
    row: Obligation,
    *,
    by: Actor,
    inspected_on: datetime.date,
    agency: str,
    report_number: str,
    file: File,
    licence: str = "",
) -> Inspection:
    """A report that was there before the register: the item is passed with it, and its next due date follows."""
    case = open_now(row, by=by)
    if case.state in Inspection.WAITING:
        inspect(case, by=by, inspected_on=inspected_on, agency=agency, licence=licence)
    passed(case, by=by, report_number=report_number, file=file)
    return case


@transaction.atomic
def before_use(asset: Asset, since: datetime.date, *, by: Actor) -> Inspection:
    """An inspection without which an asset that stood still for long is not used."""
    row = (
        asset.obligations.filter(ended_on=None)
        .select_related("project__estate", "project__company", "asset")
        .order_by("item")
        .first()
    )
    if row is None:
        raise Refusal("guard", _("目录里没有这类设备的检验项目。"))
    case = engine.open_case(INSPECTION, new_case(row, today(), is_restart=True), by=by)
    _stop(case, IDLE(day=since), by=by)
    return case  # type: ignore[no-any-return]


@transaction.atomic
def book(
    case: Inspection,
    *,
    by: Actor,
    agency: str,
    licence: str,
    price: int | None,
    visit_on: datetime.date,
    note: str = "",
) -> Event:
    """An agency is to come on a day for a price; the order is written."""
    engine.check(INSPECTION, "book", case, by=by)
    if visit_on < today():
        raise Refusal("guard", _("约定日期已经过了。做完的，直接登记已检。"))
    case.agency, case.licence = _agency(case, agency, licence)
    case.price, case.visit_on = price, visit_on
    case.save(update_fields=["agency", "licence", "price", "visit_on"])
    order = papers.write(
        "检验检测委托单", INSPECTION.key(case), case.project, by=by, agency=case.agency, licence=case.licence, item=case.label,
        asset=case.where(), due=case.due_on.isoformat(), visit=visit_on.isoformat(), price=in_yuan(price) if price is not None else "",
        payer=str(Payer(case.spec.payer).label), basis=case.spec.basis,
    )  # fmt: skip
    return engine.take(INSPECTION, "book", case, by=by, note=note, papers={order.label: f"document:{order.pk}"})


def _agency(case: Inspection, agency: str, licence: str) -> tuple[str, str]:
    """Name and licence; an outside body has both."""
    if case.spec.agency == Agency.OWN and not agency.strip():
        return case.project.company.name[:120], ""
    agency = said(agency, _("请写检验检测机构的名称。"))[:120]
    if case.spec.agency in UNLICENSED:
        return agency, licence.strip()[:60]
    return agency, said(licence, _("请写机构的资质证号；没有资质的机构出的报告不算。"))[:60]


@transaction.atomic
def inspect(
    case: Inspection, *, by: Actor, inspected_on: datetime.date, agency: str = "", licence: str = "", note: str = ""
) -> Event:
    """The agency was there."""
    engine.check(INSPECTION, "inspect", case, by=by)
    if inspected_on > today():
        raise Refusal("guard", _("检验日不能晚于今天。"))
    if case.asset is not None and inspected_on < case.asset.base_on:
        raise Refusal("guard", _("检验日早于这台设备的基准日 %(day)s。") % {"day": case.asset.base_on})
    case.agency, case.licence = _agency(case, agency or case.agency, licence or case.licence)
    case.inspected_on = inspected_on
    case.save(update_fields=["agency", "licence", "inspected_on"])
    return engine.take(INSPECTION, "inspect", case, by=by, note=note, inspected_on=str(inspected_on))


@transaction.atomic
def passed(
    case: Inspection,
    *,
    by: Actor,
    report_number: str,
    file: File,
    inspected_on: datetime.date | None = None,
    report_on: datetime.date | None = None,
    note: str = "",
) -> Event:
    """The report says that all is well: the item is valid until its next due date, and what was stopped is used again.

    ``inspected_on``: after a failure, the day on which the agency looked again.
    """
    engine.check(INSPECTION, "pass", case, by=by)
    _look_again(case, inspected_on)
    case.report_number = _report_number(case, report_number)
    case.report_on = report_on or case.inspected_on
    kept = filing.attach(INSPECTION.key(case), file[1], file[0], kind=REPORT, by=by.key)
    case.save(update_fields=["report_number", "report_on", "inspected_on"])
    event = engine.take(
        INSPECTION, "pass", case, by=by, note=note, papers={REPORT: f"attachment:{kept.pk}"}, report=case.report_number,
        inspected_on=str(case.inspected_on),
    )  # fmt: skip
    _advance(case)
    _announce_valid(case, kept.sha256, by)
    obligations.settle_overdue(case, reason=PASSED(number=case.report_number))
    _release(case, by=by)
    return event


def _look_again(case: Inspection, day: datetime.date | None) -> None:
    """What failed has a result of a second visit only, on its own day; the day of the first stays in the course of the case."""
    if case.state != S.RECTIFIED:
        return
    if day is None:
        raise Refusal("guard", _("请写复检日：机构整改后再来的那一天。"))
    if day > today():
        raise Refusal("guard", _("复检日不能晚于今天。"))
    if case.inspected_on is not None and day < case.inspected_on:
        raise Refusal(
            "guard", _("复检日早于不合格的那次检验（%(day)s）。请照复检报告写。") % {"day": case.inspected_on}
        )
    case.inspected_on = day


def _report_number(case: Inspection, number: str) -> str:
    """One that can be a number; of special equipment it is about one thing: the number of another's is refused."""
    typed = said(number, _("请写报告编号。"))
    plain = law.report_number(typed)
    if plain is None:
        raise Refusal(
            "guard",
            _("“%(number)s”不像报告编号。请照报告首页抄，要有数字，至少 3 个字，例如“川检2026-0917”。")
            % {"number": typed[:20]},
        )
    if case.stops:
        other = queries.reports_like(case, plain).filter(asset__isnull=False).exclude(asset=case.asset_id)
        if found := next((one for one in other if one.stops), None):
            what = found.label if found.project.company_id == case.project.company_id else _("另一家企业的设备")
            raise Refusal("guard", _("报告编号“%(number)s”已登记在%(what)s上，一份报告只对一台设备。请核对。")
                          % {"number": plain, "what": what})  # fmt: skip
    return plain


def _advance(case: Inspection) -> None:
    """The next due date, anchored on the due month."""
    row = Obligation.objects.select_related("project", "asset").get(pk=case.obligation_id)
    done = case.inspected_on or today()
    base = row.base_on or case.due_on
    cycle = row.spec.cycle(today())
    due = done if row.due_on is None else case.due_on
    base, following = law.due_next(
        cycle, base if row.base_on else done, due=due, done=done, early=queries.term("early")
    )
    row.base_on, row.last_on, row.guessed = base, done, False
    obligations.reschedule(row, following)
    row.valid_until = following
    row.save()
    case.obligation = row
    if case.asset is not None and row.spec.follows_last and (case.asset.last_on is None or case.asset.last_on < done):
        case.asset.last_on = done
        case.asset.save()
    if following is None:
        obligations.end(row, gettext_noop("满年限后不再单独做这一项"))


def _announce_valid(case: Inspection, sha256: str, by: Actor) -> None:
    """A report stands until the next due date; the one before it ends the day before."""
    row = case.obligation
    if not row.is_statutory or row.valid_until is None or row.valid_until < today():
        return
    before = Fact.objects.filter(
        subject=case.project.key, kind=facts.VALID, source__startswith=f"{obligations.source_of(row)}/valid/",
        valid_until__gte=today(),
    )  # fmt: skip
    for fact in not_replaced(before):
        ledger.supersede(
            fact, by=by.key, reason=gettext_noop("有了新的报告"), valid_until=max(today() - ONE, fact.occurred_on)
        )
    ledger.announce(
        facts.VALID, case.project.key, occurred_on=today(), valid_until=row.valid_until, by=by.key, attachments=(sha256,),
        source=f"{obligations.source_of(row)}/valid/{case.pk}", note=f"{case.label} {case.report_number}"[:300],
    )  # fmt: skip


@transaction.atomic
def failed(
    case: Inspection,
    *,
    by: Actor,
    failure: str,
    report_number: str = "",
    file: File | None = None,
    inspected_on: datetime.date | None = None,
) -> Event:
    """The report says that something is wrong: a hazard follows, and special equipment stands still."""
    engine.check(INSPECTION, "fail", case, by=by)
    _look_again(case, inspected_on)
    case.failure = said(failure, _("请写哪里不合格。"))[:400]
    case.report_number = _report_number(case, report_number) if report_number.strip() else ""
    case.save(update_fields=["failure", "report_number", "inspected_on"])
    given = {}
    if file is not None:
        kept = filing.attach(INSPECTION.key(case), file[1], file[0], kind=FAILED_REPORT, by=by.key)
        given[FAILED_REPORT] = f"attachment:{kept.pk}"
    details = {"hazard": case.spec.hazard, "place": case.where(), "words": f"{case.label}不合格：{case.failure}"}
    event = engine.take(
        INSPECTION,
        "fail",
        case,
        by=by,
        note=case.failure,
        papers=given,
        fact={"details": details},
        inspected_on=str(case.inspected_on),
    )
    if case.stops:
        _stop(case, gettext_noop("检验不合格"), by=by)
    return event


def follow_hazard(fact: Fact) -> Event | None:
    """The hazard that what failed was taken down as: kept in the course of the inspection, once."""
    return engine.hear(INSPECTION, fact, HAZARD)


@transaction.atomic
def rectify(case: Inspection, *, by: Actor, remedy: str) -> Event:
    """What was wrong is mended; the agency has to look again."""
    engine.check(INSPECTION, "rectify", case, by=by)
    case.remedy = said(remedy, _("请写怎样整改的。"))[:400]
    case.save(update_fields=["remedy"])
    return engine.take(INSPECTION, "rectify", case, by=by, note=case.remedy)


@transaction.atomic
def exempt(case: Inspection, *, by: Actor, reason: str, basis: str) -> None:
    """The item does not apply to this estate, on somebody's word."""
    engine.check(INSPECTION, "exempt", case, by=by)
    case.reason = said(reason, _("请写为什么不适用。"))[:200]
    case.save(update_fields=["reason"])
    engine.take(INSPECTION, "exempt", case, by=by, note=case.reason)
    obligations.settle_overdue(case, reason=case.reason, mistaken=True)
    obligations.exempt(case.obligation, by=by, reason=reason, basis=basis)


@INSPECTION.by_time("remind")
@transaction.atomic
def remind(case: Inspection) -> Event:
    """Nobody has booked although the agency has to be asked by now: the safety director hears of it."""
    event = engine.by_clock(INSPECTION, "remind", case)
    _tell(case, UNBOOKED(what=case.label), rules.director, rules.keeper)
    return event


@INSPECTION.by_time("expire")
@transaction.atomic
def expire(case: Inspection) -> Event:
    """The day is over: it counts as overdue, and special equipment must not be used from now on."""
    case.overdue_on = case.due_on + ONE
    case.save(update_fields=["overdue_on"])
    event = engine.by_clock(INSPECTION, "expire", case)
    if case.obligation.is_statutory:
        ledger.announce(
            f"{facts.OVERDUE}.{case.spec.variant}", case.project.key, occurred_on=case.overdue_on, by=THE_CLOCK.key,
            source=f"{INSPECTION.key(case)}/overdue", note=case.label[:300],
        )  # fmt: skip
    if case.stops:
        _stop(case, LATE(day=case.due_on), by=THE_CLOCK)
    return event


def _stop(case: Inspection, why: str, *, by: Actor) -> None:
    """The asset must not be used: on record, on a notice for its door, and told to whoever answers for it."""
    asset = case.asset
    assert asset is not None
    if asset.stopped_on is None:
        asset.stopped_on, asset.stopped_why = today(), why[:200]
        asset.save()
    with print_later():
        papers.write(
            NOTICE, INSPECTION.key(case), case.project, by=by, asset=str(asset), place=asset.place, why=why,
            since=today().isoformat(), until="检验合格并登记报告", basis="特种设备安全法第40条、第84条", phone="物业服务中心",
        )  # fmt: skip
    ledger.announce(
        facts.STOPPED.code, case.project.key, occurred_on=today(), by=by.key, note=f"{asset}：{why}"[:300],
        source=f"{INSPECTION.key(case)}/stopped/{case.version}",
    )  # fmt: skip
    _tell(case, STANDS(what=asset), rules.keeper, rules.director, rules.principal)


def _release(case: Inspection, *, by: Actor) -> None:
    """Nothing else stands against it: it may be used again."""
    asset = case.asset
    if asset is None or asset.stopped_on is None or not case.stops:
        return
    others = Inspection.objects.open().filter(asset=asset, obligation__in=[
        row.pk for row in asset.obligations.filter(ended_on=None) if row.spec.special
    ]).exclude(pk=case.pk)  # fmt: skip
    if any(one.overdue_on or one.is_restart or one.state in (S.FAILED, S.RECTIFIED) for one in others):
        return
    asset.stopped_on, asset.stopped_why = None, ""
    asset.save()
    _take_down_notices(asset, LIFTED(number=case.report_number), by=by)
    ledger.announce(
        facts.RELEASED.code, case.project.key, occurred_on=today(), by=by.key, note=str(asset)[:300],
        source=f"{INSPECTION.key(case)}/released/{case.version}",
    )  # fmt: skip
    _tell(case, AGAIN(what=asset), rules.keeper, rules.director, rules.principal)


def _take_down_notices(asset: Asset, reason: str, *, by: Actor) -> None:
    """Whoever checks a notice that still hangs on the door reads that it stands no more."""
    keys = [INSPECTION.key(one) for one in asset.inspections.all()]
    for notice in Document.objects.filter(case__in=keys, label=NOTICE, void=None):
        filing.declare_void(notice, reason=reason, by=by.key)


def _tell(case: Inspection, title: str, *who: rules.Who) -> None:
    people = sorted({pk for one in who for pk in one.people(case)})
    body = f"{case.project.estate.name} · {case.where()}"
    tell(people, title, body, link=case.get_absolute_url(), key=f"inspection:{case.pk}:{title}"[:120], urgent=True)
