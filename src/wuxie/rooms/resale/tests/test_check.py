"""The judgement of a month: known cases with their figures, and every thing that a check may find."""

from __future__ import annotations

from fractions import Fraction as F

import pytest

from wuxie.kernel.calc.problems import Problem
from wuxie.rooms.resale import check
from wuxie.rooms.resale.check import Band, Branch, Grid, Terms, Use, judge
from wuxie.rooms.resale.law import resale

TENTH = F(1, 10)


def month(own, terminal, price, *, amount="68000", mode="class", cap=None, refunds=0, surcharge="0", **known):
    grid = Grid(F(100_000), F(amount), F(refunds))
    uses = [Use("o", "own", F(own)), Use("t", "tenant", F(terminal), price=F(price), surcharge=F(surcharge))]
    return judge(grid, uses, Terms(mode, cap=cap), **known)


def codes(judged):
    return [one.code for one in judged.findings]


#: own, terminal, price, mode, cap, amount, refunds → verdict, allowed to four places, excess to two, what is found.
CASES = {
    "at the price of purchase": ((25000, 70000, "0.68", "class", None, 68000, 0), ("compliant", "0.6800", "0.00", [])),
    "one yuan flat": (
        (35000, 60000, "1.00", "class", None, 68000, 0),
        ("suspected", "0.6800", "19,200.00", ["overcharge", "own_spread"]),
    ),
    "losses as they were": ((25000, 70000, "0.7158", "share", TENTH, 68000, 0), ("compliant", "0.7158", "0.74", [])),
    "all of a high loss": (
        (20000, 65000, "0.80", "share", TENTH, 68000, 0),
        ("suspected", "0.7480", "3,380.00", ["overcharge", "high_loss", "loss_above_cap"]),
    ),
    "own use on the users, the bill covered": (
        (25000, 70000, "0.9714", "share", TENTH, 68000, 0),
        ("suspected", "0.7158", "17,892.74", ["overcharge", "own_spread"]),
    ),
    "a refund kept": (
        (25000, 70000, "0.68", "class", None, 68000, 3000),
        ("suspected", "0.6500", "2,100.00", ["overcharge", "refund_kept"]),
    ),
    "a negative loss": (
        (25000, 78000, "0.68", "class", None, 68000, 0),
        ("needs_review", "0.6800", "0.00", ["negative_loss"]),
    ),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_known_cases(name):
    (own, terminal, price, mode, cap, amount, refunds), (verdict, allowed, excess, found) = CASES[name]
    judged = month(own, terminal, price, mode=mode, cap=cap, amount=amount, refunds=refunds)
    assert (judged.verdict, check.price(judged.allowed), check.yuan(judged.excess), codes(judged)) == (
        verdict,
        allowed,
        excess,
        found,
    )


def test_a_fee_by_kwh_is_a_mark_up():
    judged = month(25000, 70000, "0.68", surcharge="8400")
    assert judged.verdict == "suspected" and check.yuan(judged.excess) == "8,400.00" and "surcharge" in codes(judged)
    assert judged.refunds() == {"t": 840_000}


def test_the_two_loss_rates_are_not_the_same():
    judged = month(25000, 70000, "0.68")
    assert (check.percent(judged.loss_of_main), check.percent(judged.mark_up)) == ("5.00%", "5.26%")


def test_sharing_without_a_cap_is_the_bill_over_all_that_was_metered():
    judged = month(25000, 70000, "0.70", mode="share")
    assert judged.allowed == F(68000, 95000)
    document = {"mode": "share", "grid": {"kwh": "100000", "bill": "68000"}, "amber_loss": "0.05", "loss_cap": "0", "meters": [
        {"id": "o", "kwh": "25000", "price": "0", "class": "commercial"}, {"id": "t", "kwh": "70000", "price": "0.70", "class": "commercial"},
    ]}  # fmt: skip
    assert resale(document)["allowed_price"] == check.price(judged.allowed), "the open calculator says the same"


def test_what_is_within_the_rounding_of_a_price_is_nothing_and_a_hair_more_is_all_of_it():
    assert month(25000, 70000, "0.6805").refunds() == {}
    assert month(25000, 70000, "0.6806").refunds() == {"t": 4_200}


def test_a_mark_up_that_a_paper_allows():
    grid, uses = Grid(F(1000), F(680)), [Use("t", "tenant", F(900), price=F("0.70"))]
    assert judge(grid, uses, Terms("class"), has_own=False).verdict == "suspected"
    assert judge(grid, uses, Terms("class", mark_up=F(3, 100)), has_own=False).verdict == "compliant"


def two_bands(peak, valley):
    grid = Grid(F(1000), F(700), bands={"peak": Band(F(400), F(400)), "valley": Band(F(600), F(200))})
    uses = [
        Use("t", "tenant", F(300), "peak", price=F(peak)), Use("t", "tenant", F(500), "valley", price=F(valley)), Use("o", "own", F(150)),
    ]  # fmt: skip
    return judge(grid, uses, Terms("class"))


def test_by_period_of_the_day_the_average_takes_no_place_of_the_price():
    judged = two_bands("1.10", "0.4333")
    assert judged.verdict == "compliant" and [check.price(line.allowed) for line in judged.lines] == [
        "1.1000",
        "0.4333",
    ]
    averaged = two_bands("0.70", "0.70")
    assert averaged.verdict == "suspected" and "by_band" in codes(averaged)
    assert averaged.refunds() == {"t": 13_333}


def test_the_prices_of_the_periods_make_up_the_whole_bill():
    grid = Grid(F(1000), F(700), bands={"peak": Band(F(400), F(400)), "valley": Band(F(600), F(200))})
    uses = [Use("p", "tenant", F(400), "peak"), Use("v", "tenant", F(600), "valley")]
    assert judge(grid, uses, Terms("class"), has_own=False).due == grid.net


def test_residents_pay_the_price_of_residents_and_mixing_is_said():
    grid = Grid(F(1000), F(680), resident_price=F("0.5224"))
    uses = [
        Use("r", "tenant", F(100), klass="resident", price=F("0.68")), Use("s", "tenant", F(700), price=F("0.68")), Use("o", "own", F(150)),
    ]  # fmt: skip
    judged = judge(grid, uses, Terms("class"))
    assert judged.refunds() == {"r": 1576} and "mixed" in codes(judged)


def test_the_fee_of_a_charging_pile_is_another_service_but_its_power_is_not():
    grid = Grid(F(1000), F(680))
    pile = Use("c", "tenant", F(800), klass="charger", price=F("0.68"), surcharge=F(240))
    own = Use("o", "own", F(150))
    assert judge(grid, [pile, own], Terms("class")).verdict == "compliant"
    assert judge(
        grid, [Use("c", "tenant", F(800), klass="charger", price=F("0.98")), own], Terms("class")
    ).refunds() == {"c": 24_000}


def test_meters_that_contradict_each_other_come_first():
    assert codes(month(0, 70000, "1.00")) == ["own_zero"] and month(0, 70000, "1.00").lines == ()
    assert month(0, 70000, "0.68", has_own=False).verdict == "compliant"
    assert codes(month(0, 0, "0.68")) == ["nothing_metered"]
    fits = [Branch("B1", F(100), F(102))]
    assert month(25000, 70000, "0.68", branches=fits).verdict == "compliant"
    judged = month(25000, 70000, "0.68", branches=[Branch("B1", F(100), F("102.01"))])
    assert codes(judged) == ["negative_branch"] and judged.verdict == "needs_review"


def test_hints_that_accuse_nobody():
    assert codes(month(20000, 70000, "0.68")) == ["high_loss"]
    assert codes(month(5000, 92000, "0.68", usual_own=F(20000))) == ["own_low"]
    grid = Grid(F(1000), F(680), penalty=F(20))
    judged = judge(grid, [Use("t", "tenant", F(800), price=F("0.68")), Use("o", "own", F(160))], Terms("class"))
    assert judged.verdict == "compliant" and codes(judged) == ["penalty"]


def test_every_user_gets_back_to_the_cent_and_nobody_who_paid_right():
    grid = Grid(F(300), F(100))
    uses = [Use(str(n), "tenant", F(1), price=F("0.50") if n < 3 else F("0.3333")) for n in range(290)]
    judged = judge(grid, uses, Terms("class"), has_own=False)
    assert judged.refunds() == {"0": 17, "1": 17, "2": 17}


def test_a_loss_below_nought_is_refused_by_the_calculator_too():
    with pytest.raises(Problem, match="负数"):
        resale(
            {
                "mode": "share",
                "grid": {"kwh": "10", "bill": "7"},
                "meters": [{"id": "a", "kwh": "11", "price": "1", "class": "c"}],
            }
        )


def test_figures_as_people_read_them():
    assert (check.yuan(F(-1, 3)), check.kwh(F(1234567)), check.kwh(F("0.5")), check.percent(F(1, 8))) == (
        "-0.33",
        "1,234,567",
        "0.50",
        "12.50%",
    )
