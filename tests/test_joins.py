"""What crosses rooms: repairs and changes of fee ask owners and hear their word; a hazard opens a repair and sees its guard."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from wuxie.kernel.access.actor import THE_CLOCK
from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.jobs import outbox
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.workflow import clock, engine
from wuxie.kernel.workflow.models import DeadlineRow
from wuxie.rooms.assembly import facts
from wuxie.rooms.assembly.actions import question as votes
from wuxie.rooms.assembly.actions import roll
from wuxie.rooms.assembly.models import Decision
from wuxie.rooms.assembly.words import Organiser
from wuxie.rooms.conduct.actions import judging
from wuxie.rooms.conduct.tests import factories as conduct
from wuxie.rooms.fees.actions import deciding, keeping
from wuxie.rooms.fees.models import Adjustment
from wuxie.rooms.fees.tests import factories as fees
from wuxie.rooms.fund.actions import reporting as dangers
from wuxie.rooms.fund.models import Repair
from wuxie.rooms.fund.tests.factories import World, shot
from wuxie.rooms.fund.words import Stuck
from wuxie.rooms.inspections.actions import cases as checkups
from wuxie.rooms.inspections.tests import factories as checks
from wuxie.rooms.safety.actions import reporting as hazards
from wuxie.rooms.safety.actions.library import publish_shipped
from wuxie.rooms.safety.api import LOOSE_FACADE
from wuxie.rooms.safety.api import confirmed as on_safety
from wuxie.rooms.safety.models import Hazard
from wuxie.rooms.safety.tests.hazards import TEN
from wuxie.rooms.safety.tests.hazards import World as Watch
from wuxie.rooms.safety.workflow import HAZARD

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


def decided(decision: Decision, *, passed: bool, quorate: bool = True, matter: str = "fund_use") -> None:
    """The vote has run its course; its own room tries that."""
    kind = facts.CARRIED if passed else facts.NOT_CARRIED
    ledger.announce(
        kind.code, decision.estate.key, occurred_on=today(), by=THE_CLOCK.key, source=f"decision:{decision.pk}/item/1/1",
        details={
            "case": f"decision:{decision.pk}", "estate": str(decision.estate_id), "item": "1", "matter": matter,
            "passed": "yes" if passed else "no", "quorate": "yes" if quorate else "no", "source": decision.source,
        },
    )  # fmt: skip
    outbox.drain_all()


def test_a_lift_that_passed_its_retest_says_that_its_hazard_is_still_open(city: Any, enter: Any) -> None:
    with frozen(datetime.date(2027, 5, 10)), print_later():
        lifts = checks.World()
        publish_shipped()
        case = lifts.inspected(lifts.opened(lifts.lift()), today())
        checkups.failed(case, by=lifts["manager"], failure="制动器卡阻")
        outbox.drain_all()
        hazard = Hazard.objects.get()
        manager = enter(person=lifts.people["manager"])
        assert "还没有销号" not in manager.get(case.get_absolute_url()).content.decode()

        checkups.rectify(case, by=lifts["manager"], remedy="换制动器")
        checkups.passed(case, by=lifts["manager"], report_number="川检-11", file=checks.PDF, inspected_on=today())
        case.asset.refresh_from_db()
        page = manager.get(case.get_absolute_url()).content.decode()
        told = manager.get(hazard.get_absolute_url()).content.decode()
        assert case.asset.stopped_on is None
        assert "还没有销号，现在是“已发现”" in page and "不因此停用" in page and hazard.get_absolute_url() in page
        assert "这件隐患没有跟着销号，现在是“已发现”" in told and case.get_absolute_url() in told

        Hazard.objects.update(state=Hazard.State.CLOSED)
        assert "还没有销号" not in manager.get(case.get_absolute_url()).content.decode()
        assert "没有跟着销号" not in manager.get(hazard.get_absolute_url()).content.decode()


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


# A loose façade: a hazard that was confirmed opens the danger-first step of a repair, and hears that the place is fenced off.


@pytest.fixture
def watch(city: Any) -> Iterator[Watch]:
    with frozen(TEN), print_later():
        yield Watch()


def confirmed(watch: Watch, code: str = LOOSE_FACADE, place: str = "6 栋东山墙") -> Hazard:
    made = watch.assigned(code, place=place, words="瓷砖空鼓，已掉两块")
    outbox.drain_all()
    return made


def events_elsewhere(hazard: Hazard) -> list[tuple[str, str]]:
    found = [one for one in engine.history(HAZARD, hazard) if "elsewhere" in one.data]
    return [(one.data["kind"], one.note) for one in reversed(found)]


def test_a_confirmed_loose_facade_opens_one_dangerous_repair_with_its_two_hours(watch: Watch) -> None:
    hazard = confirmed(watch)
    case = Repair.objects.get()
    assert (case.source, case.state, case.is_dangerous, case.part, case.where) == (
        f"hazard:{hazard.pk}", S.REPORTED, True, "facade", "6 栋东山墙",
    )  # fmt: skip
    assert DeadlineRow.objects.filter(workflow="repair", case_pk=case.pk, name="guard").exists()
    fact = Fact.objects.get(kind="safety.hazard_assigned")
    apply = on_safety(LOOSE_FACADE, dangers.follow_hazard)
    assert apply(fact) is None and Repair.objects.count() == 1, "told twice"


def test_any_other_hazard_opens_none(watch: Watch) -> None:
    confirmed(watch, "HZ-E05")
    assert not Repair.objects.exists()


def test_the_guard_of_the_repair_is_seen_on_the_hazard_once(watch: Watch, enter: Any) -> None:
    hazard = confirmed(watch)
    case = Repair.objects.get()
    dangers.guard(case, by=watch["manager"], photo=shot(), note="围挡、挂网")
    outbox.drain_all()
    hazards.follow_repair(Fact.objects.get(kind="fund.guarded"))
    assert events_elsewhere(hazard) == [("fund.linked", "已立维修，还没有围护"), ("fund.guarded", "围挡、挂网")]
    text = enter(person=watch.people["manager"]).get(hazard.get_absolute_url()).content.decode()
    assert "相关的事" in text and "危险部位已围护" in text and case.get_absolute_url() in text
    text = enter(person=watch.people["electrician"]).get(hazard.get_absolute_url()).content.decode()
    assert "危险部位已围护" in text and case.get_absolute_url() not in text, (
        "a link only for those who may read the repair"
    )


def test_a_repair_that_is_there_already_is_linked_and_not_opened_twice(watch: Watch) -> None:
    case = dangers.report(
        watch.project,
        by=watch["manager"],
        title="东山墙掉砖",
        part="facade",
        where="6 栋东山墙",
        words="掉砖",
        is_dangerous=True,
    )
    dangers.guard(case, by=watch["manager"], photo=shot())
    hazard = confirmed(watch)
    case.refresh_from_db()
    assert Repair.objects.count() == 1 and case.source == f"hazard:{hazard.pk}"
    assert events_elsewhere(hazard) == [("fund.linked", "已有维修，现场已围护")]


def test_a_repair_of_another_place_is_another_matter(watch: Watch) -> None:
    dangers.report(
        watch.project,
        by=watch["manager"],
        title="西墙掉砖",
        part="facade",
        where="6 栋西山墙",
        words="掉砖",
        is_dangerous=True,
    )
    confirmed(watch)
    assert Repair.objects.count() == 2


@pytest.fixture
def charging(city: Any) -> Iterator[fees.World]:
    with frozen(datetime.date(2027, 3, 10)), print_later():
        yield fees.World()


def fee_asked(world: fees.World) -> tuple[Adjustment, Decision]:
    case = world.voting()
    outbox.drain_all()
    return case, Decision.objects.get(source=f"fee_adjustment:{case.pk}")


def test_a_change_of_fee_asks_all_owners_once(charging: fees.World) -> None:
    case, decision = fee_asked(charging)
    assert (decision.state, decision.scope) == (Decision.State.PROPOSED, [])
    (item,) = decision.items.all()
    assert item.matter == "other" and item.title.startswith("物业费调整：执行已公示的物业费调价方案 TJA-")
    assert item.title.endswith("方案 A") and "元" not in item.title, "it leaves the room without a price"
    votes.take_up(decision, by=charging["member"], organiser=Organiser.COMMITTEE)
    roll.draw(decision, by=charging["member"])
    assert set(decision.entries.values_list("unit", flat=True)) == {door.pk for door in charging.doors}


@pytest.mark.parametrize(
    ("passed", "quorate", "state"), [(True, True, "passed"), (False, True, "failed"), (False, False, "failed")]
)
def test_the_change_of_fee_hears_what_was_decided(
    charging: fees.World, passed: bool, quorate: bool, state: str
) -> None:
    case, decision = fee_asked(charging)
    votes.take_up(decision, by=charging["member"], organiser=Organiser.COMMITTEE)
    roll.draw(decision, by=charging["member"])
    decided(decision, passed=passed, quorate=quorate, matter="other")
    case.refresh_from_db()
    assert (case.state, case.vote_reference) == (state, f"decision:{decision.pk}")


def test_where_one_door_was_not_asked_no_fee_is_decided(charging: fees.World) -> None:
    case, decision = fee_asked(charging)
    votes.take_up(decision, by=charging["member"], organiser=Organiser.COMMITTEE)
    roll.draw(decision, by=charging["member"])
    decision.entries.first().delete()
    decided(decision, passed=True, matter="other")
    case.refresh_from_db()
    assert case.state == "voting"


def ended(decision: Decision, kind: Any) -> None:
    """The vote is over before its time; its own room tries that."""
    details = {"case": f"decision:{decision.pk}", "estate": str(decision.estate_id), "source": decision.source}
    ledger.announce(
        kind.code,
        decision.estate.key,
        occurred_on=today(),
        by=THE_CLOCK.key,
        source=f"decision:{decision.pk}/{kind.code}",
        details=details,
    )
    outbox.drain_all()


def test_a_vote_called_off_leads_back_to_publicity(charging: fees.World) -> None:
    case, decision = fee_asked(charging)
    ended(decision, facts.WITHDRAWN)
    case.refresh_from_db()
    assert (case.state, case.chosen) == ("published", None)


def test_an_annulled_vote_brings_the_old_fee_back(charging: fees.World) -> None:
    case, decision = fee_asked(charging)
    votes.take_up(decision, by=charging["member"], organiser=Organiser.COMMITTEE)
    roll.draw(decision, by=charging["member"])
    decided(decision, passed=True, matter="other")
    case.refresh_from_db()
    deciding.sign(case, by=charging["member"], signed_on=today(), file=fees.PDF)
    with frozen(case.effective_on):
        keeping.take_effect(case)
        outbox.drain_all()
        charging.project.refresh_from_db()
        assert charging.project.fee == 20_000
        ended(decision, facts.ANNULLED)
    case.refresh_from_db()
    charging.project.refresh_from_db()
    assert (case.state, charging.project.fee) == ("rolled_back", 16_000)


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
