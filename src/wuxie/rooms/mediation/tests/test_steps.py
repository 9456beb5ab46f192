"""Every step, in every state, by every person."""

from __future__ import annotations

from pathlib import Path

import pytest

from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.diagram import BEGIN, END, mermaid
from wuxie.kernel.workflow.models import Turn
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms import mediation
from wuxie.rooms.mediation.models import Dispute
from wuxie.rooms.mediation.workflow import DISPUTE

pytestmark = pytest.mark.django_db
S = Dispute.State
PEOPLE = (
    "admin", "contact", "manager", "community", "street", "district", "city", "office", "president", "owner", "mediator", "second", "third",
    "visitor", "clock",
)  # fmt: skip
OFFICE, COMPANY, CLOCK = {"office"}, {"admin", "manager"}, {"clock"}
#: The case has a mediator and an expert; the third of the pool has nothing to do with it.
MEDIATING = {"mediator", "second"}
HANDLING = OFFICE | MEDIATING
OPEN = "registered accepted assigned investigating in_session"
TALKING = "assigned investigating in_session"
AGREED = "settled confirming performing"
EVERY = " ".join(S.values)
#: step → (from, to: a dash stays, who).
STEPS = {
    "classify": ("registered accepted", "-", OFFICE),
    "accept": ("registered", "accepted", OFFICE),
    "reject": ("registered", "not_accepted", OFFICE),
    "transfer": ("registered", "transferred", OFFICE),
    "hand_over": ("registered", "transferred", OFFICE),
    "merge": ("registered", "merged", OFFICE),
    "reply": (OPEN, "-", COMPANY),
    "party": (f"accepted {TALKING}", "-", HANDLING),
    "assign": ("accepted", "assigned", OFFICE),
    "refuse": (TALKING, "accepted", OFFICE | COMPANY),
    "evidence": (f"{TALKING} {AGREED}", "-", HANDLING | COMPANY),
    "investigate": ("assigned", "investigating", MEDIATING),
    "survey": ("investigating in_session", "-", MEDIATING),
    "invite": ("investigating in_session", "-", MEDIATING),
    "hold": ("investigating in_session", "in_session", MEDIATING),
    "absent": ("investigating in_session", "-", MEDIATING),
    "extend": (TALKING, "-", HANDLING),
    "suspend": ("in_session", "suspended", MEDIATING),
    "resume": ("suspended", "in_session", MEDIATING | CLOCK),
    "clause": ("in_session", "-", MEDIATING),
    "strike": ("in_session", "-", MEDIATING),
    "settle": ("in_session", "settled", MEDIATING),
    "fail": ("investigating in_session", "failed", MEDIATING),
    "withdraw": (OPEN, "withdrawn", HANDLING),
    "court": ("settled", "confirming", HANDLING),
    "confirmed": ("confirming", "performing", HANDLING),
    "unconfirmed": ("confirming", "performing", HANDLING),
    "begin": ("settled", "performing", HANDLING | CLOCK),
    "keep": (AGREED, "-", HANDLING),
    "finish": (AGREED, "performed", CLOCK),
    "breach": (AGREED, "breached", HANDLING | CLOCK),
    "visit": ("performed", "closed", OFFICE),
    "visit_again": ("closed", "-", OFFICE),
    "judge": (EVERY, "-", OFFICE),
    "group": (EVERY, "-", {"district", "city"}),
}


def test_the_table_and_the_matrix_name_the_same_steps():
    assert set(STEPS) == set(DISPUTE.steps)


def test_who_may_take_a_step_in_which_state(world):
    actors = {one: world[one] for one in PEOPLE}
    case, into = world.registered(), world.registered()
    Dispute.objects.filter(pk=case.pk).update(
        mediator=world.people["mediator"], expert=world.people["second"], merged_into=into
    )
    rows = Dispute.objects.select_related("project__estate", "project__company", "mediator", "expert")
    for state in S.values:
        Dispute.objects.filter(pk=case.pk).update(state=state)
        found = rows.get(pk=case.pk)
        for name, (source, target, who) in STEPS.items():
            for person, actor in actors.items():
                try:
                    engine.check(DISPUTE, name, found, by=actor)
                    got = True
                except Refusal as refusal:
                    got = refusal.code == "guard"
                    assert refusal.message
                assert got == (state in source.split() and person in who), (name, state, person)
            assert (DISPUTE.steps[name].target or "-") == target


def test_the_desks_on_which_a_dispute_lies(world):
    case = world.registered()
    rows = Turn.objects.filter(workflow="dispute", case_pk=case.pk)
    assert set(rows.values_list("step", "role")) == {
        ("classify", "association_secretariat"), ("accept", "association_secretariat"), ("reply", "company_admin"),
        ("reply", "project_manager"),
    }  # fmt: skip
    case = world.assigned()
    rows = Turn.objects.filter(workflow="dispute", case_pk=case.pk, step="investigate")
    assert [(one.role, one.person_key) for one in rows] == [("mediator", world.people["mediator"].key)]


def test_the_diagram_of_the_readme_is_that_of_the_table():
    text = (Path(mediation.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert f"{BEGIN.format(name=DISPUTE.name)}\n{mermaid(DISPUTE)}\n{END}" in text
