"""Every step of a permit, in every state, by every person: written down once more and independently of the table."""

from __future__ import annotations

import pytest
from django.db import transaction

from wuxie.kernel.access.actor import THE_CLOCK
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.safety.drill_workflow import DRILL
from wuxie.rooms.safety.incident_workflow import INCIDENT
from wuxie.rooms.safety.models import Drill, Incident, Permit
from wuxie.rooms.safety.permit_workflow import PERMIT

pytestmark = pytest.mark.django_db
PEOPLE = (
    "admin", "contact", "manager", "director", "principal", "community", "street", "district", "city", "office",
    "electrician", "lead", "repairer", "guard", "owner", "visitor", "clock",
)  # fmt: skip
CREW = {"electrician", "repairer", "guard", "manager"}
DECIDE, CLOCK = {"manager", "director"}, {"clock"}
PERMIT_STEPS = {
    "measure": ("applied", None, CREW),
    "gas": ("applied approved started suspended", None, CREW),
    "approve": ("applied", "approved", DECIDE),
    "refuse": ("applied", "refused", DECIDE),
    "start": ("approved", "started", CREW),
    "suspend": ("started", "suspended", CREW | {"director"}),
    "resume": ("suspended", "started", DECIDE),
    "finish": ("started suspended", "finished", CREW),
    "check": ("finished", "checked", DECIDE | {"guard"}),
    "close": ("checked", "closed", DECIDE),
    "cancel": ("applied approved", "cancelled", {"electrician", "manager"}),
    "expire": ("applied approved", "expired", CLOCK),
}
ORGANISE = {"admin", "manager", "director"}
#: The engineering lead led it; none of those who evaluate did.
DRILL_STEPS = {
    "announce": ("planned announced", "announced", ORGANISE),
    "hold": ("announced", "held", ORGANISE),
    "evaluate": ("held", "evaluated", {"admin", "manager", "director", "community"}),
    "close": ("evaluated", "closed", {"director", "principal"}),
    "drop": ("planned announced", "dropped", {"director"}),
}
TELL, LOOK = {"principal", "manager", "director"}, {"principal", "director"}
STAFF = {"admin", "manager", "director", "principal", "electrician", "lead", "repairer", "guard"}
VERIFY, LATER = {"director", "principal", "street", "district"}, "told investigating mending done"
INCIDENT_STEPS = {
    "grade": ("reported", "graded", DECIDE),
    "tell": ("reported graded", "told", TELL),
    "keep_site": ("reported graded told", None, STAFF),
    "supplement": (LATER, None, TELL),
    "note_receipt": (LATER, None, TELL),
    "investigate": ("graded told", "investigating", LOOK),
    "decide": ("investigating", "mending", LOOK),
    "done": ("mending", "done", {"electrician", "manager"}),
    "verify": ("done", "closed", VERIFY),
    "reject": ("done", "mending", VERIFY),
    "judge": (f"{LATER} closed", None, {"district", "city"}),
    "leave_untold": ("reported graded", None, CLOCK),
}
TABLES = {
    "permit": (PERMIT, Permit, PERMIT_STEPS),
    "drill": (DRILL, Drill, DRILL_STEPS),
    "incident": (INCIDENT, Incident, INCIDENT_STEPS),
}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_the_table_and_the_matrix_name_the_same_steps(name):
    flow, model, steps = TABLES[name]
    assert set(steps) == set(flow.steps)
    named = set().union(*(set(source.split()) | {target} for source, target, _who in steps.values())) - {None}
    assert named == set(model.State.values)


def case_of(world, name):
    made = {"permit": world.applied, "drill": world.held, "incident": world.mending}[name]()
    if name == "drill":
        type(made).objects.filter(pk=made.pk).update(evaluated_by="person:0")
    return made


@pytest.mark.parametrize("name", sorted(TABLES))
def test_who_may_take_which_step_in_which_state(world, name):
    """Persons and states alone; what has to be there is tried in the tests of the guards."""
    flow, model, steps = TABLES[name]
    made = case_of(world, name)
    people = {one: THE_CLOCK if one == "clock" else world[one] for one in PEOPLE}
    for state in model.State.values:
        model.objects.filter(pk=made.pk).update(state=state)
        case = model.objects.select_related("project__estate").get(pk=made.pk)
        for step, (source, target, who) in steps.items():
            assert (flow.steps[step].target or None) == target
            for person, actor in people.items():
                allowed = state in source.split() and person in who
                with transaction.atomic():
                    try:
                        engine.check(flow, step, case, by=actor)
                        got = True
                    except Refusal as refusal:
                        got = refusal.code == "guard"
                        assert refusal.message
                assert got == allowed, (step, state, person)
