"""Every step, in every state, by every person; the diagram of the README."""

from __future__ import annotations

from pathlib import Path

import pytest

from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.diagram import BEGIN, END, mermaid
from wuxie.kernel.workflow.models import Turn
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms import fees
from wuxie.rooms.fees.models import Adjustment
from wuxie.rooms.fees.workflow import ADJUSTMENT

pytestmark = pytest.mark.django_db
S = Adjustment.State
PEOPLE = (
    "admin", "contact", "manager", "member", "community", "street", "district", "city", "office", "owner", "rival", "visitor", "clock",
)  # fmt: skip
KEEPERS, COMMITTEE, CLOCK = {"manager", "admin"}, {"member"}, {"clock"}
HEARERS = KEEPERS | COMMITTEE | {"community"}
DRAFTING, TRACKED = "preparing cost_reviewed cost_published", "effective failing"
#: step → (from, to: a dash stays, who). The estate has a committee, so the community does not organise.
STEPS = {
    "base": ("preparing", "-", KEEPERS),
    "cost": ("preparing", "-", KEEPERS),
    "uncost": ("preparing", "-", KEEPERS),
    "option": (DRAFTING, "-", KEEPERS),
    "promise": (DRAFTING, "-", KEEPERS),
    "review": ("preparing", "cost_reviewed", COMMITTEE),
    "send_back": ("cost_reviewed", "preparing", COMMITTEE),
    "show_costs": ("cost_reviewed", "cost_published", KEEPERS),
    "publish": ("cost_published", "published", KEEPERS),
    "ask": ("cost_published published", "-", HEARERS),
    "answer": ("cost_published published", "-", KEEPERS),
    "hear": ("published", "-", HEARERS),
    "vote": ("published", "voting", COMMITTEE),
    "call_off": ("voting", "published", CLOCK),
    "approve": ("voting", "passed", COMMITTEE | CLOCK),
    "reject": ("voting", "failed", COMMITTEE | CLOCK),
    "sign": ("passed", "contracted", COMMITTEE),
    "take_effect": ("contracted", "effective", CLOCK),
    "second_step": ("effective kept", "-", CLOCK),
    "did": (TRACKED, "-", KEEPERS),
    "check": (TRACKED, "-", COMMITTEE),
    "keep": (TRACKED, "kept", COMMITTEE),
    "fail": ("effective", "failing", COMMITTEE),
    "roll_back": ("failing", "reverting", COMMITTEE),
    "revert": ("reverting", "rolled_back", CLOCK),
    "annul": ("passed contracted effective failing reverting kept", "rolled_back", CLOCK),
    "withdraw": ("preparing cost_reviewed cost_published published", "withdrawn", KEEPERS),
}


def test_the_table_and_the_matrix_name_the_same_steps():
    assert set(STEPS) == set(ADJUSTMENT.steps)


def test_who_may_take_a_step_in_which_state(world):
    actors = {one: world[one] for one in PEOPLE}
    case = world.begun()
    for state in S.values:
        Adjustment.objects.filter(pk=case.pk).update(state=state)
        found = Adjustment.objects.select_related("project__estate", "project__company").get(pk=case.pk)
        for name, (source, target, who) in STEPS.items():
            for person, actor in actors.items():
                try:
                    engine.check(ADJUSTMENT, name, found, by=actor)
                    got = True
                except Refusal as refusal:
                    got = refusal.code == "guard"
                    assert refusal.message
                assert got == (state in source.split() and person in who), (name, state, person)
            assert (ADJUSTMENT.steps[name].target or "-") == target


def test_the_desk_on_which_a_change_lies(world):
    case = world.reviewed()
    roles = {(row.step, row.role) for row in Turn.objects.filter(case_pk=case.pk)}
    assert {("show_costs", "company_admin"), ("show_costs", "project_manager")} <= roles and (
        "review",
        "committee_member",
    ) not in roles


def test_the_diagram_in_the_readme_is_the_table():
    text = (Path(fees.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert f"{BEGIN.format(name=ADJUSTMENT.name)}\n{mermaid(ADJUSTMENT)}\n{END}" in text
