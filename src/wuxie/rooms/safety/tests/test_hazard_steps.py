"""Every step, in every state, by every person: who may do what, written down once more and independently of the table."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction

from wuxie.kernel.access.actor import THE_CLOCK
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.diagram import BEGIN, END, mermaid
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms import safety
from wuxie.rooms.safety.actions import hazards
from wuxie.rooms.safety.models import Hazard
from wuxie.rooms.safety.workflow import HAZARD

from .hazards import AFTER

pytestmark = pytest.mark.django_db
MANAGER, FIXER, PRINCIPAL, DIRECTOR = {"manager", "director"}, {"electrician", "manager"}, {"principal"}, {"director"}
#: The library lets the engineering lead check this one; the safety director checks everything; the mender nothing.
CHECKER, OVER, CLOCK = {"lead", "director"}, {"community", "street", "district", "director"}, {"clock"}
PEOPLE = (
    "admin", "contact", "manager", "director", "principal", "community", "street", "district", "city", "office",
    "electrician", "lead", "owner", "visitor", "clock",
)  # fmt: skip
BEING_MENDED = "assigned interim_controlled reported rectifying extended"
#: step → (from, to, who); ``None`` stays where it is.
STEPS = {
    "assign": ("found", "assigned", MANAGER),
    "dismiss": ("found", "dismissed", MANAGER),
    "control": ("assigned", "interim_controlled", FIXER),
    "report_major": ("interim_controlled", "reported", PRINCIPAL),
    "report_late": ("rectifying extended fixed verified", None, PRINCIPAL),
    "start": ("assigned interim_controlled reported", "rectifying", FIXER),
    "extend": ("rectifying", "extended", DIRECTOR),
    "fix": ("rectifying extended", "fixed", FIXER),
    "verify": ("fixed", "verified", CHECKER),
    "reject": ("fixed", "rectifying", CHECKER),
    "note_receipt": ("reported rectifying extended fixed verified", None, PRINCIPAL),
    "close": ("verified", "closed", CLOCK),
    "reopen": ("closed", "rectifying", OVER),
    "upgrade": (BEING_MENDED, None, CLOCK),
    "leave_unreported": ("interim_controlled rectifying extended fixed verified", None, CLOCK),
}


def test_the_table_and_the_matrix_name_the_same_steps():
    assert set(STEPS) == set(HAZARD.steps)
    assert set().union(*(set(source.split()) for source, _to, _who in STEPS.values())) | {"dismissed"} == set(
        Hazard.State.values
    )


@pytest.mark.parametrize("name", sorted(STEPS))
def test_who_may_take_a_step_in_which_state(world, name):
    """Persons and states alone; what has to be there is tried in the tests of the guards."""
    source, target, who = STEPS[name]
    hazard = world.assigned("HZ-E05", source="duty")
    Hazard.objects.filter(pk=hazard.pk).update(fixed_by="person:0")
    people = {one: THE_CLOCK if one == "clock" else world[one] for one in PEOPLE}
    step = HAZARD.steps[name]
    for state in Hazard.State.values:
        Hazard.objects.filter(pk=hazard.pk).update(state=state)
        for person, actor in people.items():
            case = Hazard.objects.get(pk=hazard.pk)
            allowed = state in source.split() and person in who
            with transaction.atomic():
                try:
                    engine.check(HAZARD, name, case, by=actor)
                    got = True
                except Refusal as refusal:
                    got = refusal.code == "guard"
                    assert refusal.message
                transaction.set_rollback(True)
            assert got == allowed, (name, state, person)
    assert (step.target or None) == target


def test_whoever_mended_it_never_checks_it_even_in_a_higher_seat(world):
    hazard = world.rectifying()
    hazards.fix(hazard, by=world["manager"], remedy="自己换的", photo=AFTER)
    world.people["director"], kept = world.people["manager"], world.people["director"]
    for who in ("manager", "electrician"):
        with pytest.raises(Refusal, match="整改的人不能自己复核"):
            hazards.verify(hazard, by=world[who], note="看过")
    world.people["director"] = kept
    hazards.verify(hazard, by=world["director"], note="看过")
    assert hazard.state == Hazard.State.CLOSED


def test_the_diagram_of_the_readme_is_that_of_the_table():
    text = (Path(safety.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert f"{BEGIN.format(name=HAZARD.name)}\n{mermaid(HAZARD)}\n{END}" in text
