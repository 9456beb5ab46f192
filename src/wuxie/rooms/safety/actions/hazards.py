"""The verbs of a hazard that is known: handed out, made safe, mended, checked, closed, reopened."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.clock import days
from wuxie.kernel.clock.now import today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.queries import not_replaced
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.parties import journal
from wuxie.kernel.parties.models import Person
from wuxie.kernel.workflow import deadlines, engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.desk import set_turns
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import facts, hazard_papers, queries, rules
from ..models import Hazard
from ..words import Level
from ..workflow import AFTER, BEFORE, CLEARS, HAZARD, INTERIM, lacking, report_due
from . import reporting

S, Source = Hazard.State, Hazard.Source
YOURS = Sentence(gettext_noop("派给您的隐患：%(what)s"))
UNREPORTED = Sentence(gettext_noop("重大隐患没有按时报告：%(what)s"))
STILL_THERE = Sentence(gettext_noop("逾期 %(n)s 日没有改好"))
REOPENED = Sentence(gettext_noop("隐患 %(number)s 重开"))


@transaction.atomic
def assign(
    hazard: Hazard, *, by: Actor, fixer: Person, hazard_code: str = "", worse: bool = False, barriers: int = 0,
    interim: str = "", note: str = "",
) -> Event:  # fmt: skip
    """Say what it is if a stranger reported it, how bad, and who mends it; the order is written."""
    engine.check(HAZARD, "assign", hazard, by=by)
    if fixer.pk not in queries.workers(hazard.project):
        raise Refusal("guard", _("整改人要在这个项目有岗位。请先在岗位里登记。"))
    code = hazard_code or hazard.code
    if not code:
        raise Refusal("guard", _("请先从目录里选是哪一种隐患。"))
    was_major, spec = hazard.is_major, reporting.spec_of(hazard.library, code)
    hazard.interim, hazard.barriers = interim.strip()[:200], max(barriers, hazard.barriers)
    if code != hazard.code:
        reporting.grade(hazard, spec, worse)
    elif not was_major:
        hazard.level, hazard.why_level = reporting.level_of(hazard, spec, worse)
    hazard.interim, hazard.fixer = hazard.interim or spec.interim, fixer
    hazard.save()
    if hazard.source == Source.PUBLIC:
        reporting.count(hazard, by)
    order = hazard_papers.write("隐患整改通知书", hazard, by=by, text=note, basis=spec.basis)
    event = engine.take(HAZARD, "assign", hazard, by=by, note=note, papers={order.label: f"document:{order.pk}"})
    tell([fixer], YOURS(what=hazard.label), f"{hazard.project.estate.name} · {hazard.place}",
         link=hazard.get_absolute_url(), key=f"hazard:{hazard.pk}:assigned:{hazard.version}", urgent=hazard.is_major)  # fmt: skip
    if hazard.is_major and not was_major:
        reporting.warn_of_major(hazard)
    return event


@transaction.atomic
def dismiss(hazard: Hazard, *, by: Actor, reason: str) -> Event:
    """A stranger's report that is no hazard; the reason is read by whoever has the receipt."""
    return engine.take(HAZARD, "dismiss", hazard, by=by, note=said(reason, _("请写明到现场看到了什么。")))


@transaction.atomic
def control(
    hazard: Hazard,
    *,
    by: Actor,
    interim: str,
    photo: tuple[str, bytes] | None = None,
    notice: bool = False,
    phone: str = "",
) -> Event:
    """Say what keeps people safe meanwhile, with a photo (a major one must), and print a notice for the spot if wanted."""
    engine.check(HAZARD, "control", hazard, by=by)
    if hazard.is_major and photo is None:
        raise Refusal("guard", _("重大隐患的临时措施要有现场照片。"))
    hazard.interim = said(interim, _("请写采取了什么临时措施。"))[:200]
    hazard.save(update_fields=["interim"])
    papers = {INTERIM: reporting.file(hazard, INTERIM, *photo, by)} if photo else {}
    if notice:
        made = hazard_papers.write("临时管控告示", hazard, by=by, phone=phone)
        papers[made.label] = f"document:{made.pk}"
    return engine.take(HAZARD, "control", hazard, by=by, note=hazard.interim, papers=papers)


@transaction.atomic
def report_major(hazard: Hazard, *, by: Actor, authority: str, receipt: str = "", text: str = "") -> Event:
    """Tell the authority of a major hazard; its receipt now, or as soon as there is one."""
    step = "report_major" if hazard.state == S.CONTROLLED else "report_late"
    engine.check(HAZARD, step, hazard, by=by)
    hazard.authority, hazard.authority_receipt = said(authority, _("请写报给哪个部门。"))[:80], receipt.strip()[:60]
    paper = hazard_papers.write("重大隐患报告书", hazard, by=by, text=text)
    event = engine.take(HAZARD, step, hazard, by=by, note=text, papers={paper.label: f"document:{paper.pk}"})
    hazard.reported_on = today()  # now: the step asks that nobody has told the authority yet
    hazard.save(update_fields=["authority", "authority_receipt", "reported_on"])
    deadlines.end(HAZARD, hazard, report_due.name)
    _cure_unreported(hazard, by)
    set_turns(HAZARD, hazard)
    close_if_done(hazard)
    return event


def _cure_unreported(hazard: Hazard, by: Actor) -> None:
    """What was left unreported is reported now: the fact ends when the months for which it bars are over."""
    fact = _standing(hazard, facts.UNREPORTED.code)
    if fact is not None:
        until = days.add(today(), facts.UNREPORTED.bars_months or 0, "month", calendar()).on
        ledger.supersede(fact, by=by.key, reason=gettext_noop("已补报主管部门"), valid_until=until)


def _standing(hazard: Hazard, kind: str) -> Fact | None:
    """The fact of this kind about this hazard that was neither corrected nor withdrawn."""
    rows = Fact.objects.filter(subject=hazard.project.key, kind=kind, source__startswith=f"{HAZARD.key(hazard)}/")
    return not_replaced(rows).order_by("-pk").first()


@transaction.atomic
def note_receipt(hazard: Hazard, *, by: Actor, receipt: str) -> Event:
    """The authority's receipt has come."""
    engine.check(HAZARD, "note_receipt", hazard, by=by)
    receipt = said(receipt, _("请写主管部门的回执号。"))[:60]
    event = engine.take(HAZARD, "note_receipt", hazard, by=by, note=receipt)
    hazard.authority_receipt = receipt
    hazard.save(update_fields=["authority_receipt"])
    close_if_done(hazard)
    return event


@transaction.atomic
def start(hazard: Hazard, *, by: Actor, note: str = "", **clears: str) -> Event:
    """Begin to mend it; for a major one with the five that have to be settled."""
    engine.check(HAZARD, "start", hazard, by=by)
    hazard.clears = {name: clears[name].strip()[:200] for name in CLEARS if clears.get(name, "").strip()}
    if missing := lacking(hazard):  # asked here, since they are written with this very step
        raise Refusal("guard", _("重大隐患要五落实，还缺：%(what)s。") % {"what": "、".join(missing)})
    hazard.save(update_fields=["clears"])
    return engine.take(HAZARD, "start", hazard, by=by, note=note, **hazard.clears)


@transaction.atomic
def extend(hazard: Hazard, *, by: Actor, until: datetime.date, control: str, reason: str) -> Event:
    """More time, once, no longer than the first period, with what is done more meanwhile."""
    engine.check(HAZARD, "extend", hazard, by=by)
    due, first = hazard.due_on or today(), hazard.first_due_on or today()
    latest = due + (first - hazard.found_on)
    if not due < until <= latest:
        raise Refusal(
            "guard",
            _("只能延到 %(first)s 以后、%(last)s 以前（不超过原期限那么长）。") % {"first": due, "last": latest},
        )
    control, reason = said(control, _("延期要写明增加什么管控。"))[:200], said(reason, _("请写为什么要延期。"))
    hazard.due_on = until
    event = engine.take(HAZARD, "extend", hazard, by=by, note=reason, until=str(until), control=control)
    hazard.added_control = control
    hazard.save(update_fields=["added_control", "due_on"])
    return event


@transaction.atomic
def fix(
    hazard: Hazard, *, by: Actor, remedy: str, photo: tuple[str, bytes], before: tuple[str, bytes] | None = None
) -> Event:
    """It is mended: how, with the photos before and after."""
    engine.check(HAZARD, "fix", hazard, by=by)
    hazard.remedy, hazard.fixed_by, hazard.fixed_on = said(remedy, _("请写怎样改的。"))[:400], by.key, today()
    hazard.verified_by = ""
    hazard.save(update_fields=["remedy", "fixed_by", "fixed_on", "verified_by"])
    papers = {AFTER: reporting.file(hazard, AFTER, *photo, by)}
    if before is not None:
        papers[BEFORE] = reporting.file(hazard, BEFORE, *before, by)
    return engine.take(HAZARD, "fix", hazard, by=by, note=hazard.remedy, papers=papers)


@transaction.atomic
def verify(hazard: Hazard, *, by: Actor, note: str) -> Event:
    """Somebody else looked and it is gone; it is closed unless the authority's receipt is still wanting."""
    engine.check(HAZARD, "verify", hazard, by=by)
    note = said(note, _("请写到现场看到了什么。"))
    hazard.verified_by = by.key
    hazard.save(update_fields=["verified_by"])
    slip = hazard_papers.write("复核单", hazard, by=by, result="通过", text=note)
    event = engine.take(HAZARD, "verify", hazard, by=by, note=note, papers={slip.label: f"document:{slip.pk}"})
    close_if_done(hazard)
    return event


@transaction.atomic
def reject(hazard: Hazard, *, by: Actor, note: str) -> Event:
    """Somebody else looked and it is not gone: mended again, in the same time."""
    engine.check(HAZARD, "reject", hazard, by=by)
    note = said(note, _("请写哪里没有改好。"))
    slip = hazard_papers.write("复核单", hazard, by=by, result="退回", text=note)
    hazard.rework, hazard.fixed_on, hazard.fixed_by = hazard.rework + 1, None, ""
    hazard.save(update_fields=["rework", "fixed_on", "fixed_by"])
    return engine.take(HAZARD, "reject", hazard, by=by, note=note, papers={slip.label: f"document:{slip.pk}"})


def close_if_done(hazard: Hazard) -> None:
    """Close what was checked, as soon as nothing is wanting."""
    if hazard.state == S.VERIFIED and not any(one.missing(hazard) for one in HAZARD.steps["close"].needs):
        _close(hazard)


def _close(hazard: Hazard) -> None:
    hazard.closed_on = today()
    hazard.save(update_fields=["closed_on"])
    slip = hazard_papers.write("隐患销号单", hazard, by=THE_CLOCK)
    engine.by_clock(HAZARD, "close", hazard, papers={slip.label: f"document:{slip.pk}"})
    if not hazard.is_late:
        ledger.announce(
            facts.CLOSED_ON_TIME.code, hazard.project.key, occurred_on=today(), by=THE_CLOCK.key, note=hazard.label,
            source=f"{HAZARD.key(hazard)}/closed/{hazard.reopened}", attachments=_photos(hazard),
        )  # fmt: skip


def _photos(hazard: Hazard) -> tuple[str, ...]:
    rows = Attachment.objects.on(HAZARD.key(hazard)).filter(kind__in=(BEFORE, AFTER))
    return tuple(sorted(set(rows.values_list("sha256", flat=True))))


@transaction.atomic
def reopen(hazard: Hazard, *, by: Actor, reason: str) -> Event:
    """It is there again: what was counted as closed counts no more, and the days run anew."""
    engine.check(HAZARD, "reopen", hazard, by=by)
    reason = said(reason, _("请写看到了什么、在哪里。"))
    hazard.due_on = hazard.first_due_on = (
        days.add(today(), hazard.days, "day", calendar()).on if hazard.days else today()
    )
    hazard.added_control, hazard.fixed_by, hazard.verified_by, hazard.fixed_on, hazard.closed_on = (
        "",
        "",
        "",
        None,
        None,
    )
    hazard.save(
        update_fields=["due_on", "first_due_on", "added_control", "fixed_by", "verified_by", "fixed_on", "closed_on"]
    )
    event = engine.take(HAZARD, "reopen", hazard, by=by, note=reason)
    counted = _standing(hazard, facts.CLOSED_ON_TIME.code)
    if counted is not None:
        ledger.withdraw(counted, by=by.key, reason=REOPENED(number=hazard.receipt))
    return event


@HAZARD.by_time("upgrade")
@transaction.atomic
def upgrade(hazard: Hazard) -> Event | None:
    """A general hazard that is still there days after its day counts as a major one."""
    if hazard.is_major:
        return None
    hazard.level, hazard.why_level = Level.MAJOR, STILL_THERE(n=queries.term("hazard_upgrade"))
    hazard.save(update_fields=["level", "why_level"])
    event = engine.by_clock(HAZARD, "upgrade", hazard, note=hazard.why_level)
    reporting.warn_of_major(hazard)
    reporting.tell_all(hazard, rules.community, reporting.MAJOR(what=hazard.label), urgent=True)
    return event


@HAZARD.by_time("leave_unreported")
@transaction.atomic
def leave_unreported(hazard: Hazard) -> Event | None:
    """The hours are over and nobody told the authority. It bars only once a paper of the authority stands behind it."""
    if hazard.reported_on is not None:
        return None
    ledger.announce(
        facts.UNREPORTED.code, hazard.project.key, occurred_on=today(), by=THE_CLOCK.key, trust="association_verified",
        source=f"{HAZARD.key(hazard)}/unreported/{hazard.version}", note=hazard.label,
    )  # fmt: skip
    event = engine.by_clock(HAZARD, "leave_unreported", hazard)
    for who in (rules.principal, rules.community, rules.street, rules.district):
        reporting.tell_all(hazard, who, UNREPORTED(what=hazard.label), urgent=True)
    return event


@transaction.atomic
def post_notice(hazard: Hazard, *, by: Actor, phone: str = "") -> object:
    """One more notice for the spot."""
    may(rules.fixer, hazard, by, _("出临时管控告示"))
    if hazard.is_over or not hazard.interim:
        raise Refusal("state", _("先登记临时管控，再出告示；销号后不再出。"))
    made = hazard_papers.write("临时管控告示", hazard, by=by, phone=phone)
    engine.record(HAZARD, hazard, gettext_noop("出临时管控告示"), by=by, note=made.number)
    return made


@transaction.atomic
def read_contact(hazard: Hazard, *, by: Actor, reason: str) -> str:
    """How to reach a stranger who reported, for whoever hands it out; who read it and why stays on record."""
    may(rules.manager, hazard, by, _("查看反映人联系方式"))
    reason = said(reason, _("请写明为什么要看，例如：电话核实现场情况。"))
    engine.record(HAZARD, hazard, gettext_noop("查看了反映人联系方式"), by=by, note=reason, private=True)
    journal.write(
        "looked", HAZARD.key(hazard), by=by.key, source=HAZARD.key(hazard), details={"fields": "contact"},
        personal={"reason": reason},
    )  # fmt: skip
    return hazard.contact
