"""Every step, in every state, by every person; each period by moving the clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from wuxie.kernel.workflow import clock, engine
from wuxie.kernel.workflow.diagram import BEGIN, END, mermaid
from wuxie.kernel.workflow.models import DeadlineRow, Turn
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms import conduct
from wuxie.rooms.conduct.models import Proceeding
from wuxie.rooms.conduct.workflow.discipline import DISCIPLINE

from .factories import later

pytestmark = pytest.mark.django_db
S = Proceeding.State
PEOPLE = (
    "office",
    "second",
    "president",
    "panel1",
    "panel2",
    "admin",
    "contact",
    "stranger",
    "city",
    "visitor",
    "clock",
)
OFFICE, HANDS, CLOCK, CHAIR, COMPANY = {"office", "second"}, {"second", "panel1"}, {"clock"}, {"president"}, {"admin"}
#: step → (from, to: a dash stays, who). ``second`` and ``panel1`` investigate.
STEPS = {
    "file": ("clue", "filed", OFFICE),
    "dismiss": ("clue", "dismissed", OFFICE),
    "refer": ("clue filed investigating proposed defended hearing", "-", OFFICE),
    "investigate": ("filed", "investigating", OFFICE),
    "assign": ("investigating", "-", OFFICE),
    "challenge": ("investigating proposed defended hearing", "-", COMPANY),
    "recuse": ("filed investigating proposed defended hearing", "-", CHAIR),
    "extend": ("investigating", "-", HANDS),
    "drop": ("investigating", "dismissed", HANDS),
    "propose": ("investigating", "proposed", HANDS),
    "defend": ("proposed", "defended", COMPANY),
    "waive": ("proposed", "defended", CLOCK),
    "hear": ("defended", "hearing", {"panel1", "panel2"}),
    "vote": ("defended hearing", "-", {"panel2"}),
    "count": ("defended hearing", "voted", OFFICE),
    "clear": ("defended hearing", "withdrawn", OFFICE),
    "serve": ("voted", "served", OFFICE),
    "lapse": ("voted", "withdrawn", CLOCK),
    "appeal": ("served", "appealed", COMPANY),
    "uphold": ("appealed", "effective", CHAIR),
    "lighten": ("appealed", "effective", CHAIR),
    "overturn": ("appealed", "withdrawn", CHAIR),
    "no_appeal": ("served", "effective", CLOCK),
    "ask_repair": ("effective", "-", COMPANY),
    "lift": ("effective", "lifted", OFFICE),
    "deny_repair": ("effective", "-", OFFICE),
    "expire": ("effective", "lifted", CLOCK),
}


def test_the_table_and_the_matrix_name_the_same_steps():
    assert set(STEPS) == set(DISCIPLINE.steps)


def test_who_may_take_a_step_in_which_state(world):
    case, actors = world.effective(), {one: world[one] for one in PEOPLE}
    for state in S.values:
        Proceeding.objects.filter(pk=case.pk).update(state=state)
        found = Proceeding.objects.select_related("respondent").get(pk=case.pk)
        for name, (source, target, who) in STEPS.items():
            for person, actor in actors.items():
                try:
                    engine.check(DISCIPLINE, name, found, by=actor)
                    got = True
                except Refusal as refusal:
                    got = refusal.code == "guard"
                    assert refusal.message
                assert got == (state in source.split() and person in who), (name, state, person)
            assert (DISCIPLINE.steps[name].target or "-") == target


def test_the_desks_on_which_a_case_lies(world):
    case = world.defended()
    rows = Turn.objects.filter(case_pk=case.pk, step="vote").values_list("role", "person_key")
    assert set(rows) == {("discipline_panel", world.people[f"panel{n}"].key) for n in range(2, 6)}
    world.vote(case, "censure")
    assert world.people["panel2"].key not in Turn.objects.filter(case_pk=case.pk, step="vote").values_list(
        "person_key", flat=True
    )


def row(case, name):
    return DeadlineRow.objects.filter(case_pk=case.pk, name=name).latest("pk")


@pytest.mark.parametrize(
    ("made", "name", "count", "unit"),
    [
        ("clue", "filing", 5, "working_day"), ("filed", "start", 1, "working_day"), ("investigating", "report", 30, "day"),
        ("proposed", "reply", 10, "working_day"), ("defended", "vote", 10, "working_day"), ("voted", "serve", 5, "working_day"),
        ("voted", "lapse", 30, "day"), ("served", "appeal", 15, "day"), ("appealed", "review", 30, "working_day"),
    ],
)  # fmt: skip
def test_each_period(world, made, name, count, unit):
    found = row(getattr(world, made)(), name)
    assert (found.count, found.unit) == (count, unit)


@pytest.mark.parametrize(
    ("made", "days", "state"), [("proposed", 20, "defended"), ("voted", 31, "withdrawn"), ("served", 16, "effective")]
)
def test_what_time_does_by_itself(world, made, days, state):
    case = getattr(world, made)()
    with later(days - 8):
        clock.take_due()
    case.refresh_from_db()
    assert case.state != state
    with later(days):
        clock.take_due()
        clock.take_due()
    case.refresh_from_db()
    assert case.state == state


def test_an_overdue_clue_is_told_to_the_president(world):
    case = world.clue()
    with later(9):
        clock.take_due()
        clock.take_due()
    assert row(case, "filing").state == "overdue" and case.state == S.CLUE


def test_the_diagram_of_the_readme_is_that_of_the_table():
    text = (Path(conduct.__file__).parent / "README.md").read_text("utf-8")
    assert f"{BEGIN.format(name=DISCIPLINE.name)}\n{mermaid(DISCIPLINE)}\n{END}" in text
