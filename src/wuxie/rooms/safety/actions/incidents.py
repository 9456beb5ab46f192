"""The verbs of an incident: taken down, graded, told, kept, looked into, mended, verified, judged by the authority."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.access.who import Who
from wuxie.kernel.clock import days
from wuxie.kernel.clock.now import local, now, today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.facts import kinds, ledger
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell as send
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.parties.actions import find_or_add_person
from wuxie.kernel.parties.models import Person
from wuxie.kernel.workflow import deadlines, engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.desk import set_turns
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Project

from .. import incident_law, incident_papers, queries, work_facts, work_rules
from ..incident_workflow import DONE, FINDING, FLASH, INCIDENT, REPORT, SITE, tell_due
from ..models import Incident, Injured
from ..words import Event as Happening
from . import occurrences

HAPPENED = Sentence(gettext_noop("事故险情：%(what)s"))
GRADED = Sentence(gettext_noop("事故定级，%(grade)s：%(what)s"))
UNTOLD = Sentence(gettext_noop("事故没有按时报告：%(what)s"))

S, Grade = Incident.State, Incident.Grade
#: The figures of loss are written in ten thousands of yuan.
CENTS_OF_TEN_THOUSAND = 10_000 * 100


@transaction.atomic
def report(
    project: Project, *, by: Actor, kind: str, place: str, words: str, happened_at: datetime.datetime,
    photos: Sequence[tuple[str, bytes]] = (),
) -> Incident:  # fmt: skip
    """Take it down; whoever answers for the company's safety hears of it at once, and the hour begins."""
    may(work_rules.staff, project, by, _("上报事故险情"))
    if happened_at > now():
        raise ValidationError({"happened_at": _("发生时间在将来，请改正。")})
    if local(happened_at).date() < project.starts_on:
        raise ValidationError({"happened_at": _("这时企业还没有接管这个小区。")})
    incident = Incident(
        project=project, kind=kind, place=said(place, _("请写在哪里。"))[:120], words=said(words, _("请写发生了什么。"))[:1000],
        happened_at=happened_at, reported_by=by.key, place_code=project.estate.place_id,
    )  # fmt: skip
    engine.open_case(INCIDENT, incident, by=by)
    for name, content in photos:
        file(incident, SITE, name, content, by)
    for who in (work_rules.manager, work_rules.principal):
        tell_all(incident, who, HAPPENED(what=incident), urgent=True)
    occurrences.happen(project, Happening.ACCIDENT, by=by, words=str(incident))
    return incident


def lines() -> dict[str, incident_law.Lines]:
    """The lines between the grades as they are in force today; the loss of the figures is in ten thousands of yuan."""
    return {
        name: incident_law.Lines(
            queries.term(f"incident_{name}_deaths"), queries.term(f"incident_{name}_injured"),
            queries.term(f"incident_{name}_loss") * CENTS_OF_TEN_THOUSAND,
        )
        for name in incident_law.WORST_FIRST
    }  # fmt: skip


def _count(incident: Incident, deaths: int, injured: int, slight: int, loss: int) -> None:
    """Numbers and the grade that follows from them; nobody hurt and nothing lost is a close call."""
    incident.deaths, incident.injured, incident.slight, incident.loss = deaths, injured, slight, loss
    near = not (deaths or injured or slight or loss)
    incident.grade = Grade.NEAR if near else incident_law.grade(deaths, injured, loss, lines())
    incident.save(update_fields=["deaths", "injured", "slight", "loss", "grade"])


def _numbers(incident: Incident) -> str:
    return _("%(grade)s：死亡 %(deaths)s、重伤 %(injured)s、轻伤 %(slight)s") % {
        "grade": Grade(incident.grade).label, "deaths": incident.deaths, "injured": incident.injured, "slight": incident.slight,
    }  # fmt: skip


@transaction.atomic
def grade(incident: Incident, *, by: Actor, deaths: int, injured: int, slight: int, loss: int) -> Event:
    """How bad it is by what is known now; a close call need not be told to the authority."""
    engine.check(INCIDENT, "grade", incident, by=by)
    _count(incident, deaths, injured, slight, loss)
    event = engine.take(INCIDENT, "grade", incident, by=by, note=_numbers(incident))
    if not incident.is_reportable:
        deadlines.end(INCIDENT, incident, tell_due.name)
        set_turns(INCIDENT, incident)
    _warn_if_major(incident)
    return event


def _warn_if_major(incident: Incident) -> None:
    if incident.is_major:
        for who in (work_rules.street, work_rules.district):
            tell_all(
                incident,
                who,
                GRADED(grade=Grade(incident.grade).label, what=incident),
                urgent=True,
            )


@transaction.atomic
def tell(incident: Incident, *, by: Actor, authority: str, receipt: str = "", text: str = "") -> Event:
    """Tell the authority, with the flash report; its receipt now, or as soon as there is one."""
    engine.check(INCIDENT, "tell", incident, by=by)
    incident.authority, incident.authority_receipt = said(authority, _("请写报给哪个部门。"))[:80], receipt.strip()[:60]
    incident.told_at = now()
    incident.save(update_fields=["authority", "authority_receipt", "told_at"])
    paper = incident_papers.write(FLASH, incident, by=by, text=text)
    return engine.take(
        INCIDENT, "tell", incident, by=by, note=incident.authority, papers={FLASH: f"document:{paper.pk}"}
    )


@transaction.atomic
def note_receipt(incident: Incident, *, by: Actor, receipt: str) -> Event:
    """The authority's receipt has come."""
    engine.check(INCIDENT, "note_receipt", incident, by=by)
    receipt = said(receipt, _("请写主管部门的回执号。"))[:60]
    event = engine.take(INCIDENT, "note_receipt", incident, by=by, note=receipt)
    incident.authority_receipt = receipt
    incident.save(update_fields=["authority_receipt"])
    return event


@transaction.atomic
def keep_site(incident: Incident, *, by: Actor, words: str, photo: tuple[str, bytes]) -> Event:
    """How the place is kept as it was, with a photo."""
    engine.check(INCIDENT, "keep_site", incident, by=by)
    incident.site_kept = said(words, _("请写现场怎样保护。"))[:200]
    incident.save(update_fields=["site_kept"])
    papers = {SITE: file(incident, SITE, *photo, by)}
    return engine.take(INCIDENT, "keep_site", incident, by=by, note=incident.site_kept, papers=papers)


@transaction.atomic
def supplement(
    incident: Incident, *, by: Actor, deaths: int, injured: int, slight: int, loss: int, note: str = ""
) -> Event:
    """The numbers have changed within the days of the law; the grade follows."""
    engine.check(INCIDENT, "supplement", incident, by=by)
    if incident.told_at is not None and not (deaths or injured or slight or loss):
        raise Refusal("guard", _("已经报过主管部门的，不能改成险情。数字写错的，写明更正后的数。"))
    if incident.told_at is None and (deaths or injured or slight or loss):
        raise Refusal("guard", _("这件按险情办到现在，没有报过主管部门。请另上报一件事故，先报告。"))
    _count(incident, deaths, injured, slight, loss)
    event = engine.take(INCIDENT, "supplement", incident, by=by, note=f"{_numbers(incident)} {note}".strip())
    _warn_if_major(incident)
    return event


@transaction.atomic
def add_injured(incident: Incident, *, by: Actor, name: str, phone: str, hurt: str) -> Injured:
    """Whom it hurt: sealed at once, masked on every page, in plain only for a reason on record."""
    may(work_rules.teller, incident, by, _("登记伤亡人员"))
    if incident.state == S.CLOSED:
        raise Refusal("state", _("已经结案，不能再登记。"))
    person: Person = find_or_add_person(by=by.key, name=name, phone=phone)
    if incident.people.filter(person=person).exists():
        raise Refusal("guard", _("这个人已经登记过。"))
    made = Injured.objects.create(incident=incident, person=person, hurt=hurt)
    engine.record(INCIDENT, incident, gettext_noop("登记伤亡人员"), by=by, note=str(Injured.Hurt(hurt).label))
    return made


@transaction.atomic
def investigate(incident: Incident, *, by: Actor, note: str = "") -> Event:
    """Begin to look into it."""
    return engine.take(INCIDENT, "investigate", incident, by=by, note=note)


@transaction.atomic
def decide(incident: Incident, *, by: Actor, cause: str, measures: str, mender: Person, due_on: datetime.date) -> Event:
    """Why it happened, what is changed by whom until when; the report is written and the duty list asked for anew."""
    engine.check(INCIDENT, "decide", incident, by=by)
    if due_on < today():
        raise ValidationError({"due_on": _("整改期限要在今天或以后。")})
    if mender.pk not in queries.workers(incident.project):
        raise ValidationError({"mender": _("整改人要在这个项目有岗位。")})
    incident.cause, incident.measures = said(cause, _("请写原因。"))[:400], said(measures, _("请写措施。"))[:400]
    incident.mender, incident.due_on, incident.investigated_by = mender, due_on, by.key
    incident.save(update_fields=["cause", "measures", "mender", "due_on", "investigated_by"])
    paper = incident_papers.write(REPORT, incident, by=by)
    return engine.take(
        INCIDENT, "decide", incident, by=by, note=incident.cause, papers={REPORT: f"document:{paper.pk}"}
    )


@transaction.atomic
def done(incident: Incident, *, by: Actor, words: str, photo: tuple[str, bytes]) -> Event:
    """What was to be changed has been changed."""
    engine.check(INCIDENT, "done", incident, by=by)
    incident.done, incident.done_by, incident.verified_by = said(words, _("请写做了什么。"))[:400], by.key, ""
    incident.save(update_fields=["done", "done_by", "verified_by"])
    papers = {DONE: file(incident, DONE, *photo, by)}
    return engine.take(INCIDENT, "done", incident, by=by, note=incident.done, papers=papers)


@transaction.atomic
def verify(incident: Incident, *, by: Actor, note: str) -> Event:
    """Somebody else looked; the case is closed and stays on record for good."""
    engine.check(INCIDENT, "verify", incident, by=by)
    incident.verified_by, incident.closed_on = by.key, today()
    incident.save(update_fields=["verified_by", "closed_on"])
    return engine.take(INCIDENT, "verify", incident, by=by, note=said(note, _("请写到现场看到了什么。")))


@transaction.atomic
def reject(incident: Incident, *, by: Actor, note: str) -> Event:
    """Somebody else looked and it is not done."""
    engine.check(INCIDENT, "reject", incident, by=by)
    incident.done_by = ""
    incident.save(update_fields=["done_by"])
    return engine.take(INCIDENT, "reject", incident, by=by, note=said(note, _("请写哪里没有做到。")))


@transaction.atomic
def judge(incident: Incident, *, by: Actor, liable: bool, number: str, paper: tuple[str, bytes]) -> Event:
    """The authority registers its finding with its paper; a fatal or larger accident with liability bars a star for its months."""
    engine.check(INCIDENT, "judge", incident, by=by)
    number = said(number, _("请写认定文书号。"))[:60]
    name, content = paper
    kept = filing.attach(INCIDENT.key(incident), content, name, kind=FINDING, by=by.key)
    event = engine.take(INCIDENT, "judge", incident, by=by, note=number, papers={FINDING: f"attachment:{kept.pk}"})
    # Only now: the step asks that nobody has judged yet.
    incident.judged, incident.judgement = "liable" if liable else "free", number
    incident.save(update_fields=["judged", "judgement"])
    variant = _variant(incident)
    if liable and variant:
        code = f"{work_facts.ACCIDENT_LIABLE}.{variant}"
        happened = local(incident.happened_at).date()
        until = days.add(happened, kinds.get(code).bars_months or 0, "month", calendar()).on
        ledger.announce(
            code, incident.project.key, occurred_on=happened, by=by.key, trust="authority_document", valid_until=until,
            source=f"{INCIDENT.key(incident)}/judged", note=incident.judgement, attachments=(kept.sha256,),
        )  # fmt: skip
    return event


def _variant(incident: Incident) -> str:
    """What the catalogue calls it: larger and worse ones, else those with a death, else nothing."""
    if incident.grade in (Grade.LARGER, Grade.MAJOR, Grade.GRAVE):
        return "major"
    return "fatal" if incident.deaths else ""


@INCIDENT.by_time("leave_untold")
@transaction.atomic
def leave_untold(incident: Incident) -> Event | None:
    """The hour is over and the authority has not been told; everybody who has to know hears of it."""
    if incident.told_at is not None:
        return None
    incident.report_missed = True
    incident.save(update_fields=["report_missed"])
    event = engine.by_clock(INCIDENT, "leave_untold", incident)
    for who in (work_rules.principal, work_rules.community, work_rules.street, work_rules.district):
        tell_all(incident, who, UNTOLD(what=incident), urgent=True)
    return event


def file(incident: Incident, kind: str, name: str, content: bytes, by: Actor) -> str:
    """Put one picture into the case; the reference to it."""
    return filing.picture(INCIDENT.key(incident), content, name, kind=kind, by=by.key)


def tell_all(incident: Incident, who: Who, title: str, *, urgent: bool = False) -> None:
    people = who.people(incident)
    body = f"{incident.project.estate.name} · {incident.place}"
    key = f"incident:{incident.pk}:{title}"[:120]
    send(people, title, body, link=incident.get_absolute_url(), key=key, urgent=urgent)
