"""Taking a step: state, event, deadlines, fact and desk rows in one transaction, wholly or not at all, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ulid import ULID

from wuxie.kernel import labels
from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.access.who import the_clock
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers.attached import digests_of, names_on

from . import deadlines
from .desk import set_turns, turns_for
from .models import DeadlineRow, Event, Turn
from .refusal import Refusal
from .table import Step, Words, Workflow


@dataclass(frozen=True)
class Offer:
    """A step as a page shows it to one person: open, or closed with the sentence why."""

    name: str
    step: Step
    missing: tuple[str, ...]
    mine: bool

    @property
    def open(self) -> bool:
        return self.mine and not self.missing

    @property
    def label(self) -> str:
        return str(self.step.label)

    @property
    def reason(self) -> str:
        """Why it is closed to this person now, empty when it is open."""
        if not self.mine:
            return _("由%(who)s办理。") % {"who": self.step.by.label}
        return " ".join(self.missing)


def offers(workflow: Workflow, case: Any, actor: Actor) -> list[Offer]:
    """Every step out of the case's state, for this person; the clock's own steps are left out."""
    found = []
    for name, step in workflow.open_steps(case.state):
        if step.by is the_clock:
            continue
        mine = step.by.test(actor, case)
        found.append(Offer(name, step, tuple(_missing(step, case)) if mine else (), mine))
    return found


def _missing(step: Step, case: Any) -> list[str]:
    """What the guards say is still wanting."""
    return [said for one in step.needs if (said := one.missing(case))]


def open_case(workflow: Workflow, case: Any, *, by: Actor, note: str = "", **data: Any) -> Any:
    """Save a new case in its first state, with its event, its first deadlines and its desk rows."""
    with transaction.atomic():
        case.state, case.opened_at, case.changed_at = workflow.initial, now(), now()
        case.save()
        _event(workflow, case, "open", labels.kept(workflow.label), "", workflow.initial, by, note, data, {}, "")
        for deadline in workflow.opens:
            if deadline.applies is None or deadline.applies(case):
                deadlines.start(workflow, case, deadline)
        set_turns(workflow, case)
    return case


def open_many(workflow: Workflow, cases: list[Any], *, by: Actor) -> int:
    """What ``open_case`` does, for many new cases by a handful of statements; how many.

    For what a night opens by the thousand. The cases have what their seats and titles are read from (``select_related``).
    """
    if not cases:
        return 0
    moment, label = now(), labels.kept(workflow.label)
    for case in cases:
        case.state, case.opened_at, case.changed_at = workflow.initial, moment, moment
    with transaction.atomic():
        type(cases[0]).objects.bulk_create(cases, batch_size=500)
        Event.objects.bulk_create(
            (
                Event(
                    id=str(ULID()), workflow=workflow.name, case_pk=case.pk, step="open", label=label, source="",
                    target=workflow.initial, by=by.key, by_name=by.name, by_title=by.title, at=moment,
                )
                for case in cases
            ),
            batch_size=500,
        )  # fmt: skip
        periods = {
            case.pk: [
                deadlines.build(workflow, case, one)
                for one in workflow.opens
                if one.applies is None or one.applies(case)
            ]
            for case in cases
        }
        DeadlineRow.objects.bulk_create((row for rows in periods.values() for row in rows), batch_size=500)
        turns = []
        for case in cases:
            running = sorted(periods[case.pk], key=lambda row: row.due_at, reverse=True)
            turns += turns_for(workflow, case, {row.name: row for row in running})
        Turn.objects.bulk_create(turns, batch_size=500)
    return len(cases)


def take(
    workflow: Workflow,
    name: str,
    case: Any,
    *,
    by: Actor,
    note: str = "",
    papers: Mapping[str, str] | None = None,
    private: bool = False,
    fact: Mapping[str, Any] | None = None,
    **data: Any,
) -> Event:
    """Take a step, or raise ``Refusal`` with the sentence that the person sees; nothing is half done.

    ``papers`` maps the name of a paper to its reference; papers already attached to the case count too. ``fact`` adds to
    or overrides what is announced (quantity, trust, valid_until …). ``data`` is kept with the event.
    """
    given = dict(papers or {})
    with transaction.atomic():
        step = check(workflow, name, case, by=by)
        _check_papers(workflow, step, case, given)
        source = case.state
        _move(case, step)
        reference = _announce(workflow, name, step, case, by, dict(fact or {}), given, note) if step.fact else ""
        event = _event(
            workflow, case, name, labels.kept(step.label), source, case.state, by, note, data, given, reference, private
        )
        _restart(workflow, step, case, source)
        set_turns(workflow, case)
    return event


def check(workflow: Workflow, name: str, case: Any, *, by: Actor) -> Step:
    """Person, state and guards of a step, as ``take`` asks them: for verbs that write something before they take it."""
    step = workflow.steps[name]
    if not step.by.test(by, case):
        raise Refusal("person", _("“%(step)s”由%(who)s办理。") % {"step": step.label, "who": step.by.label})
    if case.state not in step.sources:
        raise Refusal("state", _("现在是“%(state)s”，不能“%(step)s”。请刷新后看当前可办的事。") % {
            "state": workflow.state_label(case.state), "step": step.label})  # fmt: skip
    _check_guards(step, case)
    return step


def _check_guards(step: Step, case: Any) -> None:
    missing = _missing(step, case)
    if missing:
        raise Refusal("guard", " ".join(missing))


def _check_papers(workflow: Workflow, step: Step, case: Any, given: Mapping[str, str]) -> None:
    wanted = [paper for paper in step.papers if paper not in given]
    if not wanted:
        return
    present = names_on(workflow.key(case))
    absent = [paper for paper in wanted if paper not in present]
    if absent:
        raise Refusal("guard", _("还缺文书：%(papers)s。请先补上。") % {"papers": "、".join(map(labels.said, absent))})


def _move(case: Any, step: Step) -> None:
    """Change the row only if it is still as we saw it: of two people deciding at once one wins, the other is told."""
    target = step.target or case.state
    moved = (
        type(case)
        .objects.filter(pk=case.pk, state=case.state, version=case.version)
        .update(state=target, version=F("version") + 1, changed_at=now(), reopened=F("reopened") + int(step.reopens))
    )
    if moved != 1:
        raise Refusal("raced", _("刚刚有人已经办了这件事。请刷新，看现在的状态。"))
    case.state, case.version, case.reopened = target, case.version + 1, case.reopened + int(step.reopens)


def _announce(
    workflow: Workflow,
    name: str,
    step: Step,
    case: Any,
    by: Actor,
    extra: dict[str, Any],
    papers: Mapping[str, str],
    note: str,
) -> str:
    assert step.fact is not None
    arguments: dict[str, Any] = {
        "occurred_on": today(),
        "source": f"{workflow.key(case)}/{name}/{case.version}",
        "also_counts_for": workflow.also_counts_for(case),
        "attachments": digests_of(papers.values()),
        "note": note[:300],
        "by": by.key,
    }
    arguments.update(extra)
    return ledger.announce(arguments.pop("kind", step.fact.code), workflow.subject(case), **arguments).id


def _event(
    workflow: Workflow, case: Any, step: str, label: str, source: str, target: str, by: Actor,
    note: str, data: Mapping[str, Any], papers: Mapping[str, str], fact_id: str, private: bool = False,
) -> Event:  # fmt: skip
    return Event.objects.create(
        id=str(ULID()), workflow=workflow.name, case_pk=case.pk, step=step, label=label, source=source, target=target,
        by=by.key, by_name=by.name, by_title=by.title, at=now(), note=note, data=dict(data), papers=dict(papers),
        fact_id=fact_id, private=private,
    )  # fmt: skip


def _restart(workflow: Workflow, step: Step, case: Any, source: str) -> None:
    """End what the old state was waiting for, begin what the new one waits for."""
    if case.state != source or step.deadlines:
        ended = [
            deadline.name
            for deadline in workflow.deadlines().values()
            if (case.state not in deadline.during if deadline.during else case.state != source)
        ]
        if ended:
            deadlines.end(workflow, case, *ended)
    if case.state in workflow.final:
        deadlines.end(workflow, case)
    for deadline in step.deadlines:
        if deadline.applies is None or deadline.applies(case):
            deadlines.start(workflow, case, deadline)


def by_clock(workflow: Workflow, name: str, case: Any, **rest: Any) -> Event:
    """A step that time takes."""
    return take(workflow, name, case, by=THE_CLOCK, **rest)


def record(
    workflow: Workflow, case: Any, label: Words, *, by: Actor, note: str = "", private: bool = False, **data: Any
) -> Event:
    """Something worth keeping in the course of a case that moves nothing (an opinion, a visit, a paper added)."""
    return _event(workflow, case, "note", labels.kept(label), case.state, case.state, by, note, data, {}, "", private)


@transaction.atomic
def hear(workflow: Workflow, fact: Fact, label: Words) -> Event | None:
    """What another room says about a case of this procedure (``source``) in a case of its own (``case``): kept in its course, once.

    ``None`` where the fact is about no case of this procedure, or was heard before.
    """
    name, _colon, pk = str(fact.details.get("source", "")).partition(":")
    if name != workflow.name:
        return None
    case = workflow.model.objects.get(pk=pk)
    if any(event.data.get("fact") == fact.pk for event in history(workflow, case)):
        return None
    return record(
        workflow, case, label, by=THE_CLOCK, note=fact.note, fact=fact.pk, kind=fact.kind, elsewhere=fact.details["case"],
    )  # fmt: skip


@transaction.atomic
def pause(workflow: Workflow, case: Any, *, by: Actor, reason: str, paper: str) -> Event:
    """Stop the clocks of a case, with reason and paper."""
    if workflow.pausers is None or not workflow.pausers.test(by, case):
        raise Refusal("person", _("这类事项不由你中止计时。"))
    if not deadlines.pause(workflow, case, reason=reason, paper=paper):
        raise Refusal("state", _("没有正在计时的期限。"))
    set_turns(workflow, case)
    return _event(
        workflow, case, "pause", gettext_noop("中止计时"), case.state, case.state, by, reason, {}, {"依据": paper}, ""
    )


@transaction.atomic
def resume(workflow: Workflow, case: Any, *, by: Actor, note: str = "") -> Event:
    """Let the clocks run on; the used days stay used."""
    if workflow.pausers is None or not workflow.pausers.test(by, case):
        raise Refusal("person", _("这类事项不由你恢复计时。"))
    if not deadlines.resume(workflow, case):
        raise Refusal("state", _("没有中止的期限。"))
    set_turns(workflow, case)
    return _event(workflow, case, "resume", gettext_noop("恢复计时"), case.state, case.state, by, note, {}, {}, "")


def history(workflow: Workflow, case: Any) -> Iterable[Event]:
    """Events of a case, newest first."""
    return Event.objects.filter(workflow=workflow.name, case_pk=case.pk)
