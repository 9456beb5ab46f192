"""The verbs of a permit: asked for, ticked, measured, allowed or refused, begun, stopped, ended, looked after."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.access.who import Who
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.papers.attached import names_on
from wuxie.kernel.parties.actions import find_or_add_person
from wuxie.kernel.parties.models import Person
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.desk import set_turns
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Project

from .. import permit_papers, permit_words, queries, work_queries, work_rules
from ..models import GasReading, Permit
from ..permit_workflow import AFTER, PAPER, PERMIT, SITE, SLIP

ASKED = Sentence(gettext_noop("申请作业票：%(what)s"))
BEYOND = Sentence(gettext_noop("气体超限：%(what)s"))
STOPPED = Sentence(gettext_noop("气体超限，作业已停：%(what)s"))
APPROVED = Sentence(gettext_noop("作业票已批准：%(what)s"))
REFUSED = Sentence(gettext_noop("作业票没有批准：%(what)s"))
EXPIRED = Sentence(gettext_noop("作业票过期没有开工：%(what)s"))

S, Kind = Permit.State, Permit.Kind
HOUR = datetime.timedelta(hours=1)


def longest(kind: str) -> int:
    """For how many hours a permit of this kind may run."""
    return queries.term(f"permit_{kind}_hours")


@transaction.atomic
def apply(
    project: Project, *, by: Actor, kind: str, work: str, place: str, starts_at: datetime.datetime, ends_at: datetime.datetime,
    guardian: Person, certificate: str, certificate_until: datetime.date, worker: Person | None = None, worker_name: str = "",
    worker_phone: str = "", contractor: str = "", wants_gas: bool = False,
) -> Permit:  # fmt: skip
    """Ask for a permit. A contractor's worker is named with phone and comes into the register of people, sealed."""
    may(work_rules.staff, project, by, _("申请作业票"))
    _check_hours(kind, starts_at, ends_at)
    if worker is None:
        contractor = said(contractor, _("外来作业人员要写是哪个单位的。"))
        if not worker_phone.strip():
            raise ValidationError({"worker_phone": _("请写外来作业人员的手机号。")})
        worker = find_or_add_person(by=by.key, name=worker_name, phone=worker_phone)
    if worker.pk == guardian.pk:
        raise ValidationError({"guardian": _("监护人不能是作业人自己，请另选一人。")})
    if guardian.pk not in queries.workers(project):
        raise ValidationError({"guardian": _("监护人要在这个项目有岗位。请先在岗位里登记。")})
    if certificate_until < today():
        raise ValidationError({"certificate_until": _("证书已经过期，请换持有效证的人。")})
    permit = Permit(
        project=project, kind=kind, work=said(work, _("请写做什么。"))[:200], place=said(place, _("请写在哪里。"))[:120],
        starts_at=starts_at, ends_at=ends_at, applicant=by.key, worker=worker, contractor=contractor.strip()[:120],
        certificate=said(certificate, _("请写证号；有限空间写培训记录编号。"))[:60], certificate_until=certificate_until,
        guardian=guardian, wants_gas=wants_gas or kind == Kind.CONFINED, place_code=project.estate.place_id,
    )  # fmt: skip
    _only_here(permit)
    engine.open_case(PERMIT, permit, by=by)
    tell_all(permit, work_rules.approver, ASKED(what=permit))
    return permit


def _check_hours(kind: str, starts_at: datetime.datetime, ends_at: datetime.datetime) -> None:
    if kind not in Kind.values:
        raise ValidationError({"kind": _("请选作业类别。")})
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("结束要晚于开始。")})
    if ends_at <= now():
        raise ValidationError({"ends_at": _("结束时间已经过了，请改成以后的时间。")})
    hours = longest(kind)
    if ends_at - starts_at > hours * HOUR:
        raise ValidationError({
            "ends_at": _("%(kind)s作业票最长 %(hours)s 小时。改短，或分几张票申请。") % {"kind": Kind(kind).label, "hours": hours}
        })  # fmt: skip


def _only_here(permit: Permit) -> None:
    """Refuse while worker or guardian stand on another permit of these hours; the two rows are locked meanwhile."""
    list(Person.objects.select_for_update().filter(pk__in=[permit.worker_id, permit.guardian_id]).order_by("pk"))
    other = work_queries.at_other_work(permit)
    if other is not None:
        name = work_queries.whose(permit, other)
        raise Refusal(
            "guard", _("%(who)s 同一时间在另一张票上，一个人不能同时在两处。请换人或改时间。") % {"who": name}
        )


@transaction.atomic
def measure(permit: Permit, *, by: Actor, measures: Collection[str], photo: tuple[str, bytes] | None = None) -> Event:
    """Tick what has been done on the spot, with a photo of it; ticks add up, each with who and when."""
    engine.check(PERMIT, "measure", permit, by=by)
    known = permit_words.measures_of(permit.kind)
    fresh = [code for code in measures if code in known and code not in permit.measures]
    if not fresh and photo is None:
        raise Refusal("guard", _("没有新勾的措施，也没有照片。"))
    if fresh and photo is None and SITE not in names_on(PERMIT.key(permit)):
        raise Refusal("guard", _("先拍一张现场照片，再确认措施。"))
    papers = {SITE: file(permit, SITE, *photo, by)} if photo else {}
    note = "；".join(str(known[code]) for code in fresh)
    event = engine.take(PERMIT, "measure", permit, by=by, note=note, papers=papers)
    permit.measures |= {code: {"by": by.name, "at": now().isoformat()} for code in fresh}
    permit.save(update_fields=["measures"])
    set_turns(PERMIT, permit)  # now: a step that waited for the last measure may be open
    return event


@transaction.atomic
def gas(permit: Permit, *, by: Actor, **values: int) -> Event:
    """Write down what the meter says, in hundredths; beyond a limit while people work, the work stops at once."""
    engine.check(PERMIT, "gas", permit, by=by)
    given = {one.code: values[one.code] for one in permit_words.GASES}
    wrong = permit_words.beyond(given, today())
    GasReading.objects.create(permit=permit, taken_at=now(), values=given, beyond=wrong, by=by.key, by_name=by.name)
    event = engine.take(PERMIT, "gas", permit, by=by, note="；".join(wrong) or gettext_noop("合格"))
    if wrong and permit.state == S.STARTED:
        suspend(permit, by=by, reason=BEYOND(what="；".join(wrong)))
        tell_all(permit, work_rules.manager, STOPPED(what=permit), urgent=True)
    return event


@transaction.atomic
def approve(permit: Permit, *, by: Actor, note: str = "") -> Event:
    """Allow it, after a look at the place; the permit is printed to hang there."""
    engine.check(PERMIT, "approve", permit, by=by)
    _only_here(permit)
    permit.approved_by, permit.approved_at = by.key, now()
    permit.save(update_fields=["approved_by", "approved_at"])
    paper = permit_papers.write(PAPER, permit, by=by, text=note)
    permit.number = paper.number
    permit.save(update_fields=["number"])
    event = engine.take(PERMIT, "approve", permit, by=by, note=note, papers={PAPER: f"document:{paper.pk}"})
    tell_all(permit, work_rules.crew, APPROVED(what=permit))
    return event


@transaction.atomic
def refuse(permit: Permit, *, by: Actor, reason: str) -> Event:
    """Say no, with what is wanting."""
    event = engine.take(PERMIT, "refuse", permit, by=by, note=said(reason, _("请写差什么。")))
    tell_all(permit, work_rules.crew, REFUSED(what=permit))
    return event


@transaction.atomic
def start(permit: Permit, *, by: Actor, note: str = "") -> Event:
    """Begin, within the hours of the permit."""
    engine.check(PERMIT, "start", permit, by=by)
    _only_here(permit)
    permit.started_at = now()
    permit.save(update_fields=["started_at"])
    try:
        with transaction.atomic():
            return engine.take(PERMIT, "start", permit, by=by, note=note)
    except IntegrityError:
        raise Refusal("guard", _("作业人还有一张票没有完工，先把那张办完。")) from None


@transaction.atomic
def suspend(permit: Permit, *, by: Actor, reason: str) -> Event:
    """Stop, because something is not as it should be."""
    return engine.take(PERMIT, "suspend", permit, by=by, note=said(reason, _("请写看到了什么不对。")))


@transaction.atomic
def resume(permit: Permit, *, by: Actor, note: str) -> Event:
    """Go on, once what stopped it is gone."""
    return engine.take(PERMIT, "resume", permit, by=by, note=said(note, _("请写停下来的原因怎样消除的。")))


@transaction.atomic
def finish(permit: Permit, *, by: Actor, note: str = "") -> Event:
    """People and tools are out; of hot work the watch begins."""
    engine.check(PERMIT, "finish", permit, by=by)
    permit.finished_at = now()
    permit.save(update_fields=["finished_at"])
    return engine.take(PERMIT, "finish", permit, by=by, note=note)


@transaction.atomic
def check(permit: Permit, *, by: Actor, photo: tuple[str, bytes], note: str) -> Event:
    """Somebody looked at the place after the end (and the watch)."""
    engine.check(PERMIT, "check", permit, by=by)
    permit.checked_by = by.key
    permit.save(update_fields=["checked_by"])
    papers = {AFTER: file(permit, AFTER, *photo, by)}
    return engine.take(PERMIT, "check", permit, by=by, note=said(note, _("请写到现场看到了什么。")), papers=papers)


@transaction.atomic
def close(permit: Permit, *, by: Actor, note: str = "") -> Event:
    """Somebody else signs it off; the slip is written."""
    engine.check(PERMIT, "close", permit, by=by)
    slip = permit_papers.write(SLIP, permit, by=by, text=note)
    return engine.take(PERMIT, "close", permit, by=by, note=note, papers={SLIP: f"document:{slip.pk}"})


@transaction.atomic
def cancel(permit: Permit, *, by: Actor, reason: str) -> Event:
    """It is not going to be done."""
    return engine.take(PERMIT, "cancel", permit, by=by, note=said(reason, _("请写为什么不做了。")))


@PERMIT.by_time("expire")
@transaction.atomic
def expire(permit: Permit) -> Event:
    """Its hours are over and nobody has begun."""
    event = engine.by_clock(PERMIT, "expire", permit)
    tell_all(permit, work_rules.crew, EXPIRED(what=permit))
    return event


def file(permit: Permit, kind: str, name: str, content: bytes, by: Actor) -> str:
    """Put one picture into the case; the reference to it."""
    return filing.picture(PERMIT.key(permit), content, name, kind=kind, by=by.key)


def tell_all(permit: Permit, who: Who, title: str, *, urgent: bool = False) -> None:
    people = who.people(permit)
    body = f"{permit.project.estate.name} · {permit.place}"
    key = f"permit:{permit.pk}:{permit.version}:{title}"[:120]
    tell(people, title, body, link=permit.get_absolute_url(), key=key, urgent=urgent)


def ticked(permit: Permit) -> list[tuple[str, Mapping[str, Any] | None]]:
    """Each measure with who ticked it when, or nothing."""
    return [(str(label), permit.measures.get(code)) for code, label in permit_words.measures_of(permit.kind).items()]
