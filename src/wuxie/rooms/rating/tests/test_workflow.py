"""Every step, in every state, by every person: who may do what, written down once more and independently of the tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.db import transaction

from wuxie.kernel.access.actor import NOBODY, THE_CLOCK
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.diagram import BEGIN, END, mermaid
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms import rating
from wuxie.rooms.rating.models import Application, Assignment, Award, Benefit, Draw, FactDispute, Objection
from wuxie.rooms.rating.workflow import FACT_DISPUTE, STAR_APPLICATION, STAR_BENEFIT, STAR_OBJECTION

from .factories import drafted, put_in

pytestmark = pytest.mark.django_db

COMPANY, SIDE = {"alice"}, {"alice", "manager"}
SECRETARIAT, CITY, CLOCK = {"secretary", "second"}, {"city"}, {"clock"}
PEOPLE = (
    "alice", "manager", "secretary", "second", "president", "city", "district", "street", "community", "owner", "charlie",
    "reviewer1", "reviewer2", "visitor", "clock",
)  # fmt: skip
EVERYONE = set(PEOPLE) - CLOCK

#: step → (from, to, who); ``None`` stays where it is.
APPLICATION = {
    "submit": ("draft", "submitted", SIDE),
    "open_check": ("submitted", "pre_check", SECRETARIAT),
    "ask_supplement": ("pre_check", "need_supplement", SECRETARIAT),
    "supplement": ("need_supplement", "pre_check", SIDE),
    "miss_supplement": ("need_supplement", "not_awarded", CLOCK),
    "pass_check": ("pre_check", "community_opinion", SECRETARIAT),
    "reject": ("pre_check", "not_awarded", SECRETARIAT),
    "give_opinion": ("community_opinion", "scoring", {"community", "street"}),
    "pass_silent": ("community_opinion", "scoring", CLOCK),
    "freeze_snapshot": ("scoring", "review", CLOCK),
    "replace_reviewer": ("review", None, SECRETARIAT | CLOCK),
    "finish_review": ("review", "joint_hearing", {"reviewer1"}),
    "resolve": ("joint_hearing", "publicity", CITY),
    "decline": ("joint_hearing", "not_awarded", CITY),
    "object": ("publicity objection", "objection", EVERYONE),
    "resolve_objection": ("objection", "publicity", SECRETARIAT),
    "rescore": ("publicity objection", None, CLOCK),
    "end_publicity": ("publicity objection", None, CLOCK),
    "award": ("publicity", "awarded", CITY),
    "decline_after_objection": ("publicity", "not_awarded", CITY),
    "withdraw": (
        "submitted pre_check need_supplement community_opinion scoring review joint_hearing publicity", "withdrawn", COMPANY,
    ),
    "discard": ("draft", "withdrawn", SIDE),
    "start_annual_review": ("awarded", "under_review", SECRETARIAT),
    "stop_display": ("awarded", None, CLOCK),
    "veto_fact_arrived": ("awarded", "under_review", CLOCK),
    "keep": ("under_review", "awarded", CITY),
    "downgrade": ("under_review", "downgraded", CITY),
    "revoke": ("under_review", "revoked", CITY),
    "return_plaque": ("revoked", "closed", COMPANY),
    "take_lower_star": ("downgraded", "awarded", CLOCK),
    "expire": ("awarded under_review", "expired", CLOCK),
    "appeal": ("not_awarded downgraded revoked", "appealed", COMPANY),
    "let_appeal_lapse": ("not_awarded revoked", None, CLOCK),
    "uphold_not_awarded": ("appealed", "not_awarded", CITY),
    "uphold_downgraded": ("appealed", "downgraded", CITY),
    "uphold_revoked": ("appealed", "revoked", CITY),
    "overturn": ("appealed", "awarded", CITY),
}  # fmt: skip
BENEFIT = {
    "schedule": ("promised", "scheduled", CITY),
    "no_budget": ("promised", "blocked", CITY),
    "publish_as_pending": ("promised", None, CLOCK),
    "budget_arrived": ("blocked", "scheduled", CITY),
    "deliver": ("scheduled", "delivered", CITY),
    "confirm": ("delivered", "confirmed", COMPANY),
    "auto_confirm": ("delivered", "confirmed", CLOCK),
    "reverse_on_revoke": ("promised scheduled delivered confirmed blocked", "reversed", CLOCK),
}
OBJECTION = {"uphold": ("received", "upheld", SECRETARIAT), "reject": ("received", "rejected", SECRETARIAT)}
DISPUTE = {
    "uphold": ("opened", "upheld", {"second"}),  # the secretary opened it here
    "reject": ("opened", "rejected", {"second"}),
    "withdraw": ("opened", "withdrawn", SIDE),
    "expire": ("opened", "expired", CLOCK),
}


@pytest.fixture
def people(world):
    found = {name: world[name] for name in PEOPLE if name not in ("visitor", "clock")}
    return {**found, "visitor": NOBODY, "clock": THE_CLOCK}


@pytest.fixture
def application(world):
    """A draft for which ``reviewer1`` was drawn."""
    made = drafted(world)
    draw = Draw.objects.create(
        application=made, number=1, seed="x", pool="city", said="", by="clock", at=made.opened_at
    )
    Assignment.objects.create(application=made, reviewer=world.people["reviewer1"], draw=draw)
    return made


@pytest.fixture
def benefit(application):
    put_in(application, "awarded")
    award = Award.objects.create(
        application=application, project=application.project, stars=4, plaque="1", decided_on=today(), valid_from=today(),
        valid_until=today(),
    )  # fmt: skip
    made = Benefit(
        application=application, award=award, kind="plaque", label="授牌", offer="市级授牌", owner_role="gov_city",
        owner_place="5104", owner_label="市", due_on=today(), proof="x", place_code=application.place_code,
    )  # fmt: skip
    return engine.open_case(STAR_BENEFIT, made, by=THE_CLOCK)


@pytest.fixture
def objection(application):
    put_in(application, "objection")
    made = Objection(
        application=application, receipt="1", text="有误", reply="答", by="visitor", place_code=application.place_code
    )
    return engine.open_case(STAR_OBJECTION, made, by=NOBODY)


@pytest.fixture
def dispute(world, application):
    made = FactDispute(
        project=world.project, fact_id="1", fact_kind="ticket.total", reason="有误", reply="答",
        opened_by=world.people["secretary"].key, place_code=application.place_code,
    )  # fmt: skip
    return engine.open_case(FACT_DISPUTE, made, by=world["alice"])


def everything(table, case, name, expected, people, monkeypatch):
    """Try one step in every state by every person; whoever may, does; nobody else changes anything."""
    sources, target, who = expected[name]
    step = table.steps[name]
    # Guards and papers have tests of their own; deadlines would ask for dates that a case laid into a state lacks.
    monkeypatch.setitem(table.steps, name, replace(step, needs=(), papers=(), then=()))
    allowed, tried = set(), 0
    for state in table.model.State.values:
        for person, actor in people.items():
            tried += 1
            with transaction.atomic():
                put_in(case, state)
                events, facts = Event.objects.count(), Fact.objects.count()
                try:
                    engine.take(table, name, case, by=actor)
                    allowed.add((state, person))
                    assert case.state == (target or state)
                    assert Event.objects.count() == events + 1 and Fact.objects.count() == facts + bool(step.fact)
                except Refusal as refusal:
                    assert refusal.code in ("person", "state") and refusal.message
                    assert (Event.objects.count(), Fact.objects.count()) == (events, facts)
                transaction.set_rollback(True)
    assert allowed == {(state, person) for state in sources.split() for person in who}
    assert tried == len(table.model.State.values) * len(PEOPLE)


@pytest.mark.parametrize("name", STAR_APPLICATION.steps)
def test_each_step_of_an_application_by_each_person_in_each_state(name, application, people, monkeypatch):
    everything(STAR_APPLICATION, application, name, APPLICATION, people, monkeypatch)


@pytest.mark.parametrize("name", STAR_BENEFIT.steps)
def test_each_step_of_a_benefit_by_each_person_in_each_state(name, benefit, people, monkeypatch):
    everything(STAR_BENEFIT, benefit, name, BENEFIT, people, monkeypatch)


@pytest.mark.parametrize("name", STAR_OBJECTION.steps)
def test_each_step_of_an_objection_by_each_person_in_each_state(name, objection, people, monkeypatch):
    everything(STAR_OBJECTION, objection, name, OBJECTION, people, monkeypatch)


@pytest.mark.parametrize("name", FACT_DISPUTE.steps)
def test_each_step_of_a_dispute_by_each_person_in_each_state(name, dispute, people, monkeypatch):
    everything(FACT_DISPUTE, dispute, name, DISPUTE, people, monkeypatch)


def test_the_tables_have_no_step_that_is_not_written_down_here():
    for table, expected in (
        (STAR_APPLICATION, APPLICATION), (STAR_BENEFIT, BENEFIT), (STAR_OBJECTION, OBJECTION), (FACT_DISPUTE, DISPUTE),
    ):  # fmt: skip
        assert set(table.steps) == set(expected)


def test_every_state_of_an_application_is_reached_by_some_step():
    reached = {str(step.target) for step in STAR_APPLICATION.steps.values() if step.target}
    assert reached | {"draft"} == set(Application.State.values)


@pytest.mark.parametrize(
    "table", [STAR_APPLICATION, STAR_BENEFIT, STAR_OBJECTION, FACT_DISPUTE], ids=lambda one: one.name
)
def test_the_diagram_in_the_readme_is_the_table(table):
    text = (Path(rating.__file__).parent / "README.md").read_text()
    assert f"{BEGIN.format(name=table.name)}\n{mermaid(table)}\n{END}" in text
