"""The verbs of drills: laid down as the law asks, announced, held, judged, closed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.facts import ledger
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.parties.models import Person
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Project

from .. import drill_law, drill_papers, queries, work_facts, work_rules
from ..drill_workflow import DRILL, PAPER, PHOTO
from ..models import Drill, DutyList, Hazard
from ..words import Equipment
from . import reporting

Form, Kind = Drill.Form, Drill.Kind
#: What the law asks for: form, usual subject, the figure with the months of a part, the equipment that makes it due.
ASKED = (
    (Form.FULL, Kind.FLOOD, "drill", ""),
    (Form.SITE, Kind.FIRE, "fire_drill", ""),
    (Form.RESCUE, Kind.LIFT, "lift_drill", Equipment.LIFT),
)
#: So many are laid down at a time: the first run of a year has thousands to write.
AT_ONCE = 200


def lay_down(day: datetime.date, most: int = AT_ONCE) -> int:
    """The drills of the running parts of the year for projects with a list in force; those that are there stay as they are."""
    made = 0
    for form, kind, name, equipment in ASKED:
        first, last = drill_law.part_of(day, queries.term(name))
        there = Drill.objects.filter(form=form, period_from=first).values("project")
        rows = DutyList.objects.on(day).filter(project__in=Project.objects.on(day).values("pk"))
        for row in rows.exclude(project__in=there).select_related("project__estate").order_by("project"):
            if made >= most:
                return made
            if equipment and not row.equipment.get(equipment):
                continue
            made += _lay(row.project, form, kind, first, last)
    return made


def _lay(project: Project, form: str, kind: str, first: datetime.date, last: datetime.date) -> int:
    """One drill; nought if another process was first."""
    try:
        with transaction.atomic():
            made = Drill(
                project=project,
                form=form,
                kind=kind,
                period_from=first,
                due_on=last,
                place_code=project.estate.place_id,
            )
            engine.open_case(DRILL, made, by=THE_CLOCK)
    except IntegrityError:
        return 0
    return 1


@transaction.atomic
def add(project: Project, *, by: Actor, kind: str, due_on: datetime.date) -> Drill:
    """One more than the law asks for."""
    may(work_rules.organiser, project, by, _("加一次演练"))
    if due_on < today():
        raise ValidationError({"due_on": _("这一天已经过了，请改成今天或以后。")})
    drill = Drill(
        project=project,
        form=Form.EXTRA,
        kind=kind,
        period_from=today(),
        due_on=due_on,
        place_code=project.estate.place_id,
    )
    engine.open_case(DRILL, drill, by=by)
    return drill


@transaction.atomic
def announce(drill: Drill, *, by: Actor, kind: str, planned_for: datetime.date, scenario: str) -> Event:
    """Fix the day and what is practised; may be done again when the day moves."""
    engine.check(DRILL, "announce", drill, by=by)
    if planned_for < max(today(), drill.period_from):
        raise ValidationError({"planned_for": _("请定今天或以后的一天，并且在应做时段里。")})
    if drill.form == Form.RESCUE and kind != Kind.LIFT:
        raise ValidationError({"kind": _("这一次是电梯困人救援，科目不能换。")})
    drill.kind, drill.planned_for, drill.scenario = kind, planned_for, said(scenario, _("请写演什么。"))[:400]
    drill.save(update_fields=["kind", "planned_for", "scenario"])
    return engine.take(DRILL, "announce", drill, by=by, note=f"{planned_for} {drill.scenario}")


@transaction.atomic
def hold(
    drill: Drill, *, by: Actor, held_on: datetime.date, people: int, minutes: int, leader: Person,
    photos: Sequence[tuple[str, bytes]], note: str = "",
) -> Event:  # fmt: skip
    """It was held: how many people, how many minutes, who led it, with photos."""
    engine.check(DRILL, "hold", drill, by=by)
    if not drill.period_from <= held_on <= today():
        raise ValidationError({"held_on": _("演练日要在 %(from)s 到今天之间。") % {"from": drill.period_from}})
    if people < 1 or minutes < 1:
        raise Refusal("guard", _("人数和用时至少写 1。"))
    if leader.pk not in queries.workers(drill.project):
        raise ValidationError({"leader": _("带队人要在这个项目有岗位。")})
    drill.held_on, drill.people, drill.minutes, drill.leader = held_on, people, minutes, leader
    drill.save(update_fields=["held_on", "people", "minutes", "leader"])
    papers = {}
    for name, content in photos:
        papers[PHOTO] = filing.picture(DRILL.key(drill), content, name, kind=PHOTO, by=by.key)
    return engine.take(DRILL, "hold", drill, by=by, note=note, papers=papers)


@transaction.atomic
def evaluate(
    drill: Drill,
    *,
    by: Actor,
    went_well: str,
    went_wrong: str,
    hazard_code: str = "",
    place: str = "",
    revise_list: bool = False,
) -> Event:
    """Somebody else than who led it says how it went; what went wrong may open a hazard and ask for a new duty list."""
    engine.check(DRILL, "evaluate", drill, by=by)
    drill.went_well = said(went_well, _("请写哪里做得好。"))[:400]
    drill.went_wrong = said(went_wrong, _("请写哪里没做好；没有就写“未发现”。"))[:400]
    drill.evaluated_by, drill.evaluated_at, drill.revise_list = by.key, now(), revise_list
    if hazard_code:
        drill.hazard = reporting.report(
            drill.project, hazard_code, by=by, place=said(place, _("立隐患要写在哪里。")), words=drill.went_wrong,
            photos=_photos(drill)[: reporting.MOST_PHOTOS], source=Hazard.Source.PATROL, once=f"drill-{drill.pk}",
        )  # fmt: skip
    drill.save(update_fields=["went_well", "went_wrong", "evaluated_by", "evaluated_at", "revise_list", "hazard"])
    paper = drill_papers.write(drill, by=by)
    return engine.take(DRILL, "evaluate", drill, by=by, note=drill.went_wrong, papers={PAPER: f"document:{paper.pk}"})


@transaction.atomic
def close(drill: Drill, *, by: Actor, note: str = "") -> Event:
    """Its lessons are drawn; the drill counts, once, on the day it was held."""
    event = engine.take(DRILL, "close", drill, by=by, note=note)
    ledger.announce(
        f"{work_facts.DRILL_HELD}.{drill.kind}", drill.project.key, occurred_on=drill.held_on or today(), by=by.key,
        source=f"{DRILL.key(drill)}/held", note=str(drill)[:300], attachments=_photos(drill),
    )  # fmt: skip
    return event


def _photos(drill: Drill) -> tuple[str, ...]:
    rows = Attachment.objects.on(DRILL.key(drill)).filter(kind=PHOTO)
    return tuple(sorted(set(rows.values_list("sha256", flat=True))))


@transaction.atomic
def drop(drill: Drill, *, by: Actor, reason: str) -> Event:
    """There is nothing left to practise at."""
    return engine.take(DRILL, "drop", drill, by=by, note=said(reason, _("请写为什么不需要了。")))
