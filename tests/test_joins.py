"""What crosses rooms: a repair asks its owners in the room of votes, and hears what they decided."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from wuxie.kernel.access.actor import THE_CLOCK
from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.facts import ledger
from wuxie.kernel.jobs import outbox
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.workflow import clock
from wuxie.rooms.assembly import facts
from wuxie.rooms.assembly.actions import decisions as votes
from wuxie.rooms.assembly.actions import roll
from wuxie.rooms.assembly.models import Decision
from wuxie.rooms.assembly.words import Organiser
from wuxie.rooms.conduct.actions import judging
from wuxie.rooms.conduct.tests import factories as conduct
from wuxie.rooms.fund.models import Repair
from wuxie.rooms.fund.tests.factories import World
from wuxie.rooms.fund.words import Stuck

pytestmark = pytest.mark.django_db
S = Repair.State


@pytest.fixture
def world(city: Any) -> Iterator[World]:
    with frozen(datetime.date(2027, 3, 10)), print_later():
        yield World()


def asked(world: World) -> tuple[Repair, Decision]:
    case = world.voting()
    outbox.drain_all()
    return case, Decision.objects.get(source=f"repair:{case.pk}")


def drawn(world: World, decision: Decision) -> None:
    """The committee takes it up and draws its roll."""
    votes.take_up(decision, by=world["member"], organiser=Organiser.COMMITTEE)
    roll.draw(decision, by=world["member"])


def decided(decision: Decision, *, passed: bool, quorate: bool = True) -> None:
    """The vote has run its course; its own room tries that."""
    kind = facts.CARRIED if passed else facts.NOT_CARRIED
    ledger.announce(
        kind.code, decision.estate.key, occurred_on=today(), by=THE_CLOCK.key, source=f"decision:{decision.pk}/item/1/1",
        details={
            "case": f"decision:{decision.pk}", "estate": str(decision.estate_id), "item": "1", "matter": "fund_use",
            "passed": "yes" if passed else "no", "quorate": "yes" if quorate else "no", "source": decision.source,
        },
    )  # fmt: skip
    outbox.drain_all()


def test_a_repair_asks_exactly_the_owners_in_its_scope_once(world: World) -> None:
    case, decision = asked(world)
    assert (decision.state, decision.estate_id) == (Decision.State.PROPOSED, case.project.estate_id)
    assert [(one.matter, one.title) for one in decision.items.all()] == [
        ("fund_use", f"{case.title}：{case.scope_label}，18,600 元")
    ]
    drawn(world, decision)
    assert set(decision.entries.values_list("unit", flat=True)) == set(case.shares.values_list("unit", flat=True))
    outbox.drain_all()
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("passed", "quorate", "state"), [(True, True, S.APPROVED), (False, True, S.REJECTED), (False, False, S.STUCK)]
)
def test_the_repair_hears_what_was_decided(world: World, passed: bool, quorate: bool, state: str) -> None:
    case, decision = asked(world)
    drawn(world, decision)
    decided(decision, passed=passed, quorate=quorate)
    case.refresh_from_db()
    assert (case.state, case.vote_reference) == (state, f"decision:{decision.pk}")
    assert case.stuck == (Stuck.QUORUM if state == S.STUCK else "")


def test_what_others_were_asked_decides_nothing_here(world: World) -> None:
    case, decision = asked(world)
    drawn(world, decision)
    decision.entries.first().delete()
    decided(decision, passed=True)
    case.refresh_from_db()
    assert case.state == S.VOTING, "a door less: the result is another electorate's"


def test_a_result_entered_from_paper_stands(world: World) -> None:
    case, decision = asked(world)
    drawn(world, decision)
    world.result(case)
    decided(decision, passed=False)
    case.refresh_from_db()
    assert case.state == S.APPROVED


def test_who_is_expelled_is_no_member_any_more(city: Any) -> None:
    with frozen(datetime.date(2027, 3, 10)), print_later():
        house = conduct.World()
        case = house.defended(measure="expel", wants_hearing=True)
        judging.hear(case, by=house["panel2"], note="", file=conduct.PDF)
        house.vote(case, "expel", "expel", "expel")
        judging.count(case, by=house["office"])
        judging.serve(case, by=house["office"], served_how="hand", served_on=today(), file=conduct.PDF, answer="不采纳")
        with conduct.later(16):
            clock.take_due()
            outbox.drain_all()
        house.membership.refresh_from_db()
        assert house.membership.left_on == datetime.date(2027, 3, 26)
