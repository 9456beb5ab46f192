"""What the pact and the Anti-monopoly Law make of a case: pure arithmetic and words."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.rooms.conduct import law
from wuxie.rooms.conduct.words import NEVER, Charge, Measure

TWO_THIRDS = Fraction(2, 3)
BALLOTS = st.lists(st.sampled_from((law.NONE, *law.LADDER)), max_size=12)


def decide(ballots, entitled=None, most="expel"):
    return law.decide(
        ballots, entitled=len(ballots) if entitled is None else entitled, quorum=TWO_THIRDS, expel=TWO_THIRDS, most=most
    )


def test_the_pact_names_every_charge_and_every_rung():
    assert set(law.pact()["charges"]) == {one.value for one in Charge} - {one.value for one in NEVER}
    assert tuple(law.pact()["measures"]) == law.LADDER == tuple(Measure.values)
    for row in law.pact()["charges"].values():
        assert law.rung(row["least"]) <= law.rung(row["most"])


@pytest.mark.parametrize(
    ("ballots", "entitled", "outcome"),
    [
        (["censure", "censure", "letter"], 4, (True, "censure")),
        (["censure", "letter", "letter"], 4, (True, "letter")),
        (["censure", "letter", "none"], 4, (True, "letter")),
        (["none", "none", "censure"], 4, (True, "none")),
        (["censure", "none"], 2, (True, "none")),  # half is not more than half
        (["expel", "expel", "none"], 3, (True, "expel")),  # two thirds exactly
        (["expel", "expel", "none", "none"], 4, (True, "none")),
        (
            ["expel", "expel", "expel", "suspend", "none"],
            5,
            (True, "suspend"),
        ),  # three of five are too few for the last rung
        (["censure", "censure"], 4, (False, "none")),
        ([], 0, (False, "none")),
    ],
)
def test_what_a_vote_comes_to(ballots, entitled, outcome):
    found = decide(ballots, entitled)
    assert (found.quorate, found.measure) == outcome


@given(BALLOTS, st.sampled_from(law.LADDER))
def test_never_heavier_than_the_company_was_told(ballots, most):
    assert law.rung(decide(ballots, most=most).measure) <= law.rung(most)


@given(BALLOTS, st.data())
def test_a_milder_ballot_never_makes_it_heavier(ballots, data):
    if not ballots:
        return
    at = data.draw(st.integers(0, len(ballots) - 1))
    milder = data.draw(st.sampled_from((law.NONE, *law.LADDER[: law.rung(ballots[at])])))
    changed = [*ballots[:at], milder, *ballots[at + 1 :]]
    assert law.rung(decide(changed).measure) <= law.rung(decide(ballots).measure)


@pytest.mark.parametrize(
    "text",
    [
        "在某小区低价竞争", "报价过低，扰乱市场", "收费低于行业参考价", "恶意压价抢项目", "不按协会统一标准收费", "破坏价格联盟", "低于成本报价中标", "没有参加联合抵制",
        "集体弃标时单独投标",
    ],
)  # fmt: skip
def test_competing_is_no_offence(text):
    assert law.price_charge("disparage", text)


@pytest.mark.parametrize(
    "text", ["合同到期不移交竣工图", "伪造三户业主签名", "擅自提高收费", "辱骂业主并推搡", "散布同行停电的不实信息"]
)
def test_other_charges_are_not_taken_for_it(text):
    assert not law.price_charge("disparage", text)


def test_a_broken_promise_may_name_the_low_bid():
    assert not law.price_charge("promise_breach", "低价中标后减少保洁人员，履约核查属实")
    assert law.price_charge("promise_breach", "联合抵制时没有参加")
    assert law.price_charge("low_price", "")


@pytest.mark.parametrize("text", ["处罚款两万元", "缴纳5000元", "按公约支付违约金"])
def test_money_is_never_demanded(text):
    assert law.fines(text)


def test_likeness_and_consistency():
    assert law.likeness([], []) == 1 and law.likeness(["many"], []) == 0
    assert law.likeness(["many", "money"], ["many"]) == Fraction(1, 2)
    assert law.consistency([("abuse", ["many"], "talk")]) is None
    assert law.consistency(
        [("abuse", ["many"], "talk"), ("abuse", ["many"], "letter"), ("abuse", ["many"], "suspend")]
    ) == Fraction(1, 3)
    assert law.consistency([("abuse", ["many"], "talk"), ("abuse", ["safety"], "suspend")]) is None
    assert (
        not law.departs("censure", [])
        and not law.departs("censure", ["internal"])
        and law.departs("censure", ["talk", "letter"])
    )


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b"]), st.sets(st.sampled_from("xyz")), st.sampled_from(law.LADDER)), max_size=6
    )
)
def test_consistency_is_a_share_and_knows_no_order(cases):
    found = law.consistency(cases)
    assert found is None or 0 <= found <= 1
    assert found == law.consistency(cases[::-1])


@given(st.integers(1, 30), st.data())
def test_a_council_changes_only_with_quorum_and_majority(seats, data):
    present = data.draw(st.integers(0, seats))
    against = data.draw(st.integers(0, present))
    quorate, changes = law.council(seats=seats, present=present, against=against, quorum=TWO_THIRDS)
    assert quorate == (present > 0 and 3 * present >= 2 * seats)
    assert changes == (against > present - against)
