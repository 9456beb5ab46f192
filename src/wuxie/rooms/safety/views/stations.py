"""The way of a case as its page draws it: stations with day and who, and the seats whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise

from wuxie.kernel.access.who import the_clock
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.table import Workflow
from wuxie.web import words

Stations = Sequence[tuple[tuple[str, ...], Promise]]


def path(
    stations: Stations, at: Mapping[Any, int], state: Any, events: Sequence[Event], stopped: bool = False
) -> list[dict[str, str]]:
    """``stations``: the steps that end each, and its name; ``at``: how many of them a state has behind it."""
    last: dict[str, Event] = {}
    for event in events:
        last.setdefault(event.step, event)
    reached, steps = at[state], []
    for place, (names, label) in enumerate(stations):
        event = next((last[name] for name in names or ("open",) if name in last), None)
        done = place < reached and event is not None
        passed = "done" if place < reached else "now" if place == reached else "next"
        if stopped and place == reached:
            passed = "stop"
        steps.append({
            "label": str(label), "state": passed, "outcome": "",
            "when": words.day(event.at).partition(" ")[0] if done and event else "",
            "by": f"{event.by_title} {event.by_name}".strip() if done and event else "",
        })  # fmt: skip
    return steps


def turn(workflow: Workflow, state: str) -> str:
    """Whose turn it is, for those whose it is not."""
    steps = (step for _name, step in workflow.open_steps(state) if not step.quiet and step.by is not the_clock)
    return "、".join(dict.fromkeys(str(step.by.label) for step in steps))


def said(pairs: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """The pairs that say something."""
    return [(label, value) for label, value in pairs if value not in ("", None)]
