"""Money by hand: what an item costs an estate and a household, and which visits could be one."""

from __future__ import annotations

from fractions import Fraction

import pytest

from wuxie.kernel.amounts import between, yuan
from wuxie.rooms.inspections import burden
from wuxie.rooms.inspections.actions import cases, obligations
from wuxie.rooms.inspections.models import Obligation
from wuxie.rooms.safety.actions.lists import keep_profile

from .factories import DAY, duty

pytestmark = pytest.mark.django_db

TODAY = DAY(2027, 1, 4)


@pytest.fixture
def fitted(world):
    keep_profile(world.project, by=world["admin"], equipment={"fire_pump": 1})
    return world


@pytest.mark.parametrize(("label", "visits", "least", "most"), [
    ("电梯维护保养", Fraction(2 * 365, 15), 2 * 250_000, 2 * 600_000),  # by the lift and year
    ("电梯应急救援演练", 4, 0, 4 * 100_000),
    ("消防设施维护保养", 12, 12 * 30_000 * 30, 12 * 30_000 * 120),  # 30,000 m² each month
    ("消防演练", 2, 0, 2 * 200_000),
])  # fmt: skip
def test_what_duties_and_drills_see_to_costs_money_all_the_same_and_opens_no_case(fitted, label, visits, least, most):
    fitted.lift()
    fitted.lift()
    found = line(fitted, label)
    assert (found.visits, found.least, found.most) == (visits, least, most)
    assert not Obligation.objects.filter(label=label).exists()


def test_maintenance_of_what_is_not_there_costs_nothing(world):
    assert not {"电梯维护保养", "消防设施维护保养"} & {one.label for one in burden.of(world.project).lines}


def line(world, label):
    return next(one for one in burden.of(world.project).lines if one.label == label)


def test_a_price_by_the_piece_is_counted_by_the_pieces(world):
    world.lift(kind="safety_valve", code="阀", quantity=4, last_on=DAY(2026, 6, 1))
    found = line(world, "安全阀校验")
    assert (found.visits, found.least, found.most) == (1, 4 * 5000, 4 * 20000)


def test_a_price_by_the_metre_takes_the_area_of_the_estate(world):
    keep_profile(world.project, by=world["admin"], equipment={"fire_pump": 1})
    obligations.refresh([world.project])
    row = Obligation.objects.select_related("project__estate", "asset").get(item="IN-07")
    assert burden.cost_of(row) == (30_000 * 100, 30_000 * 300), "30,000 m² at one to three yuan"


def test_a_lift_is_averaged_over_its_years(world):
    world.lift()
    found = line(world, "电梯定期检验")
    # 2027, 2029, 2031, 2033, 2035, 2036 within ten years from June 2027
    assert found.visits == Fraction(6, 10) and (found.least, found.most) == (30000, 72000)


def test_an_agreed_price_takes_the_place_of_the_range(world):
    lift = world.lift()
    case = cases.open_now(duty(lift), by=world["manager"])
    cases.book(case, by=world["manager"], agency="川检", licence="TS1", price=66600, visit_on=DAY(2027, 3, 1))
    found = line(world, "电梯定期检验")
    assert found.least == found.most == 39960


def test_a_household_pays_its_part_to_the_cent(world):
    made = burden.Burden(300)
    assert made.per_household(100_000) == 333 and made.per_household(0) == 0
    assert burden.Burden(0).per_household(5) is None


def test_visits_of_one_kind_of_agency_within_thirty_days_could_be_one(world):
    world.lift(kind="gauge", code="表1", base_on=DAY(2026, 3, 1), last_on=DAY(2026, 9, 1))  # March and September
    world.lift(kind="gas_alarm", code="警1", base_on=DAY(2025, 3, 20), last_on=DAY(2026, 3, 20))  # 20 March
    world.lift(kind="gas_alarm", code="警2", base_on=DAY(2025, 5, 20), last_on=DAY(2026, 5, 20))
    made = burden.of(world.project).merges
    assert [(one.agency, one.first, one.last, one.saved) for one in made] == [
        ("metrology", DAY(2027, 3, 1), DAY(2027, 3, 20), 1)
    ]


def test_what_comes_every_month_is_never_merged_with_itself(fitted):
    obligations.refresh([fitted.project])
    for item, last in (
        ("IN-36", DAY(2026, 12, 10)),
        ("IN-37", DAY(2026, 9, 21)),
    ):  # pests monthly, waste each September
        row = Obligation.objects.get(project=fitted.project, item=item)
        obligations.put(row, obligations.dates(row.spec, None, last))
        row.save()
    assert [(one.first, one.last, one.saved) for one in burden.of(fitted.project).merges] == [
        (DAY(2027, 9, 10), DAY(2027, 9, 21), 1)
    ]


def test_money_as_people_read_it():
    assert (yuan(120000), yuan(150), between(50000, 120000), between(7, 7)) == (
        "1,200 元",
        "1.50 元",
        "500–1,200 元",
        "0.07 元",
    )
