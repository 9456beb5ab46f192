"""Who paid too much for passed-on power gets it back to the cent; nobody is accused by a rounded figure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.kernel.calc.problems import Problem
from wuxie.rooms.resale.law import resale


def meter(name, kwh, price, klass="commercial", **more):
    return {"id": name, "kwh": kwh, "price": price, "class": klass, **more}


def shared(meters, kwh="1000", bill="700.00", **more):
    return resale({"mode": "share", "grid": {"kwh": kwh, "bill": bill}, "meters": meters, **more})


def by_class(meters, kwh="1000", **more):
    return resale({"mode": "class", "grid": {"kwh": kwh, "bill": "0"}, "meters": meters, **more})


def test_sharing_more_than_the_bill_is_red_and_goes_back_by_energy():
    answer = shared([meter("m1", "300", "0.85"), meter("m2", "660", "0.85")])

    assert answer == {
        "verdict": "red", "allowed_price": "0.7292", "charged": "816.00", "over": "116.00", "loss": "0.0400",
        "refunds": [{"id": "m1", "amount": "36.25"}, {"id": "m2", "amount": "79.75"}],
    }  # fmt: skip


def test_a_bill_that_is_just_covered_is_green_and_a_hair_above_it_is_red_without_a_refund():
    assert shared([meter("m1", "1000", "0.7")])["verdict"] == "green"
    answer = shared([meter("m1", "1000", "0.700001")])
    assert (answer["verdict"], answer["over"], answer["refunds"]) == ("red", "0.00", [])
    assert shared([meter("m1", "1000", "0.1")])["over"] == "0.00"


def test_a_high_loss_or_mixed_classes_are_amber_by_exact_figures():
    assert shared([meter("m1", "950", "0.1")])["verdict"] == "green"
    assert shared([meter("m1", "949.9999", "0.1")]) == {
        "verdict": "amber", "allowed_price": "0.7368", "charged": "95.00", "over": "0.00", "loss": "0.0500", "refunds": [],
    }  # fmt: skip
    assert shared([meter("m1", "900", "0.1")], amber_loss="0.1")["verdict"] == "green"
    assert shared([meter("m1", "500", "0.1"), meter("m2", "500", "0.1", "household")])["verdict"] == "amber"


def test_by_class_each_meter_is_judged_by_its_own_price_and_nobody_pays_for_a_neighbour():
    answer = by_class([
        meter("m1", "100", "0.70", allowed="0.60"), meter("m2", "800", "0.50", allowed="0.60"),
        meter("m3", "100", "0.6333", allowed="0.60"),
    ])  # fmt: skip

    assert (answer["verdict"], answer["allowed_price"], answer["over"]) == ("red", None, "13.33")
    assert answer["refunds"] == [{"id": "m1", "amount": "10.00"}, {"id": "m3", "amount": "3.33"}]


def test_a_tolerated_mark_up_raises_the_class_price_and_does_nothing_to_a_shared_bill():
    meters = [meter("m1", "1000", "0.66", allowed="0.60")]
    assert by_class(meters)["verdict"] == "red"
    assert by_class(meters, loss_cap="0.1")["verdict"] == "green"
    assert shared([meter("m1", "1000", "0.75")], loss_cap="0.5")["over"] == "50.00"


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"mode": "flat"}, "range", "$.mode"),
        ({"grid": {"kwh": "0", "bill": "1"}}, "range", "$.grid.kwh"),
        ({"grid": {"kwh": "99", "bill": "1"}}, "range", "$.grid.kwh"),
        ({"grid": {"kwh": "100", "bill": "1.001"}}, "range", "$.grid.bill"),
        ({"grid": {"kwh": 100, "bill": "1"}}, "type", "$.grid.kwh"),
        ({"meters": []}, "empty", "$.meters"),
        ({"meters": [meter("m1", "0", "1")]}, "range", "$.meters"),
        ({"meters": [meter("m1", "1", "1"), meter("m1", "1", "1")]}, "duplicate", "$.meters[1].id"),
        ({"meters": [meter("m1", "1", "1", "")]}, "range", "$.meters[0].class"),
        ({"meters": [meter("m1", "1 kWh", "1")]}, "type", "$.meters[0].kwh"),
        ({"mode": "class"}, "missing", "$.meters[0].allowed"),
        ({"loss_cap": "-0.1"}, "range", "$.loss_cap"),
        ({"least": "1"}, "unknown_key", "$.least"),
    ],
)
def test_what_is_refused_names_its_place(change, code, path):
    document = {"mode": "share", "grid": {"kwh": "100", "bill": "70"}, "meters": [meter("m1", "100", "0.7")]}
    with pytest.raises(Problem) as refused:
        resale(document | change)

    assert (refused.value.code, refused.value.path) == (code, path)


hundredths = st.integers(0, 10**6).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")


@given(st.lists(st.tuples(hundredths, hundredths, hundredths), min_size=1, max_size=20))
def test_refunds_are_exactly_what_was_charged_too_much_and_go_to_those_who_overpaid(rows):
    meters = [meter(str(place), kwh, price, allowed=allowed) for place, (kwh, price, allowed) in enumerate(rows)]
    answer = by_class(meters, kwh="99999999")
    exact = {
        one["id"]: Fraction(one["kwh"]) * max(Fraction(one["price"]) - Fraction(one["allowed"]), 0) for one in meters
    }

    assert sum(Fraction(row["amount"]) for row in answer["refunds"]) == Fraction(answer["over"])
    assert all(exact[row["id"]] > 0 for row in answer["refunds"])
    assert abs(Fraction(answer["over"]) - sum(exact.values())) <= Fraction(1, 200)
    assert (answer["verdict"] == "red") == (sum(exact.values()) > 0)


def plainly(mode, bill, main, rows):
    """The letter of the contract once more, in decimals and one cent at a time; rows of (kWh, price, allowed)."""
    used, charged = sum(row[0] for row in rows), sum(row[0] * row[1] for row in rows)
    own = [row[0] if mode == "share" else row[0] * max(row[1] - row[2], Decimal(0)) for row in rows]
    over = max(charged - bill, Decimal(0)) if mode == "share" else sum(own)
    cents = int(at(over, "0.01") * 100)
    owed = [cents * one / sum(own) if over else Decimal(0) for one in own]
    given = [int(one) for one in owed]
    while sum(given) < cents:  # the next cent goes where most of one is still owed, to the first of several
        most = max(range(len(own)), key=lambda place: (owed[place] - given[place], -place))
        given[most] += 1
    return {
        "verdict": "red" if over else "amber" if main - used > main * Decimal("0.05") else "green",
        "allowed_price": str(at(bill / used, "0.0001")) if mode == "share" else None,
        "charged": str(at(charged, "0.01")), "over": str(at(over, "0.01")), "loss": str(at((main - used) / main, "0.0001")),
        "refunds": [{"id": str(place), "amount": f"{one // 100}.{one % 100:02d}"} for place, one in enumerate(given) if one],
    }  # fmt: skip


def at(value, places):
    return Decimal(value).quantize(Decimal(places), ROUND_HALF_UP)


@given(
    st.sampled_from(["share", "class"]),
    st.integers(0, 10**7),
    st.lists(st.tuples(hundredths, hundredths, hundredths), min_size=1, max_size=12),
)
def test_a_second_implementation_says_the_same_of_every_random_month(mode, bill, rows):
    rows = [("1.00", *rows[0][1:]), *rows[1:]]
    numbers = [tuple(map(Decimal, row)) for row in rows]
    main = sum(row[0] for row in numbers) + 7
    meters = [meter(str(place), kwh, price, allowed=allowed) for place, (kwh, price, allowed) in enumerate(rows)]
    paid = f"{bill // 100}.{bill % 100:02d}"
    with localcontext(prec=60):
        expected = plainly(mode, Decimal(paid), main, numbers)
    assert resale({"mode": mode, "grid": {"kwh": str(main), "bill": paid}, "meters": meters}) == expected


@pytest.mark.parametrize(
    ("kwh", "charged", "allowed", "over"),
    [("1101921.9", "0.0521", "0", "57410.13"), ("193335", "0.6818", "0.6323", "9570.08")],
)
def test_the_two_cases_of_wenzhou_by_the_unit(kwh, charged, allowed, over):
    """温州 2021: 1,101,921.9 kWh, 5.21 fen each too much; 193,335 kWh at 0.6818 where 0.6323 was allowed."""
    assert by_class([meter("m1", kwh, charged, allowed=allowed)], kwh=kwh)["over"] == over


def test_the_case_of_wenzhou_by_the_whole_bill():
    """温州 2021: received 1,209,840 yuan, paid to the grid 835,438.59."""
    answer = shared([meter("m1", "1209840", "1")], kwh="1209840", bill="835438.59")
    assert (answer["verdict"], answer["over"]) == ("red", "374401.41")
