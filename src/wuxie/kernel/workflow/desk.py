"""The desk (待办): whose turn it is, what is due, what is late, on whom one waits, what changed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from wuxie.kernel import labels
from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import end_of, now, today
from wuxie.kernel.parties.roles import label
from wuxie.kernel.places.models import under

from .models import DeadlineRow, Event, Follow, Turn
from .table import Step, Workflow, workflow, workflows


def set_turns(table: Workflow, case: Any) -> None:
    """Write anew who may act on a case: one row for each seat and step that is waited for."""
    Turn.objects.filter(workflow=table.name, case_pk=case.pk).delete()
    if case.state in table.final:
        return
    running = {
        row.name: row
        for row in DeadlineRow.objects.filter(
            workflow=table.name, case_pk=case.pk, state__in=["open", "overdue"]
        ).order_by("-due_at")
    }
    Turn.objects.bulk_create(turns_for(table, case, running))


def turns_for(table: Workflow, case: Any, running: dict[str, DeadlineRow]) -> list[Turn]:
    """The rows for a case with these periods running (name → row, the nearest last), not yet written."""
    rows = []
    for name, step in table.open_steps(case.state):
        if not step.is_awaited(case):
            continue
        due = _due(table, case, step, running)
        rows += [_turn(table, case, name, step, seat, due) for seat in dict.fromkeys(step.by.seats(case))]
    return rows


def _due(table: Workflow, case: Any, step: Step, running: dict[str, DeadlineRow]) -> DeadlineRow | None:
    """The deadline that waits for this step: the nearest that is for everyone or for some of the step's people."""
    nearest = None
    for name, row in running.items():
        declared = table.deadlines().get(name)
        if declared is None or declared.whose is None or set(declared.whose.seats(case)) & set(step.by.seats(case)):
            nearest = row
    return nearest


def _turn(table: Workflow, case: Any, name: str, step: Step, seat: Any, due: DeadlineRow | None) -> Turn:
    return Turn(
        workflow=table.name, case_pk=case.pk, step=name, label=labels.kept(step.label), title=table.title(case)[:160],
        number=case.number, role=seat.role, organisation_id=seat.organisation_id, place_code=seat.place_code,
        subject=seat.subject, person_key=seat.person_key, case_place=case.place_code,
        due_at=due.due_at if due else None, due_on=due.due_on if due else None, since=now(),
    )  # fmt: skip


def turns_of(actor: Actor) -> QuerySet[Turn]:
    """The rows that wait for this person."""
    query = Q(pk__in=[])
    for seat in actor.seats:
        here = Q(role=seat.role)
        here &= Q(organisation_id=None) | Q(organisation_id=seat.organisation_id)
        here &= Q(place_code="") | (under("place_code", seat.place_code) if seat.place_code else Q(place_code=""))
        here &= Q(subject="") | Q(subject=seat.subject)
        here &= Q(person_key="") | Q(person_key=actor.key)
        query |= here
    return Turn.objects.filter(query)


class View(StrEnum):
    """What a desk can be narrowed or widened to."""

    MINE = "mine"
    ALL = "all"
    FOLLOWED = "followed"


class Order(StrEnum):
    """How the rows of each group stand: the nearest deadline first, or what came last."""

    DUE = "due"
    RECEIVED = "received"


class Due(StrEnum):
    """When something has to be done by; this week has today in it, and what is late is in neither."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"

    @property
    def rows(self) -> Q:
        if self is Due.LATE:
            return Q(due_at__lt=now())
        last = today() if self is Due.TODAY else today() + datetime.timedelta(days=6 - today().weekday())
        return Q(due_at__gte=now(), due_at__lte=end_of(last))


@dataclass
class Row:
    """One thing on a desk: all steps of one case that wait for the same person stand in one row."""

    workflow: Workflow
    case_pk: int
    title: str
    number: str
    labels: list[str]
    due_at: datetime.datetime | None
    due_on: datetime.date | None
    since: datetime.datetime
    url: str = ""
    mine: bool = True
    """Whether it is this person's turn; else the row is only there to be looked at."""
    roles: list[str] = field(default_factory=list)
    """Who may take the steps: what a row says of whom one waits for."""
    unit: str = "day"
    """What the deadline was counted in; a period of working days is said in working days."""

    @property
    def hands(self) -> list[str]:
        """The offices that the case lies with, in words."""
        return [label(role) for role in self.roles]


@dataclass(frozen=True)
class Change:
    """A step that someone else took, and the case it was taken in."""

    event: Event
    workflow: Workflow
    title: str
    """Empty once nobody has anything left to do in the case."""
    url: str


@dataclass
class Desk:
    late: list[Row] = field(default_factory=list)
    today: list[Row] = field(default_factory=list)
    coming: list[Row] = field(default_factory=list)
    waiting: list[Row] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.late) + len(self.today) + len(self.coming)


Named = tuple[str, int]
"""A case by its procedure and its id."""
Cases = set[Named]
EVERYTHING = Q()


def desk(
    actor: Actor, *, view: View = View.MINE, narrow: Q = EVERYTHING, order: Order = Order.DUE, limit: int = 200
) -> Desk:
    """The person's desk, in a fixed number of queries.

    ``View.MINE`` has what waits for this person and, in ``waiting``, what they had a part in and others must do now.
    The other views have every open case they may see, or those they follow, whoever must act. ``narrow`` leaves out
    ``Turn`` rows that do not match, in every group; the changes stay whole. At most ``limit`` rows are read for each.
    """
    made = Desk()
    touched = _touched(actor)
    turn = set(turns_of(actor).values_list("workflow", "case_pk"))
    for row in rows_of(turns_in(actor, view).filter(narrow).order_by("due_at", "pk")[:limit], order):
        row.mine = (row.workflow.name, row.case_pk) in turn
        if row.due_at is None or row.due_at > end_of(today()):
            made.coming.append(row)
        elif row.due_at < now():
            made.late.append(row)
        else:
            made.today.append(row)
    if view is View.MINE:
        others = rows_of(_others(actor, touched).filter(narrow).order_by("due_at", "pk")[:limit], order)
        made.waiting = [row for row in others if (row.workflow.name, row.case_pk) not in turn]
        for row in made.waiting:
            row.mine = False
    made.changes = _told(_changes(actor, touched | turn))
    return made


def turns_in(actor: Actor, view: View) -> QuerySet[Turn]:
    """The rows of one view of the desk."""
    if view is View.MINE:
        return turns_of(actor)
    if view is View.ALL:
        return Turn.objects.filter(_visible(actor, workflows()))
    return Turn.objects.filter(_visible_among(_followed(actor), actor))


def _visible(actor: Actor, tables: Iterable[Workflow]) -> Q:
    """Rows about a case of these procedures that this person may see today, whatever they did with it before."""
    query = Q(pk__in=[])
    for table in tables:
        query |= Q(Exists(table.model.objects.visible_to(actor).filter(pk=OuterRef("case_pk"))), workflow=table.name)
    return query


def _visible_among(cases: Cases, actor: Actor) -> Q:
    """Rows about those of the cases that this person may see: only their procedures are asked, each question costs its writing."""
    return _named(cases) & _visible(actor, map(workflow, sorted({name for name, _pk in cases})))


def _followed(actor: Actor) -> Cases:
    return set(Follow.objects.filter(person_key=actor.key).values_list("workflow", "case_pk"))


def _named(cases: Iterable[Named]) -> Q:
    """Rows about these cases."""
    by_workflow: dict[str, set[int]] = {}
    for name, pk in cases:
        by_workflow.setdefault(name, set()).add(pk)
    query = Q(pk__in=[])
    for name, pks in by_workflow.items():
        query |= Q(workflow=name, case_pk__in=pks)
    return query


def rows_of(turns: Iterable[Turn], order: Order = Order.DUE) -> list[Row]:
    """One row a case, in order; what has no deadline stands last where the deadline orders."""
    rows: dict[tuple[str, int], Row] = {}
    for turn in turns:
        key = (turn.workflow, turn.case_pk)
        if key not in rows:
            table = workflow(turn.workflow)
            rows[key] = Row(
                table, turn.case_pk, labels.said(turn.title), turn.number, [], turn.due_at, turn.due_on, turn.since,
                table.url(turn.case_pk),
            )  # fmt: skip
        if (step := labels.said(turn.label)) not in rows[key].labels:
            rows[key].labels.append(step)
        if turn.role and turn.role not in rows[key].roles:
            rows[key].roles.append(turn.role)
    _count_in_units(rows)
    if order is Order.RECEIVED:
        return sorted(rows.values(), key=lambda row: row.since, reverse=True)
    return sorted(rows.values(), key=lambda row: (row.due_at is None, row.due_at or now()))


def _count_in_units(rows: dict[tuple[str, int], Row]) -> None:
    """Say of each row in what its deadline was counted."""
    if not rows:
        return
    running = DeadlineRow.objects.filter(_named(rows), state__in=["open", "overdue"])
    units: dict[tuple[str, int, datetime.date | None], str] = {
        (name, pk, on): unit for name, pk, on, unit in running.values_list("workflow", "case_pk", "due_on", "unit")
    }
    for (name, pk), row in rows.items():
        row.unit = units.get((name, pk, row.due_on), "day")


def _touched(actor: Actor) -> Cases:
    """Cases that this person has acted on or follows."""
    acted = Event.objects.filter(by=actor.key).order_by("-at").values_list("workflow", "case_pk")[:400]
    return set(acted) | _followed(actor)


def _others(actor: Actor, touched: Cases) -> QuerySet[Turn]:
    return Turn.objects.filter(_visible_among(touched, actor))


def _told(events: QuerySet[Event]) -> list[Change]:
    turns = Turn.objects.filter(_named((event.workflow, event.case_pk) for event in events))
    titles = {(name, pk): labels.said(title) for name, pk, title in turns.values_list("workflow", "case_pk", "title")}
    return [
        Change(event, table, titles.get((event.workflow, event.case_pk), ""), table.url(event.case_pk))
        for event in events
        for table in [workflow(event.workflow)]
    ]


def _changes(actor: Actor, cases: Cases) -> QuerySet[Event]:
    """What others did since yesterday on cases this person has to do with."""
    recent = Event.objects.filter(at__gte=now() - datetime.timedelta(days=1)).exclude(by=actor.key)
    return recent.filter(_visible_among(cases, actor)).order_by("-at")[:8]
