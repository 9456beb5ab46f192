"""The way of a case as its page draws it: stations with day and who, for every procedure the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from wuxie.kernel import labels
from wuxie.kernel.access.actor import Actor
from wuxie.kernel.facts.kinds import label_of
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.table import workflow

from . import words
from .cells import Chip

Stations = Sequence[tuple[tuple[str, ...], Promise]]


def path(
    stations: Stations, at: Mapping[Any, int], state: Any, events: Sequence[Event], stopped: bool = False,
    without: Collection[str] = (),
) -> list[dict[str, str]]:  # fmt: skip
    """``stations``: the steps that end each, and its name; ``at``: how many of them a state has behind it.

    ``events`` are the newest first. A station says its day and who ended it once it is passed, or where the way stopped; of
    an event that is private, the day only. One that was passed without a step of its own says so. ``without``: steps that this
    case does not know, whose stations are left out; ``at`` counts them all the same.
    """
    last: dict[str, Event] = {}
    for event in events:
        last.setdefault(event.step, event)
    reached, steps = at[state], []
    for place, (names, label) in enumerate(stations):
        if any(name in without for name in names):
            continue
        passed = "done" if place < reached else "now" if place == reached else "next"
        if stopped and place == reached:
            passed = "stop"
        event = next((last[name] for name in names or ("open",) if name in last), None)
        told = event if passed in ("done", "stop") else None
        steps.append({
            "label": str(label), "state": passed, "outcome": _("没有单独登记") if passed == "done" and event is None else "",
            "when": words.day(told.at).partition(" ")[0] if told else "",
            "by": _who(told) if told and not told.private else "",
        })  # fmt: skip
    return steps


def elsewhere(events: Sequence[Event], actor: Actor) -> list[dict[str, Any]]:
    """The cases of other rooms that ``engine.hear`` put into the course of a case (``events``: the newest first), each with its newest word.

    Whoever may read such a case has a link to it, how it stands today and whether it is ``over``.
    """
    found: dict[str, dict[str, Any]] = {}
    for event in reversed(events):
        if "elsewhere" not in event.data:
            continue
        name, _colon, pk = event.data["elsewhere"].partition(":")
        table = workflow(name)
        case = table.model.objects.visible_to(actor).filter(pk=pk).first()
        told = [label_of(event.data["kind"]), labels.said(event.note), words.moment(event.at)]
        found[event.data["elsewhere"]] = {
            "text": str(table.label), "note": " · ".join(part for part in told if part),
            "url": table.url(case.pk) if case else "", "chip": Chip(table.state_label(case.state)) if case else "",
            "state": str(table.state_label(case.state)) if case else "", "over": case is not None and case.state in table.final,
        }  # fmt: skip
    return list(found.values())


def _who(event: Event) -> str:
    return " ".join(labels.said(part) for part in (event.by_title, event.by_name) if part)
