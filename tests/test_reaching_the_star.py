"""What owners decide about fee, fund, power and boards reaches the star: each kind that a shipped standard reads, and the act that makes it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest

from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.trust import Trust
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.standards.document import Standard, for_cycle, load, load_yaml
from wuxie.kernel.workflow import clock
from wuxie.rooms.conduct import credit
from wuxie.rooms.fees.actions import disclosing, findings
from wuxie.rooms.fees.models import Disclosure
from wuxie.rooms.fees.tests import factories as fees
from wuxie.rooms.fund.actions import works
from wuxie.rooms.fund.tests import factories as fund
from wuxie.rooms.rating.reading import Now
from wuxie.rooms.rating.standards import DEMONSTRATION
from wuxie.rooms.resale.actions import months
from wuxie.rooms.resale.tests import factories as resale

pytestmark = pytest.mark.django_db
DAY = datetime.date
OURS = ("fund.", "fee.", "disclosure.", "power.")
BEGUN, JUDGED = DAY(2027, 3, 10), DAY(2027, 8, 31)


def read(standard: Standard) -> set[str]:
    """The kinds of these rooms that a standard reads, without their variants."""
    return {kinds.get(code).code for code in standard.kinds if code.startswith(OURS)}


def shipped() -> Standard:
    window = {"start": DAY(2026, 9, 1), "end": DAY(2027, 8, 31), "cutoff": DAY(2027, 9, 30)}
    return load(for_cycle(load_yaml(DEMONSTRATION.read_bytes()), **window, klass="new_residential"))


def misused() -> Any:
    """A district enters from its paper that the fund was misused."""
    world = fund.World()
    works.misuse(
        world.building_now(), by=world["district"], number="罚〔2027〕1号", text="虚报工程量套取", file=fund.PDF
    )
    return world.project


def _found(kind: str) -> Any:
    world = fees.World()
    findings.enter(
        world.project,
        by=world["district"],
        kind=kind,
        number="川住罚〔2027〕3号",
        words="停水催费",
        found_on=DAY(2027, 3, 1),
        file=fees.PDF,
    )
    return world.project


def cut_off() -> Any:
    """A district enters that water was cut to collect."""
    return _found("fee.utility_cut_to_collect")


def raised() -> Any:
    """A district enters that a fee was raised without the owners."""
    return _found("fee.unlawful_increase")


def not_given_back() -> Any:
    """The association finds too much charged for power; the days to give it back run out."""
    world = resale.World()
    month = resale.submitted(world.account, price=10_000)
    with frozen(today() + datetime.timedelta(days=20)):
        month.refresh_from_db()
        months.confirm(month, by=world["office"])
    with frozen(today() + datetime.timedelta(days=90)):
        clock.take_due()
    return world.project


def hung() -> Any:
    """All boards of a quarter hang in time, somebody of the owners' side sees them, and the day on which they were due goes by."""
    world = fees.World()
    with frozen(DAY(2027, 4, 2)):
        disclosing.lay_down(today())
        for row in Disclosure.objects.all():
            disclosing.publish(row, by=world["manager"], file=fees.shot())
            disclosing.confirm(row, by=world["member"])
    with frozen(DAY(2027, 4, 16)):
        disclosing.count_due(today())
    return world.project


@dataclass(frozen=True)
class Way:
    """An act, and what the star then says: vetoes that hold, or points of an indicator."""

    act: Callable[[], Any]
    vetoes: tuple[str, ...] = ()
    points: tuple[str, str] = ("", "")


#: Every kind of these rooms that the star reads → the act that makes it, and what it does there.
STAR = {
    "fund.misuse": Way(misused, vetoes=("V2",)),
    "fee.utility_cut_to_collect": Way(cut_off, vetoes=("V7",)),
    "power.overcharge_unrefunded": Way(not_given_back, vetoes=("V7",)),
    "disclosure.required": Way(hung, points=("C4", "3")),
    "disclosure.published_on_time": Way(hung, points=("C4", "3")),
}
#: The same for the lines of credit.
CREDIT = {"fund.misuse": misused, "fee.utility_cut_to_collect": cut_off, "fee.unlawful_increase": raised}


def test_every_kind_that_is_read_has_an_act_that_makes_it() -> None:
    assert read(shipped()) == set(STAR)
    assert {kind for kind in (str(one.get("kind", "")) for one in credit.lines()) if kind.startswith(OURS)} == set(
        CREDIT
    )


@pytest.mark.parametrize(
    "kind", ["fund.misuse", "fee.utility_cut_to_collect", "power.overcharge_unrefunded", "disclosure.published_on_time"]
)
def test_what_was_done_reaches_the_star(city: Any, kind: str) -> None:
    way = STAR[kind]
    with frozen(BEGUN), print_later():
        project = way.act()
    with frozen(JUDGED):
        result = Now(shipped(), project, today()).result
    assert way.vetoes == result.vetoes
    if way.points[0]:
        earned = result.indicator(way.points[0]).raw
        assert earned is not None and Fraction(*earned) == Fraction(way.points[1])
    else:
        assert result.stars == 0


@pytest.mark.parametrize("kind", CREDIT)
def test_what_is_held_against_the_company_stands_on_its_record(city: Any, kind: str) -> None:
    with frozen(BEGUN), print_later():
        project = CREDIT[kind]()
    fact = Fact.objects.get(kind=kind)
    assert {project.key, project.company.key} == {
        fact.subject,
        *fact.also_counts_for,
    } and fact.trust == Trust.AUTHORITY_DOCUMENT
