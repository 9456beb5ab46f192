"""The first verbs of a repair: danger reported, made safe, looked at; who has to pay for it."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.clock.now import local, now, today
from wuxie.kernel.facts import ledger
from wuxie.kernel.labels import kept
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Project

from .. import facts, law, queries, rules
from ..models import Repair
from ..words import PAID, Danger, Lane, Part
from ..workflow import GUARD_PHOTO, REPAIR, SURVEY
from .common import File, keep, picture, save

BEFORE = "现场照片"
OPEN, SAFE = gettext_noop("已立维修，还没有围护"), gettext_noop("已有维修，现场已围护")


@transaction.atomic
def report(
    project: Project,
    *,
    by: Actor,
    title: str,
    part: str,
    where: str,
    words: str,
    is_dangerous: bool,
    photo: File | None = None,
) -> Repair:
    """Something common is broken; where it may hurt somebody the two hours begin."""
    may(rules.reporter, project, by, _("报告维修"))
    if part not in Part.values:
        raise Refusal("guard", _("请选是哪个共用部位。"))
    case = Repair(
        project=project, title=said(title, _("请写维修事项的名称。"))[:60], part=part, where=said(where, _("请写在哪里。"))[:80],
        words=said(words, _("请写看到了什么。"))[:400], is_dangerous=is_dangerous, reported_by=by.key, place_code=project.estate.place_id,
    )  # fmt: skip
    engine.open_case(REPAIR, case, by=by)
    if photo is not None:
        picture(case, BEFORE, photo, by)
    return case


@transaction.atomic
def follow_hazard(project: Project, *, source: str, label: str, place: str, words: str) -> Repair | None:
    """A façade from which parts may fall was confirmed by another room: the danger-first step of a repair opens, once for each ``source``.

    One that is still at this step at the very same place is the same matter and is linked instead.
    """
    if Repair.objects.filter(source=source).exists():
        return None
    here = Repair.objects.filter(project=project, source="", is_dangerous=True, part=Part.FACADE, where=place[:80])
    case = here.filter(state__in=(Repair.State.REPORTED, Repair.State.GUARDED)).order_by("-pk").first()
    if case is None:
        case = Repair(
            project=project, title=label[:60], part=Part.FACADE, where=place[:80], words=words[:400], is_dangerous=True,
            reported_by=THE_CLOCK.key, place_code=project.estate.place_id, source=source,
        )  # fmt: skip
        engine.open_case(REPAIR, case, by=THE_CLOCK)
    else:
        save(case, source=source)
    is_safe = case.guarded_at is not None
    ledger.announce(
        facts.LINKED.code, project.key, occurred_on=today(), by=THE_CLOCK.key, source=f"{REPAIR.key(case)}/linked",
        note=SAFE if is_safe else OPEN, details=_told(case),
    )  # fmt: skip
    return case


def _told(case: Repair) -> dict[str, str]:
    """For the room whose case this is about."""
    return {"source": case.source, "case": REPAIR.key(case)} if case.source else {}


@transaction.atomic
def guard(case: Repair, *, by: Actor, photo: File | None, note: str = "") -> Event:
    """The place is fenced off, with a photo of it."""
    engine.check(REPAIR, "guard", case, by=by)
    if photo is None:
        raise Refusal("guard", _("请拍一张围护好的照片；没有照片不算围护。"))
    event = engine.take(
        REPAIR,
        "guard",
        case,
        by=by,
        note=note,
        papers=picture(case, GUARD_PHOTO, photo, by),
        fact={"details": _told(case)},
    )
    save(case, guarded_at=now())
    return event


def guarded_in_time(case: Repair) -> bool:
    """Whether it was made safe within the hours that a figure gives."""
    hours = datetime.timedelta(hours=queries.term("guard"))
    return case.guarded_at is not None and case.guarded_at - case.opened_at <= hours


@transaction.atomic
def check_guard(case: Repair, *, by: Actor, note: str = "") -> Event:
    """Somebody else than the company looked at it; of a façade that was guarded in time a standard reads it."""
    event = engine.take(REPAIR, "check_guard", case, by=by, note=note)
    save(case, guard_checked=True)
    if case.part == Part.FACADE and case.is_dangerous and guarded_in_time(case) and case.guarded_at:
        ledger.announce(
            facts.FACADE_GUARDED, case.project.key, occurred_on=local(case.guarded_at).date(), quantity="1", by=by.key,
            source=f"{REPAIR.key(case)}/guarded", note=case.title,
        )  # fmt: skip
    return event


@transaction.atomic
def appraise(case: Repair, *, by: Actor, appraiser: str, findings: str, file: File | None) -> Event:
    """A third party says what is broken and how badly; its paper is filed."""
    engine.check(REPAIR, "appraise", case, by=by)
    who, what = said(appraiser, _("请写谁查勘的。"))[:120], said(findings, _("请写查勘意见。"))[:600]
    papers = keep(case, SURVEY, file, by, _("请放上查勘或鉴定意见。"))
    event = engine.take(REPAIR, "appraise", case, by=by, note=what, papers=papers)
    save(case, appraiser=who, findings=what)
    return event


@transaction.atomic
def classify(case: Repair, *, by: Actor, danger: str = "", note: str = "", **answers: bool) -> Event:
    """Who pays, by the first question answered with yes; what was answered stays on record."""
    engine.check(REPAIR, "classify", case, by=by)
    if danger and danger not in Danger.values:
        raise Refusal("guard", _("应急只有六类险情，请从中选。"))
    given = {name: bool(answers.get(name)) for name, _lane, _article in law.QUESTIONS} | {"emergency": bool(danger)}
    lane, basis = law.classify(given)
    if lane in PAID and case.quotes.exists() and lane != case.lane:
        raise Refusal("guard", _("已经收了报价，不能改走别的路；报价拆封后重拟。"))
    save(case, lane=lane, basis=basis, answers=given, danger=danger if lane == Lane.EMERGENCY else "")
    label = kept(Lane(lane).label)
    return engine.take(
        REPAIR,
        "classify",
        case,
        by=by,
        note=note,
        lane=lane,
        basis=basis,
        answers=given,
        fact={"note": f"{label}（{basis}）"},
    )


@transaction.atomic
def refer(case: Repair, *, by: Actor, liable_party: str, note: str = "", file: File | None = None) -> Event:
    """The fund does not pay: somebody else repairs it."""
    engine.check(REPAIR, "refer", case, by=by)
    who = said(liable_party, _("请写由谁修。"))[:120]
    event = engine.take(
        REPAIR, "refer", case, by=by, note=note, papers=keep(case, "维修通知书", file, by), liable_party=who
    )
    save(case, liable_party=who)
    return event
