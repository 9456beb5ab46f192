"""Credit records: found in writing, told, answered, confirmed by a second person, counted, corrected, repaired, ended by time."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel import labels
from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.workflow import deadlines, engine
from wuxie.kernel.workflow.demands import said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Project

from .. import credit, facts, papers, queries, rules
from ..models import Record
from ..workflow.record import ANSWER, NOTICE, PROMISE, RECORD, REPAIR, RESULT, SOURCE
from .common import File, issued

S = Record.State
RIGHT = gettext_noop("收到后五个工作日内可以陈述申辩；认定后可以提出异议、申请修复。")
RELAPSE = gettext_noop("修复后又犯同类行为，恢复原扣分。")
EFFECT = gettext_noop("停止公示、停止共享和使用、不再计分；内部档案保留。")


def _keep(case: Record, kind: str, file: File | None, by: Actor, sentence: str = "") -> dict[str, str]:
    if file is None:
        if sentence:
            raise Refusal("guard", sentence)
        return {}
    return {kind: f"attachment:{filing.attach(RECORD.key(case), file[1], file[0], kind=kind, by=by.key).pk}"}


def _save(case: Record, **values: object) -> None:
    for name, value in values.items():
        setattr(case, name, value)
    case.save(update_fields=list(values))


def _line(name: str) -> dict[str, Any]:
    """A line that rests on a paper entered here."""
    known = {one["id"]: one for one in credit.lines(credit.STATUTORY) if one.get("owned")}
    if name not in known:
        raise Refusal("guard", _("没有“%(line)s”这个条目，或者它由别的业务自动产生。") % {"line": name})
    return known[name]


def _check_paper(
    company: Organisation, one: dict[str, Any], number: str, issued_on: datetime.date, project: Project | None
) -> None:
    """Day, project and number of a paper: it must be able to count, and only once."""
    if issued_on > today():
        raise Refusal("guard", _("文书日期 %(day)s 还没到。请照文书上的日期写。") % {"day": issued_on})
    if one.get("about") and project is None:
        raise Refusal("guard", _("“%(line)s”要写明是哪个项目。") % {"line": labels.said(one["label"])})
    if project is not None and project.company_id != company.pk:
        raise Refusal("guard", _("这个项目不是“%(name)s”的。请核对项目。") % {"name": company.name})
    if Record.objects.filter(company=company, line=one["id"], paper_number=number).exists():
        raise Refusal("guard", _("文号 %(number)s 已经记过这一条，不能重复。") % {"number": number})
    expires = credit.last_day(issued_on, one["months"])
    if expires < today():
        raise Refusal("guard", _("这份文书 %(day)s 已经期满，不再计分，不用采集。") % {"day": expires})


@transaction.atomic
def collect(
    company: Organisation, *, by: Actor, line: str, paper_number: str, paper_authority: str, issued_on: datetime.date, words: str, file: File | None,
    project: Project | None = None, duties_open: bool = False,
) -> Record:  # fmt: skip
    """Enter one paper of an authority: without its number, its day and itself there is no record."""
    if not rules.may_record(by, company):
        raise Refusal("person", _("信用信息由市级主管部门采集。协会的自律处理走“自律案件”。"))
    one = _line(line)
    number = said(paper_number, _("请写文号：每一分都要有文书。"))[:60]
    _check_paper(company, one, number, issued_on, project)
    expires, level = credit.last_day(issued_on, one["months"]), one.get("level", "")
    case = Record(
        company=company, project=project, line=line, is_good=credit.is_good(one), level=level, paper_number=number,
        paper_authority=said(paper_authority, _("请写认定机关。"))[:80], issued_on=issued_on, words=said(words, _("请写文书认定的事实。"))[:400],
        duties_open=duties_open, expires_on=expires, collected_by=by.key, place_code=queries.place_of(company)[:4],
        public_until=credit.public_until(issued_on, one["months"], queries.longest(level)) if level else expires,
    )  # fmt: skip
    engine.open_case(RECORD, case, by=by)
    _keep(case, SOURCE, file, by, _("请放上认定文书。"))
    return case


@transaction.atomic
def notify(case: Record, *, by: Actor, note: str = "") -> Event:
    """The company is told what is to be recorded, before it is."""
    engine.check(RECORD, "notify", case, by=by)
    one = credit.line(case.line)
    paper = papers.write_record(
        NOTICE, case, by=by, line=f"{one['id']} {one['label']}", words=case.words, paper=f"{case.paper_authority} {case.paper_number}",
        points=str(one["points"]), months=f"{one['months']} 个月", right=RIGHT,
    )  # fmt: skip
    return engine.take(RECORD, "notify", case, by=by, note=note, papers=issued(paper))


@transaction.atomic
def state(case: Record, *, by: Actor, statement: str, file: File | None = None) -> Event:
    """The company's answer."""
    engine.check(RECORD, "state", case, by=by)
    text = said(statement, _("请写陈述申辩意见。"))[:2000]
    _save(case, statement=text)
    return engine.take(RECORD, "state", case, by=by, note=text, papers=_keep(case, "陈述申辩材料", file, by))


@transaction.atomic
def step_with_reason(case: Record, step: str, *, by: Actor, note: str) -> Event:
    return engine.take(RECORD, step, case, by=by, note=said(note, _("请写明理由，对方看得到。")))


def refuse(case: Record, *, by: Actor, note: str) -> Event:
    """It is not recorded."""
    return step_with_reason(case, "refuse", by=by, note=note)


@RECORD.by_time("count")
@transaction.atomic
def count(case: Record) -> Event:
    """Publicity is over: the fact counts, of the day of its paper. A relapse within the months after a repair counts twice, and what was
    repaired counts again.
    """
    event = engine.by_clock(RECORD, "count", case)
    one = credit.line(case.line)
    doubled = not case.is_good and _restore(case)
    fact = ledger.announce(
        one["kind"], case.company.key, occurred_on=case.issued_on, quantity="2" if doubled else "1", by=THE_CLOCK.key, trust="authority_document",
        also_counts_for=[case.project.key] if case.project else [], valid_until=case.expires_on, source=RECORD.key(case),
        note=f"{case.paper_authority} {case.paper_number}"[:300],
    )  # fmt: skip
    _save(case, effective_on=today(), fact_id=fact.id)
    return event


def _restore(case: Record) -> bool:
    """Whether the same was repaired within the last months; then that repair is undone."""
    since = add_months(today(), -queries.term("credit.relapse"))
    rows = Record.objects.filter(
        company=case.company_id, line=case.line, state=S.REPAIRED, repaired_on__gt=since
    ).exclude(pk=case.pk)
    found = list(rows)
    for one in found:
        fact = Fact.objects.filter(pk=one.repair_fact_id).first()
        if fact is not None:
            ledger.withdraw(fact, by=THE_CLOCK.key, reason=RELAPSE)
            _save(one, repair_fact_id="")
    return bool(found)


@transaction.atomic
def object_to(case: Record, *, by: Actor, note: str) -> Event:
    """The company says it is wrong; it goes on counting and is marked so."""
    engine.check(RECORD, "object", case, by=by)
    text = said(note, _("请写哪里不对、有什么证据。"))[:600]
    event = engine.take(RECORD, "object", case, by=by, note=text)
    _save(case, objection=text, objected_on=today())
    return event


def _answer(case: Record, by: Actor, why: str) -> dict[str, str]:
    return issued(papers.write_record(ANSWER, case, by=by, objection=case.objection, why=why))


@transaction.atomic
def reject(case: Record, *, by: Actor, note: str) -> Event:
    """The objection does not hold."""
    engine.check(RECORD, "reject", case, by=by)
    why = said(note, _("请写异议为什么不成立。"))
    event = engine.take(RECORD, "reject", case, by=by, note=why, papers=_answer(case, by, why))
    deadlines.end(RECORD, case, "objection")
    _save(case, objection="")
    return event


@transaction.atomic
def correct(case: Record, *, by: Actor, note: str) -> Event:
    """The objection holds: the fact is withdrawn, and scores computed again no longer have it."""
    engine.check(RECORD, "correct", case, by=by)
    why = said(note, _("请写更正了什么。"))
    event = engine.take(RECORD, "correct", case, by=by, note=why, papers=_answer(case, by, why))
    fact = Fact.objects.filter(pk=case.fact_id).first()
    if fact is not None:
        ledger.withdraw(fact, by=by.key, reason=why[:300])
    _save(case, objection="")
    return event


@transaction.atomic
def ask_repair(case: Record, *, by: Actor, note: str, hours: int = 0, file: File | None = None) -> Event:
    """Put right, performed, promised in public: the company asks for repair."""
    engine.check(RECORD, "ask_repair", case, by=by)
    how = said(note, _("请写怎样改正的。"))
    given = _keep(case, PROMISE, file, by, _("请放上信用承诺书和整改证明。"))
    paper = papers.write_record(REPAIR, case, by=by, mended=how, hours=str(hours or ""), promise=PROMISE)
    event = engine.take(RECORD, "ask_repair", case, by=by, note=how, papers=given | issued(paper))
    _save(case, repair_asked_on=today())
    return event


@transaction.atomic
def repair(case: Record, *, by: Actor, note: str) -> Event:
    """Granted: no longer shown, shared or counted. What happened stays on record."""
    engine.check(RECORD, "repair", case, by=by)
    why = said(note, _("请写核实了什么。"))
    paper = papers.write_record(RESULT, case, by=by, why=why, effect=EFFECT)
    event = engine.take(RECORD, "repair", case, by=by, note=why, papers=issued(paper))
    counted = Fact.objects.get(pk=case.fact_id)
    fact = ledger.announce(
        f"{facts.REPAIRED.code}.{case.line}", case.company.key, occurred_on=case.issued_on, quantity=counted.amount, by=by.key,
        source=f"{RECORD.key(case)}/repaired", note=why[:300],
    )  # fmt: skip
    _save(case, repaired_on=today(), repair_fact_id=fact.id)
    return event


@transaction.atomic
def deny(case: Record, *, by: Actor, note: str) -> Event:
    """Not yet: it may be asked for again."""
    event = step_with_reason(case, "deny", by=by, note=note)
    deadlines.end(RECORD, case, "repair")
    _save(case, repair_asked_on=None)
    return event


@transaction.atomic
def perform(case: Record, *, by: Actor, note: str) -> Event:
    """What was owed has been paid or done."""
    event = step_with_reason(case, "perform", by=by, note=note)
    _save(case, duties_open=False)
    return event


def confirm(case: Record, *, by: Actor, note: str = "") -> Event:
    """A second person of the authority has read paper and answer."""
    return engine.take(RECORD, "confirm", case, by=by, note=note)
